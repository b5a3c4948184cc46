import KubeAccess
import KubeModel

extension Status {
    /// 403, in the shape of Kubernetes' own: `pods "a" is forbidden: User "x" cannot get resource "pods" in API group
    /// "" in the namespace "default"`.
    static func denied(_ identity: Identity, _ attributes: AccessAttributes, _ reason: String) -> Status {
        var what = "User \"\(identity.user)\" cannot \(attributes)"
        if !reason.isEmpty { what += ": \(reason)" }
        guard case .resource(let resource) = attributes.target else {
            return Status(code: 403, reason: "Forbidden", message: "forbidden: \(what)")
        }
        let kind = resource.group.isEmpty ? resource.resource : "\(resource.resource).\(resource.group)"
        let object = resource.name.isEmpty ? kind : "\(kind) \"\(resource.name)\""
        return Status(
            code: 403, reason: "Forbidden", message: "\(object) is forbidden: \(what)",
            group: resource.group.isEmpty ? nil : resource.group, kind: resource.resource,
            name: resource.name.isEmpty ? nil : resource.name)
    }
}

extension Authorizer {
    /// - Throws: 403 where `identity` may not.
    func require(_ identity: Identity, _ attributes: AccessAttributes) throws(Status) {
        let decision = decide(identity, attributes)
        guard decision.isAllowed else { throw .denied(identity, attributes, decision.reason) }
    }
}
