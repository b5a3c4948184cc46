import JSONModel
import KubeModel
import ServingAPI

/// TokenRequest (`authentication.k8s.io/v1`): a token for a ServiceAccount, for whom it names and as long as it asks.
struct TokenRequestCall: Sendable {
    /// Seconds, as in Kubernetes.
    static let defaultLifetime = 3_600
    static let lifetimes = 600...(1 << 32)

    let server: ObjectServer
    let issuer: TokenIssuer
    /// Of the ServiceAccount.
    let key: ObjectKey

    /// The request with its status, which holds the token.
    ///
    /// - Throws: 404 and 409 where the ServiceAccount or the bound object is gone or another, 422 for a wrong request.
    func answer(_ request: Object) async throws -> Object {
        let account = try await server.get(.serviceAccounts, key)
        let lifetime = request["spec", "expirationSeconds"]?.intValue ?? Self.defaultLifetime
        let causes = problems(request, lifetime)
        guard causes.isEmpty else { throw Status.invalid(VirtualResource.tokenRequests.resource.gvk, "", causes) }
        let bonds = try await bonds(request["spec", "boundObjectRef"])
        let wished = request["spec", "audiences"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let audiences = wished.isEmpty ? issuer.audiences : wished
        let now = server.environment.now() / 1_000_000
        let token = try issuer.token(
            for: TokenIssuer.Holder(namespace: key.namespace ?? "", name: key.name, uid: account.uid),
            audiences: audiences, now: now, lifetime: Int64(lifetime), id: server.environment.uid(), bonds: bonds)
        var answer = request
        answer.json["metadata"] = [
            "name": .string(key.name), "namespace": .string(key.namespace ?? ""),
            "creationTimestamp": .string(Timestamp.string(seconds: now)),
        ]
        answer["spec", "audiences"] = .array(audiences.map { .string($0) })
        answer["spec", "expirationSeconds"] = .number(JSONNumber(lifetime))
        answer.status = [
            "token": .string(token),
            "expirationTimestamp": .string(Timestamp.string(seconds: now + Int64(lifetime))),
        ]
        return answer
    }

    private func problems(_ request: Object, _ lifetime: Int) -> [Status.Cause] {
        let path = FieldPath("spec", "expirationSeconds")
        if lifetime < Self.lifetimes.lowerBound {
            return [.invalid(path, "\(lifetime)", "may not specify a duration less than 10 minutes")]
        }
        if lifetime > Self.lifetimes.upperBound {
            return [.invalid(path, "\(lifetime)", "may not specify a duration larger than 2^32 seconds")]
        }
        return []
    }

    private func bonds(_ reference: JSONValue?) async throws -> [TokenIssuer.Bond] {
        guard let reference, !reference.isNull else { return [] }
        let name = reference["name"]?.stringValue ?? ""
        let resource: Resource
        switch (reference["apiVersion"]?.stringValue, reference["kind"]?.stringValue) {
        case ("v1", "Pod"): resource = .pods
        case ("v1", "Secret"): resource = .secrets
        case (_, let kind):
            throw Status.badRequest("cannot bind token to object of kind \"\(kind ?? "")\": only to v1 Pod and Secret")
        }
        let object = try await server.get(resource, ObjectKey(namespace: key.namespace, name: name))
        if let uid = reference["uid"]?.stringValue, !uid.isEmpty, uid != object.uid {
            throw Status.conflict(
                resource, name,
                "the UID in the bound object reference (\(uid)) does not match the UID in record"
                    + " (\(object.uid)): the object might have been deleted and then recreated")
        }
        if resource == .pods {
            let holder = object.spec["serviceAccountName"]?.stringValue ?? "default"
            guard holder == key.name else {
                throw Status.badRequest(
                    "cannot bind token for serviceaccount \"\(key.name)\" to pod running with different"
                        + " serviceaccount name \"\(holder)\"")
            }
        }
        return [TokenIssuer.Bond(kind: resource == .pods ? "pod" : "secret", name: name, uid: object.uid)]
    }
}
