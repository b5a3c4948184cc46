import JSONModel
import KubeModel
import ObjectStore
import ServingAPI

/// Asks the webhooks that are concerned with one operation.
struct WebhookReview: Sendable {
    let server: ObjectServer
    let registry: ResourceRegistry
    let webhooks: [Webhook]
    private(set) var warnings: [String] = []

    init(_ server: ObjectServer, _ registry: ResourceRegistry, _ webhooks: [Webhook]) {
        self.server = server
        self.registry = registry
        self.webhooks = webhooks
    }

    /// Lets the mutating webhooks change the object, one after the other. One that wants to is asked a second time when
    /// a later one changed it.
    ///
    /// Throws `Status` where one of them refuses, or cannot be asked and must be.
    mutating func mutate(_ attributes: inout AdmissionAttributes) async throws {
        var asked: [(webhook: Webhook, seen: Object?)] = []
        for webhook in webhooks where webhook.isMutating {
            try await apply(webhook, &attributes)
            asked.append((webhook, attributes.object))
        }
        for (webhook, seen) in asked where webhook.isReinvoked && seen != attributes.object {
            try await apply(webhook, &attributes)
        }
    }

    private mutating func apply(_ webhook: Webhook, _ attributes: inout AdmissionAttributes) async throws {
        guard let shown = try await shown(to: webhook, attributes),
            let answer = try await ask(webhook, attributes, shown)
        else { return }
        guard let patch = answer.patch, let object = attributes.object else { return }
        do throws(JSONPatchError) {
            attributes.take(try patch.applied(to: attributes.content(object, shown)))
        } catch {
            try pass(over: webhook, WebhookFailure("its patch cannot be applied: \(error)"))
        }
    }

    /// Asks all validating webhooks at once.
    ///
    /// Throws `Status`: of those that refuse, the first in order.
    mutating func validate(_ attributes: AdmissionAttributes) async throws {
        let validating = webhooks.filter { !$0.isMutating }
        let review = self
        let outcomes = await withTaskGroup(of: (Int, Result<[String], any Error>).self) { group in
            for (index, webhook) in validating.enumerated() {
                group.addTask {
                    var review = review
                    review.warnings = []
                    do {
                        if let shown = try await review.shown(to: webhook, attributes) {
                            _ = try await review.ask(webhook, attributes, shown)
                        }
                        return (index, .success(review.warnings))
                    } catch { return (index, .failure(error)) }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for index in validating.indices { warnings += try outcomes[index]?.get() ?? [] }
    }

    /// `nil` where the webhook's conditions do not hold, or it could not be asked and may be passed over.
    private mutating func ask(_ webhook: Webhook, _ attributes: AdmissionAttributes, _ shown: Resource) async throws
        -> AdmissionAnswer?
    {
        let uid = server.environment.uid()
        let answer: AdmissionAnswer
        do {
            let request = attributes.review(uid: uid, as: shown)
            guard try webhook.conditions.hold(for: request["request"] ?? .null) else { return nil }
            let address = try await server.read { try $0.address(of: webhook.place) }
            answer = try await WebhookCall(webhook: webhook, address: address)
                .ask(request, uid: uid)
        } catch let failure as WebhookFailure {
            try pass(over: webhook, failure)
            return nil
        }
        warnings += answer.warnings
        guard answer.isAllowed else { throw answer.denial(by: webhook.name) }
        return answer
    }

    private func pass(over webhook: Webhook, _ failure: WebhookFailure) throws(Status) {
        guard webhook.ignoresFailure else { throw failure.status(of: webhook.name) }
    }

    /// In which version the webhook sees the object; `nil` where its rules or selectors leave it out.
    private func shown(to webhook: Webhook, _ attributes: AdmissionAttributes) async throws -> Resource? {
        let version = webhook.version(
            attributes.operation, attributes.resource, subresource: attributes.subresource.name, registry)
        guard let version else { return nil }
        guard
            webhook.objectSelector.requirements.isEmpty
                || attributes.labels.contains(where: webhook.objectSelector.matches)
        else { return nil }
        guard !webhook.namespaceSelector.requirements.isEmpty, let labels = try await namespaceLabels(attributes) else {
            return version
        }
        return webhook.namespaceSelector.matches(labels) ? version : nil
    }

    /// `nil` for what lies in no namespace.
    private func namespaceLabels(_ attributes: AdmissionAttributes) async throws -> [String: String]? {
        if attributes.resource.isNamespaces { return (attributes.object ?? attributes.old)?.labels }
        guard let name = attributes.key.namespace else { return nil }
        return try await server.read { try $0.object(GroupResource(.namespaces), ObjectKey(name: name))?.labels ?? [:] }
    }
}
