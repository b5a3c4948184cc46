import JSONModel
import KubeClient
import KubeModel
import ObjectStore

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

    /// Appends one line of a watch, with its line break.
    ///
    /// - Parameter isFirst: only the first table of a watch has columns.
    func append(_ notice: WatchNotice, isFirst: Bool, to bytes: inout [UInt8]) throws {
        guard case .object(let kind, let version) = notice else { return appendBookmark(notice, to: &bytes) }
        bytes += "{\"type\":\"\(kind.rawValue)\",\"object\":".utf8
        try append(version, isFirst: isFirst, to: &bytes)
        bytes += "}\n".utf8
    }

    private func appendBookmark(_ notice: WatchNotice, to bytes: inout [UInt8]) {
        guard case .bookmark(let revision, let endsInitialEvents) = notice else { return }
        var json = WatchEvent.bookmark(resourceVersion: String(revision)).json(of: resource)
        if endsInitialEvents {
            json[path: "object", "metadata", "annotations"] = ["k8s.io/initial-events-end": "true"]
        }
        json.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Appends an object as it is sent by itself: what is stored in that form already is copied.
    func append(_ version: ObjectVersion, isFirst: Bool = true, to bytes: inout [UInt8]) throws {
        switch form {
        case .object where version.text.hasPrefix("{\"apiVersion\":\"\(resource.apiVersion)\","):
            bytes += version.text.utf8
        case .object, .metadata: object(try version.object().shown(as: resource)).append(to: &bytes)
        case .table:
            let object = try version.object().shown(as: resource)
            let metadata: JSONValue = ["resourceVersion": .string(object.resourceVersion)]
            table.table([object], metadata: metadata, hasColumns: isFirst).append(to: &bytes)
        }
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
