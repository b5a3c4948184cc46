import FoundationEssentials
import JSONModel
import KubeModel
import YAMLModel

/// One object of every kind, from `Tests/EndToEnd/kinds`: what the end-to-end tests apply with kubectl.
enum KindFixtures {
    static let all: [Object] = {
        do {
            return try ["core", "cluster", "serving"].flatMap { try documents("\($0).yaml") }
        } catch {
            return []
        }
    }()

    private static func documents(_ file: String) throws -> [Object] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "EndToEnd/kinds/\(file)"), encoding: .utf8)
        return try JSONValue.documents(yaml: text).map { Object($0) }
    }
}
