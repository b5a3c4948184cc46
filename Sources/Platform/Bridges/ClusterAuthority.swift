import APIServer
import Authorization
import KubeAccess

/// The API's own tokens and roles, for the gateway: in process, what TokenReview and SubjectAccessReview would say.
struct ClusterAuthority: AccessAuthority {
    let access: AccessControl

    func review(token: String, audiences: [String]) async throws -> ReviewedCaller? {
        do throws(WebTokenRefusal) {
            let reviewed = try await access.review(token: token, audiences: audiences)
            return ReviewedCaller(identity: reviewed.identity, expiration: reviewed.expiration)
        } catch {
            if error.isFailure { throw error }
            return nil
        }
    }

    func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool {
        access.authorizer.decide(identity, attributes).isAllowed
    }
}
