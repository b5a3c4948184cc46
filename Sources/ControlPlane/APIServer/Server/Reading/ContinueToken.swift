import FoundationEssentials
import JSONModel
import KubeModel

/// Where the next page of a list begins, and which state it shows: that of the first page, so that all pages together
/// are one state of the store. Written as kube-apiserver writes its own.
struct ContinueToken: Sendable, Hashable {
    /// `nil` shows the present: for a list whose state is forgotten, and which goes on nevertheless.
    var revision: Int?
    var after: ObjectKey

    init(revision: Int?, after: ObjectKey) {
        self.revision = revision
        self.after = after
    }

    private static let format: JSONValue = "meta.k8s.io/v1"

    /// Throws a 400 for text that this server did not hand out.
    init(_ text: String) throws(Status) {
        guard let bytes = Data(base64Encoded: Self.padded(text)), let json = try? JSONValue(parsing: Array(bytes)),
            json["v"] == Self.format, let revision = json["rv"]?.intValue, revision != 0,
            let key = (json["start"]?.stringValue).flatMap(Self.key)
        else { throw .badRequest("continue key is not valid: take the one that the last page came with") }
        self.init(revision: revision < 0 ? nil : revision, after: key)
    }

    var text: String {
        let json: JSONValue = [
            "v": Self.format, "rv": .number(JSONNumber(revision ?? -1)),
            "start": .string("\(after.namespace ?? "")/\(after.name)"),
        ]
        return Data(json.serialized()).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func padded(_ text: String) -> String {
        text.replacing("-", with: "+").replacing("_", with: "/")
            + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    private static func key(_ text: String) -> ObjectKey? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return ObjectKey(namespace: parts[0].isEmpty ? nil : String(parts[0]), name: String(parts[1]))
    }
}
