import KubeAccess
import KubeModel

extension AccessControl {
    /// What a write must withstand beside that its request was let in; `nil` for who may do everything.
    func review(_ resource: Resource, _ request: APIRequest) -> WriteReview? {
        guard !request.identity.isMaster else { return nil }
        let (identity, authorizer) = (request.identity, authorizer)
        let escalation = RoleEscalation.review(resource, by: identity, authorizer)
        // An apply of what is not there makes it: the verb of the request does not tell.
        var creation = AccessAttributes(request)
        guard creation.verb == "patch" || escalation != nil else { return nil }
        creation.verb = "create"
        return { [creation] object, old throws(Status) in
            if old == nil { try authorizer.require(identity, creation) }
            try escalation?(object, old)
        }
    }
}
