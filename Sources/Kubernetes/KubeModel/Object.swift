package import JSONModel

/// A Kubernetes object as it was given: every field is kept, known or not. Accessors read and write the JSON in place.
package struct Object: Sendable, Hashable {
    package var json: JSONValue

    package init(_ json: JSONValue) { self.json = json }

    package init(_ resource: Resource, namespace: String? = nil, name: String, _ fields: JSONObject = [:]) {
        var object = fields
        object["apiVersion"] = .string(resource.apiVersion)
        object["kind"] = .string(resource.kind)
        json = .object(object)
        self.name = name
        if let namespace { self.namespace = namespace }
    }

    package subscript(keys: String...) -> JSONValue? {
        get { json[keys.map { JSONStep.key($0) }] }
        set { json[keys.map { JSONStep.key($0) }] = newValue }
    }

    package var apiVersion: String { json["apiVersion"]?.stringValue ?? "" }
    package var kind: String { json["kind"]?.stringValue ?? "" }

    package var gvk: GroupVersionKind {
        let parts = apiVersion.split(separator: "/", maxSplits: 1)
        return parts.count == 2
            ? GroupVersionKind(group: String(parts[0]), version: String(parts[1]), kind: kind)
            : GroupVersionKind(group: "", version: apiVersion, kind: kind)
    }

    package var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    package var spec: JSONValue {
        get { json["spec"] ?? [:] }
        set { json["spec"] = newValue }
    }

    package var status: JSONValue {
        get { json["status"] ?? [:] }
        set { json["status"] = newValue }
    }
}
