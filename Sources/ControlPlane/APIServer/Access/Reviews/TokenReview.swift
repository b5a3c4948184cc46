import JSONModel
import KubeAccess
import KubeModel

/// TokenReview (`authentication.k8s.io/v1`): whose token it is, and for whom.
struct TokenReview: Sendable {
    private let access: AccessControl

    init(_ access: AccessControl) { self.access = access }

    /// - Throws: 400 without a token.
    func status(_ review: Object) async throws(Status) -> JSONValue {
        let token = review["spec", "token"]?.stringValue ?? ""
        guard !token.isEmpty else { throw .badRequest("token is required for TokenReview in authentication") }
        let audiences = review["spec", "audiences"]?.arrayValue?.compactMap(\.stringValue) ?? []
        do throws(WebTokenRefusal) {
            let verified = try await access.review(token: token, audiences: audiences)
            return [
                "authenticated": true, "user": verified.identity.json,
                "audiences": .array(verified.audiences.map { .string($0) }),
            ]
        } catch {
            return ["authenticated": false, "user": [:], "error": .string(error.description)]
        }
    }
}
