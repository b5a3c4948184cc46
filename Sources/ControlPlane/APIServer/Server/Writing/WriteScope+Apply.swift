import KubeClient
import KubeModel
import ObjectStore

extension WriteScope {
    /// Server-side apply: the object is made where there is none.
    mutating func apply(_ config: Object, force: Bool, _ request: WriteRequest) throws -> WriteOutcome {
        var config = try addressed(config, request)
        if config.name.isEmpty { config.name = request.key.name }
        try checkName(config, request)
        let live = try snapshot.object(request.stored, config.key)?.shown(as: request.resource)
        if live == nil, request.subresource.isStatus { throw Status.notFound(request.resource, config.name) }
        guard config.resourceVersion.isEmpty || config.resourceVersion == live?.resourceVersion else {
            throw Status.modified(request.resource, config.name)
        }
        // What the schema does not know must not be owned either.
        let warnings = try Admission(request.definition, request.options.fieldValidation).prune(&config)
        var applying = request
        applying.isApplied = true
        var outcome = try store(applied(config, live, force, request), over: live, applying)
        outcome.warnings = warnings + outcome.warnings
        return outcome
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
