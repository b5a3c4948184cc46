import KubeClient
import KubeModel
import ObjectStore
import ServingAPI

extension ObjectServer {
    /// How often a write is tried again when its object changes while webhooks are asked.
    private static let reviewLimit = 5

    /// A write that webhooks have a say in.
    func reviewed(_ write: Write, _ request: WriteRequest, _ webhooks: [Webhook]) async throws -> WriteOutcome {
        for _ in 0..<Self.reviewLimit {
            do { return try await reviewedOnce(write, request, webhooks) } catch is WriteStage.Stale { continue }
        }
        throw Status.modified(request.resource, request.key.name)
    }

    private func reviewedOnce(_ write: Write, _ request: WriteRequest, _ webhooks: [Webhook]) async throws
        -> WriteOutcome
    {
        var review = WebhookReview(self, registry, webhooks)
        var object = try await run(write, request, until: .untilComplete)
        var attributes = AdmissionAttributes(request, object.object, old: object.old)
        try await review.mutate(&attributes)
        object.object = attributes.object ?? object.object
        if webhooks.contains(where: { !$0.isMutating }) {
            let valid = try await run(write, request, until: .untilValid(object))
            try await review.validate(AdmissionAttributes(request, valid.object, old: valid.old))
        }
        var outcome = try await perform(write, request, .admitted(object))
        outcome.warnings += review.warnings
        return outcome
    }

    private func run(_ write: Write, _ request: WriteRequest, until stage: WriteStage) async throws
        -> WriteStage.Reviewed
    {
        do {
            _ = try await perform(write, request, stage, isDryRun: true)
        } catch let end as WriteStage.End {
            return end.reviewed
        }
        throw Status.internalError("a write of \(request.resource) passed by its webhooks")
    }

    /// Runs a write up to a stage.
    func perform(
        _ write: Write, _ request: WriteRequest, _ stage: WriteStage = .whole, isDryRun: Bool? = nil
    ) async throws -> WriteOutcome {
        try await self.write(isDryRun: isDryRun ?? request.options.isDryRun) { scope in
            scope.stage = stage
            return switch write {
            case .create(let object): try scope.create(object, request)
            case .replace(let object): try scope.replace(with: object, request)
            case .patch(let patch): try scope.patch(patch, request)
            }
        }
    }
}

extension ObjectServer {
    /// A deletion that webhooks have a say in.
    func reviewedRemoval(_ request: DeleteRequest, _ key: ObjectKey, _ webhooks: [Webhook]) async throws
        -> DeleteOutcome
    {
        for _ in 0..<Self.reviewLimit {
            let object = try await get(request.resource, key)
            var attributes = AdmissionAttributes(request, object)
            var review = WebhookReview(self, registry, webhooks)
            try await review.mutate(&attributes)
            try await review.validate(attributes)
            do {
                var outcome = try await delete(request, key, ifStill: object.resourceVersion)
                outcome.warnings = review.warnings
                return outcome
            } catch is WriteStage.Stale { continue }
        }
        throw Status.modified(request.resource, key.name)
    }

    /// The deletion of all that is selected, one after the other.
    func reviewedRemovals(
        _ request: DeleteRequest, _ webhooks: [Webhook], _ namespace: String?, _ selector: ObjectSelector
    ) async throws -> [Object] {
        let objects = try await read { try $0.objects(request.stored, namespace: namespace) }
        var deleted: [Object] = []
        for object in objects where selector.matches(object) {
            do {
                deleted.append(try await reviewedRemoval(request, object.key, webhooks).object)
            } catch let status as Status where status.isNotFound || object.isPermanentNamespace { continue }
        }
        return deleted
    }

    /// - Parameter version: the resourceVersion that the object must still have; `nil` for any.
    func delete(_ request: DeleteRequest, _ key: ObjectKey, ifStill version: String? = nil) async throws
        -> DeleteOutcome
    {
        try await write(isDryRun: request.options.isDryRun) { scope in
            let object = try scope.existing(request.resource, key)
            if let version, object.resourceVersion != version { throw WriteStage.Stale() }
            try scope.check(request, object)
            return try scope.delete(object, request)
        }
    }
}

extension Object {
    fileprivate var isPermanentNamespace: Bool {
        gvk == Resource.namespaces.gvk && ObjectServer.permanentNamespaces.contains(name)
    }
}
