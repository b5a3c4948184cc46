import FoundationEssentials
import JSONModel
import KubeModel
import Platform
import YAMLModel

/// A manifest's object and where it stands, for messages.
struct ManifestDocument: Sendable {
    var object: Object
    /// `smollm2.yaml, document 2`
    var source: String
}

/// Reads objects from files, folders and standard input.
enum ManifestReader {
    /// - Parameter paths: files, folders (their .yaml, .yml and .json files, sorted), or `-` for standard input.
    static func read(_ paths: [String]) throws -> [ManifestDocument] {
        try paths.flatMap { path -> [ManifestDocument] in
            if path == "-" { return try documents(contents(of: "/dev/stdin"), from: "standard input") }
            return try files(path).flatMap { file in try documents(contents(of: file), from: file) }
        }
    }

    private static func files(_ path: String) throws -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure("\(path): no such file or folder", code: 2)
        }
        guard isFolder else { return [path] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return names.filter { name in [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } }.sorted()
            .map { "\(path)/\($0)" }
    }

    private static func contents(of file: String) throws -> String {
        guard let bytes = FileContents.read(file) else {
            throw CommandFailure("\(file): cannot be read. Check that you may read it.", code: 2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func documents(_ text: String, from source: String) throws -> [ManifestDocument] {
        let values: [JSONValue]
        do { values = try JSONValue.documents(yaml: text) } catch {
            throw CommandFailure("\(source): \(error)", code: 2)
        }
        let present = values.filter { !$0.isNull }
        return present.enumerated().flatMap { index, value -> [ManifestDocument] in
            let place = present.count > 1 ? "\(source), document \(index + 1)" : source
            let isList = value["kind"]?.stringValue == "List"
            let objects = isList ? value["items"]?.arrayValue ?? [] : [value]
            return objects.map { ManifestDocument(object: Object($0), source: place) }
        }
    }
}
