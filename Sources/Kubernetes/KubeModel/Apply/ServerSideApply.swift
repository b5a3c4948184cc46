import JSONModel

/// Server-side apply: a manager says which fields it wants and how; it then owns these, and no others.
package enum ServerSideApply {
    /// The object that applying `config` makes of `live`, with its `managedFields` up to date.
    ///
    /// What the manager owned before and leaves out now is removed, unless another manager owns it too. Where a field
    /// that it sets otherwise belongs to others, that is a conflict: nothing is changed, or with `force` the field
    /// becomes the manager's. The server's own metadata (uid, resourceVersion, ...) is that of `live`; a
    /// resourceVersion in `config` is for the caller to check.
    ///
    /// - Parameters:
    ///   - config: what the manager sends: only the fields it cares about.
    ///   - live: `nil` where the object is to be created.
    ///   - subresource: `status` applies only `status`; `nil` everything else.
    ///   - hasStatus: whether status is a subresource, and thus left alone by writes of the object itself.
    ///   - now: RFC 3339.
    /// - Throws: 409 `Conflict` with a cause `FieldManagerConflict` for each field; 400 where `config` is unfit.
    package static func apply(
        config: Object, to live: Object?, manager: String, force: Bool, subresource: String?, schema: Schema,
        hasStatus: Bool = false, now: String
    ) throws(Status) -> Object {
        try check(config)
        let schema = schema.asResource
        var run = Run(
            live: live, config: config.json.part(subresource: subresource, hasStatus: hasStatus), schema: schema,
            manager: FieldManager(
                manager, .apply, subresource: subresource, apiVersion: config.apiVersion, time: now))
        return try run.perform(force: force)
    }

    private static func check(_ config: Object) throws(Status) {
        if let fields = config["metadata", "managedFields"]?.arrayValue, !fields.isEmpty {
            throw .badRequest("metadata.managedFields must be left out of an applied configuration")
        }
        guard config.json["metadata"]?.objectValue != nil else {
            throw .badRequest("metadata: an applied configuration needs metadata with a name")
        }
    }

    private struct Run {
        var live: Object?
        var config: JSONValue
        var schema: Schema
        var manager: FieldManager

        mutating func perform(force: Bool) throws(Status) -> Object {
            var fields = owners()
            let previous = fields.managers.first { $0.identity == manager.identity }
            fields.managers.removeAll { $0.identity == manager.identity }
            let before = (live?.json ?? [:]).withoutServerFields
            let setFields = FieldSet(of: config, schema)
            let after = pruned(
                before.merging(applied: config, schema), previous?.fields ?? FieldSet(),
                owned: fields.managers.reduce(setFields) { $0.union($1.fields) })
            let changes = Comparison(from: before, to: after, schema)
            try settle(&fields, changes, force: force)
            manager.fields = setFields.subtracting(ManagedFields.serverFields)
            if let previous, previous.fields == manager.fields, before == after { manager.time = previous.time }
            if !manager.fields.isEmpty { fields.managers.append(manager) }
            var result = Object(after.withServerFields(of: live?.json))
            fields.write(to: &result)
            return result
        }

        /// The owners of `live`'s fields. All of an object that was never tracked belongs to one entry.
        private func owners() -> ManagedFields {
            var fields = ManagedFields(live)
            if let live, fields.managers.isEmpty {
                let owned = FieldSet(of: live.json.withoutServerFields, schema).subtracting(ManagedFields.serverFields)
                let first = FieldManager(
                    "before-first-apply", .update, subresource: nil, apiVersion: live.apiVersion, time: manager.time)
                fields.grant(owned, to: first)
            }
            return fields
        }

        /// Removes from `merged` what the manager applied last time, and neither it nor others own now. A field that
        /// nobody owns (a default, say) goes with the object around it.
        private func pruned(_ merged: JSONValue, _ last: FieldSet, owned: FieldSet) -> JSONValue {
            guard !last.isEmpty else { return merged }
            let last = last.includingParents(schema)
            let all = FieldSet(of: merged, schema).includingParents(schema)
            let without = merged.removing(last, schema)
            let kept = FieldSet(of: without, schema).includingParents(schema).union(owned.includingParents(schema))
            let withOwned = merged.removing(all.subtracting(kept), schema)
            let left = FieldSet(of: withOwned, schema).includingParents(schema)
            // A list that lost all its elements is gone now, even where the manager wants an empty one.
            return merged.removing(all.subtracting(left).intersection(last), schema).merging(applied: config, schema)
        }

        private func settle(_ fields: inout ManagedFields, _ changes: Comparison, force: Bool) throws(Status) {
            let written = changes.modified.union(changes.added)
            if !force { try Conflict.check(fields, written) }
            fields.release(written.union(changes.removed), except: nil)
        }
    }
}

extension JSONValue {
    /// The part of an applied configuration that counts, with what names the object.
    fileprivate func part(subresource: String?, hasStatus: Bool) -> JSONValue {
        var part = self
        if subresource == "status" {
            part = ["metadata": [:]]
            for key in ["apiVersion", "kind", "status"] { part[key] = self[key] }
            for key in ["name", "namespace"] { part[path: "metadata", key] = self[path: "metadata", key] }
        } else if hasStatus {
            part["status"] = nil
        }
        for key in ["deletionTimestamp", "deletionGracePeriodSeconds"] { part[path: "metadata", key] = nil }
        return part.withoutServerFields
    }

    /// With the metadata that belongs to the server as `live` has it.
    fileprivate func withServerFields(of live: JSONValue?) -> JSONValue {
        var copy = self
        for key in ["resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"] {
            if let value = live?[path: "metadata", key] { copy[path: "metadata", key] = value }
        }
        return copy
    }
}
