package import JSONModel

extension Object {
    private func metadata(_ key: String) -> String? { json[path: "metadata", key]?.stringValue }

    private mutating func setMetadata(_ key: String, _ value: String?) {
        json[path: "metadata", key] = value.map { .string($0) }
    }

    package var name: String {
        get { metadata("name") ?? "" }
        set { setMetadata("name", newValue) }
    }

    package var generateName: String? { metadata("generateName") }

    package var namespace: String? {
        get { metadata("namespace") }
        set { setMetadata("namespace", newValue) }
    }

    package var uid: String {
        get { metadata("uid") ?? "" }
        set { setMetadata("uid", newValue) }
    }

    /// Empty where the object was never stored.
    package var resourceVersion: String {
        get { metadata("resourceVersion") ?? "" }
        set { setMetadata("resourceVersion", newValue.isEmpty ? nil : newValue) }
    }

    /// 0 where the object has none.
    package var generation: Int {
        get { json[path: "metadata", "generation"]?.intValue ?? 0 }
        set { json[path: "metadata", "generation"] = .number(JSONNumber(newValue)) }
    }

    /// RFC 3339, as stored.
    package var creationTimestamp: String? {
        get { metadata("creationTimestamp") }
        set { setMetadata("creationTimestamp", newValue) }
    }

    package var deletionTimestamp: String? {
        get { metadata("deletionTimestamp") }
        set { setMetadata("deletionTimestamp", newValue) }
    }

    package var isBeingDeleted: Bool { deletionTimestamp != nil }

    package var labels: [String: String] {
        get { strings(at: "labels") }
        set { setStrings(newValue, at: "labels") }
    }

    package var annotations: [String: String] {
        get { strings(at: "annotations") }
        set { setStrings(newValue, at: "annotations") }
    }

    package var finalizers: [String] {
        get { json[path: "metadata", "finalizers"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        set {
            json[path: "metadata", "finalizers"] = newValue.isEmpty ? nil : .array(newValue.map { .string($0) })
        }
    }

    package var ownerReferences: [OwnerReference] {
        get { json[path: "metadata", "ownerReferences"]?.arrayValue?.compactMap(OwnerReference.init) ?? [] }
        set {
            json[path: "metadata", "ownerReferences"] = newValue.isEmpty ? nil : .array(newValue.map(\.json))
        }
    }

    /// The one owner that controls this object.
    package var controller: OwnerReference? { ownerReferences.first(where: \.isController) }

    private func strings(at key: String) -> [String: String] {
        guard let object = json[path: "metadata", key]?.objectValue else { return [:] }
        return Dictionary(
            object.compactMap { member in member.value.stringValue.map { (member.key, $0) } },
            uniquingKeysWith: { _, last in last })
    }

    private mutating func setStrings(_ strings: [String: String], at key: String) {
        json[path: "metadata", key] =
            strings.isEmpty ? nil : .object(JSONObject(strings.map { ($0.key, JSONValue.string($0.value)) }))
    }
}

/// An entry of `metadata.ownerReferences`.
package struct OwnerReference: Sendable, Hashable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var uid: String
    package var isController: Bool
    package var blocksOwnerDeletion: Bool

    /// A controlling reference to `owner`, which must have been stored (it needs a uid).
    package init(controller owner: Object) {
        apiVersion = owner.apiVersion
        kind = owner.kind
        name = owner.name
        uid = owner.uid
        isController = true
        blocksOwnerDeletion = true
    }

    init?(_ json: JSONValue) {
        guard let apiVersion = json["apiVersion"]?.stringValue, let kind = json["kind"]?.stringValue,
            let name = json["name"]?.stringValue, let uid = json["uid"]?.stringValue
        else { return nil }
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        isController = json["controller"]?.boolValue ?? false
        blocksOwnerDeletion = json["blockOwnerDeletion"]?.boolValue ?? false
    }

    package var json: JSONValue {
        var json: JSONValue = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if isController { json["controller"] = true }
        if blocksOwnerDeletion { json["blockOwnerDeletion"] = true }
        return json
    }
}
