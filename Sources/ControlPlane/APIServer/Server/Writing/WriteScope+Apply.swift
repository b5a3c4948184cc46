import KubeClient
import KubeModel
import ObjectStore

extension WriteScope {
    /// Server-side apply: the object is made where there is none.
    mutating func apply(_ config: Object, force: Bool, _ request: WriteRequest) throws -> WriteOutcome {
        guard !config.apiVersion.isEmpty, !config.kind.isEmpty else {
            throw Status.badRequest("an applied configuration must have apiVersion and kind")
        }
        var applying = request
        applying.isApplied = true
        var config = try addressed(config, applying)
        if config.name.isEmpty { config.name = request.key.name }
        try checkName(config, request)
        let live = try snapshot.object(request.stored, config.key)?.shown(as: request.resource)
        if live == nil, request.subresource.isStatus { throw Status.notFound(request.resource, config.name) }
        guard config.resourceVersion.isEmpty || config.resourceVersion == live?.resourceVersion else {
            throw Status.modified(request.resource, config.name)
        }
        // What the schema does not know must not be owned either.
        let warnings = try Admission(applying).prune(&config)
        if live == nil, !config.uid.isEmpty {
            let cause = Status.Cause.invalid(FieldPath("metadata", "uid"), config.uid, "there is no such object")
            throw Status.invalid(request.resource.gvk, config.name, [cause])
        }
        try checkElements(config, request.definition)
        var outcome = try store(applied(config, live, force, request), over: live, applying)
        outcome.warnings = warnings + outcome.warnings
        return outcome
    }

    /// An element that is there twice has two wishes for one thing.
    private func checkElements(_ config: Object, _ definition: ResourceDefinition) throws(Status) {
        let duplicates = definition.schema.validate(config.json).filter { $0.reason == "FieldValueDuplicate" }
        guard duplicates.isEmpty else { throw .invalid(definition.resource.gvk, config.name, duplicates) }
    }

    private func applied(_ config: Object, _ live: Object?, _ force: Bool, _ request: WriteRequest) throws(Status)
        -> Object
    {
        try ServerSideApply.apply(
            config: config, to: live, manager: request.manager, force: force, subresource: request.subresource.name,
            schema: request.definition.schema, hasStatus: request.definition.hasStatus, now: timestamp())
    }

    private mutating func store(_ object: Object, over live: Object?, _ request: WriteRequest) throws -> WriteOutcome {
        if let live { return try update(live, to: object, request) }
        return try create(object, request)
    }
}
