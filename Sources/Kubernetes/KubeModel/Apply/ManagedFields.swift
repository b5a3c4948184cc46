import JSONModel

/// `metadata.managedFields` of one object: who owns which field.
package struct ManagedFields: Sendable, Hashable {
    var managers: [FieldManager]

    /// Malformed entries count as not there.
    init(_ object: Object?) {
        managers = (object?["metadata", "managedFields"]?.arrayValue ?? []).compactMap(FieldManager.init)
    }

    /// Records an ordinary write (create, replace, patch) in the object that it makes: `manager` owns what it changed,
    /// and nobody owns what it removed.
    ///
    /// - Parameters:
    ///   - old: the object before; `nil` for a create.
    ///   - new: the object as it is about to be stored, defaults filled in. Its own `managedFields` count where they are
    ///     valid (a client may release fields so; `[{}]` releases all, and then updates are not recorded until somebody
    ///     applies), but not in writes of a subresource.
    ///   - subresource: `nil` for the object itself.
    ///   - now: RFC 3339.
    package static func recordUpdate(
        old: Object?, new: Object, manager: String, subresource: String?, schema: Schema, now: String
    ) -> Object {
        var fields = current(old: old, new: new, isSubresource: subresource != nil)
        var result = new
        guard old == nil || !fields.managers.isEmpty else {
            // Nobody's fields stay nobody's until somebody applies.
            result["metadata", "managedFields"] = nil
            return result
        }
        let schema = schema.asResource
        let changes = Comparison(from: (old?.json ?? [:]).withoutServerFields, to: new.json.withoutServerFields, schema)
        let written = changes.added.union(changes.modified).subtracting(serverFields)
        let own = FieldManager(manager, .update, subresource: subresource, apiVersion: new.apiVersion, time: now)
        fields.release(written.union(changes.removed), except: own.identity)
        fields.grant(written, to: own)
        fields.release(changes.removed, except: nil)
        fields.capUpdates()
        fields.write(to: &result)
        return result
    }

    private static func current(old: Object?, new: Object, isSubresource: Bool) -> ManagedFields {
        if !isSubresource, let given = new["metadata", "managedFields"]?.arrayValue {
            if given == [[:]] { return ManagedFields(nil) }
            let fields = ManagedFields(new)
            if !fields.managers.isEmpty, fields.managers.count == given.count { return fields }
        }
        return ManagedFields(old)
    }
}

extension ManagedFields {
    /// The fields of every object that belong to the server.
    static let serverFields: FieldSet = {
        let metadata = [
            "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink",
            "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
        ]
        return FieldSet(
            [[.field("apiVersion")], [.field("kind")], [.field("metadata")]]
                + metadata.map { [.field("metadata"), .field($0)] })
    }()

    /// Takes `fields` from every manager but one; those with none left go.
    mutating func release(_ fields: FieldSet, except identity: FieldManager.Identity?) {
        guard !fields.isEmpty else { return }
        for index in managers.indices where managers[index].identity != identity {
            managers[index].fields = managers[index].fields.subtracting(fields)
        }
        managers.removeAll { $0.fields.isEmpty }
    }

    /// Adds `fields` to what `manager` has; nothing changes where there are none.
    mutating func grant(_ fields: FieldSet, to manager: FieldManager) {
        guard !fields.isEmpty else { return }
        var entry = manager
        if let index = managers.firstIndex(where: { $0.identity == manager.identity }) {
            entry.fields = managers.remove(at: index).fields
        }
        entry.fields = entry.fields.union(fields)
        managers.append(entry)
    }

    /// Joins the oldest entries of ordinary writes to one where there are more than ten, as Kubernetes does.
    mutating func capUpdates() {
        let limit = 10
        var updates = managers.filter { $0.identity.operation == .update }
        guard updates.count > limit else { return }
        updates.sort { ($0.time ?? "") < ($1.time ?? "") }
        let ancient = updates.prefix(updates.count - limit + 1)
        let identities = Set(ancient.map(\.identity))
        managers.removeAll { identities.contains($0.identity) }
        for (apiVersion, entries) in Dictionary(grouping: ancient, by: \.apiVersion) {
            let fields = entries.reduce(FieldSet()) { $0.union($1.fields) }
            let time = entries.compactMap(\.time).max()
            let joined = FieldManager("ancient-changes", .update, subresource: nil, apiVersion: apiVersion, time: time)
            grant(fields, to: joined)
        }
    }

    func write(to object: inout Object) {
        let entries = managers.sorted { left, right in
            (left.identity.operation.rawValue, left.time ?? "", left.identity.name, left.identity.subresource)
                < (right.identity.operation.rawValue, right.time ?? "", right.identity.name, right.identity.subresource)
        }
        object["metadata", "managedFields"] = entries.isEmpty ? nil : .array(entries.map(\.json))
    }
}

extension JSONValue {
    /// Without what changes by every write, or is no field of the object.
    var withoutServerFields: JSONValue {
        guard var metadata = self["metadata"] else { return self }
        var copy = self
        for key in ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"] {
            metadata[key] = nil
        }
        copy["metadata"] = metadata
        return copy
    }
}
