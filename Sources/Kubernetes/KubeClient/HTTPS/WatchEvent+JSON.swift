package import JSONModel
package import KubeModel

extension WatchEvent {
    /// Reads one line of a watch. An `ERROR` event throws the `Status` it carries.
    package init(json: JSONValue) throws {
        let object = json["object"] ?? .null
        switch json["type"]?.stringValue {
        case "ADDED": self = .added(Object(object))
        case "MODIFIED": self = .modified(Object(object))
        case "DELETED": self = .deleted(Object(object))
        case "BOOKMARK": self = .bookmark(resourceVersion: Object(object).resourceVersion)
        case "ERROR":
            throw Status(json: object) ?? .internalError("the watch failed with \(object.text)")
        case let type:
            throw Status.internalError("the watch sent an event of unknown type \"\(type ?? "")\"")
        }
    }

    /// The line of a watch, without its line break.
    ///
    /// - Parameter resource: what a bookmark calls itself.
    package func json(of resource: Resource) -> JSONValue {
        switch self {
        case .added(let object): ["type": "ADDED", "object": object.json]
        case .modified(let object): ["type": "MODIFIED", "object": object.json]
        case .deleted(let object): ["type": "DELETED", "object": object.json]
        case .bookmark(let resourceVersion):
            [
                "type": "BOOKMARK",
                "object": [
                    "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
                    "metadata": ["resourceVersion": .string(resourceVersion), "creationTimestamp": .null],
                ],
            ]
        }
    }
}
