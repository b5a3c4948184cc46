import JSONModel
import KubeAccess
import KubeModel

/// Answers the questions of `authentication.k8s.io` and `authorization.k8s.io`: who one is, what one may do, what a
/// token is worth.
struct ReviewCall: Sendable {
    let access: AccessControl
    let server: ObjectServer
    let virtual: VirtualResource
    let target: ResourceTarget
    let request: APIRequest

    /// - Throws: 405 for anything but a creation, 400 and 422 for questions that cannot be understood.
    func answer() async throws -> APIResponse {
        guard request.method == "POST" else { throw Status.methodNotAllowed }
        guard (target.name == nil) == (virtual.parent == nil),
            (target.namespace != nil) == virtual.resource.isNamespaced
        else { throw Status.noSuchResource }
        let question = try Object(request.document())
        guard question.gvk == virtual.resource.gvk else {
            throw Status.badRequest(
                "the body of the request has apiVersion \"\(question.apiVersion)\" and kind \"\(question.kind)\";"
                    + " this path takes \(virtual.resource.apiVersion) \(virtual.resource.kind)")
        }
        return .json(try await answer(question).json, code: 201)
    }

    private func answer(_ question: Object) async throws -> Object {
        var answer = question
        if answer.json["metadata"]?.objectValue == nil { answer.json["metadata"] = [:] }
        switch virtual {
        case .tokenRequests:
            let key = ObjectKey(namespace: target.namespace, name: target.name ?? "")
            return try await TokenRequestCall(server: server, issuer: access.issuer, key: key).answer(question)
        case .tokenReviews: answer.status = try await TokenReview(access).status(question)
        case .selfSubjectReviews: answer.status = ["userInfo": request.identity.json]
        case .selfSubjectRulesReviews:
            let namespace = question["spec", "namespace"]?.stringValue ?? ""
            guard !namespace.isEmpty else { throw Status.badRequest("no namespace on request") }
            let rules = access.authorizer.policy.rules(for: request.identity, namespace: namespace)
            answer.status = RulesReview.status(rules)
        default: answer.status = try AccessReview(access).status(question, virtual, target, request.identity)
        }
        return answer
    }
}

extension Identity {
    /// `authentication.k8s.io/v1` UserInfo.
    var json: JSONValue {
        var json: JSONValue = ["username": .string(user)]
        if !uid.isEmpty { json["uid"] = .string(uid) }
        if !groups.isEmpty { json["groups"] = .array(groups.map { .string($0) }) }
        if !extra.isEmpty {
            json["extra"] = .object(
                JSONObject(extra.map { ($0.key, .array($0.value.map { .string($0) })) }))
        }
        return json
    }
}
