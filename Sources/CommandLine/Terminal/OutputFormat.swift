import ArgumentParser
import JSONModel
import YAMLModel

/// `-o`: how objects are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case json, yaml, wide, name

    /// The value as text; `nil` for formats that are tables.
    func render(_ value: JSONValue) throws -> String? {
        switch self {
        case .json: value.prettyPrinted()
        case .yaml: value.yaml()
        case .wide, .name: nil
        }
    }
}
