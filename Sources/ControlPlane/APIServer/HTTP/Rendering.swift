import JSONModel
import KubeClient
import KubeModel

/// Writes objects, lists and events in the form that the client wants.
struct Rendering: Sendable {
    let form: Representation
    let table: TableBuilder

    private var resource: Resource { table.definition.resource }

    func object(_ object: Object) -> JSONValue {
        switch form {
        case .object: object.json
        case .metadata: object.partialMetadata
        case .table:
            table.table([object], metadata: ["resourceVersion": .string(object.resourceVersion)])
        }
    }

    func list(_ list: ObjectList) -> JSONValue {
        switch form {
        case .table: return table.table(list.items, metadata: list.metadata)
        case .metadata:
            return [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": list.metadata,
                "items": .array(list.items.map(\.partialMetadata)),
            ]
        case .object:
            return [
                "kind": "\(resource.kind)List", "apiVersion": .string(resource.apiVersion), "metadata": list.metadata,
                "items": .array(list.items.map(\.json)),
            ]
        }
    }

    /// One line of a watch, with its line break.
    ///
    /// - Parameter isFirst: only the first table of a watch has columns.
    func line(_ event: WatchEvent, isFirst: Bool) -> [UInt8] {
        var json = event.json(of: resource)
        if case .bookmark = event { return Self.line(json) }
        let object = Object(json["object"] ?? .null)
        switch form {
        case .object: break
        case .metadata: json["object"] = object.partialMetadata
        case .table:
            let metadata: JSONValue = ["resourceVersion": .string(object.resourceVersion)]
            json["object"] = table.table([object], metadata: metadata, hasColumns: isFirst)
        }
        return Self.line(json)
    }

    /// The line that tells why a watch ends.
    static func line(_ status: Status) -> [UInt8] { line(["type": "ERROR", "object": status.json]) }

    private static func line(_ json: JSONValue) -> [UInt8] { json.serialized() + [UInt8(ascii: "\n")] }
}

extension ObjectList {
    var metadata: JSONValue {
        var json: JSONValue = ["resourceVersion": .string(resourceVersion)]
        if !continueToken.isEmpty { json["continue"] = .string(continueToken) }
        if let remainingItemCount { json["remainingItemCount"] = .number(JSONNumber(remainingItemCount)) }
        return json
    }
}
