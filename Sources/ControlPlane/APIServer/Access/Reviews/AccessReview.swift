import JSONModel
import KubeAccess
import KubeModel

/// SelfSubjectAccessReview, SubjectAccessReview and LocalSubjectAccessReview (`authorization.k8s.io/v1`): whether
/// someone may do something.
struct AccessReview: Sendable {
    private let access: AccessControl

    init(_ access: AccessControl) { self.access = access }

    /// - Parameter caller: who asks; of a self review also whom it is about.
    func status(
        _ review: Object, _ virtual: VirtualResource, _ target: ResourceTarget, _ caller: Identity
    ) throws(Status) -> JSONValue {
        let identity = virtual == .selfSubjectAccessReviews ? caller : try subject(review, virtual)
        let attributes = try attributes(review, virtual)
        if virtual == .localSubjectAccessReviews, attributes.namespace != target.namespace {
            throw .badRequest(
                "spec.resourceAttributes.namespace must be the namespace of the request, \(target.namespace ?? "")")
        }
        let decision = access.authorizer.decide(identity, attributes)
        var status: JSONValue = ["allowed": .bool(decision.isAllowed)]
        if !decision.reason.isEmpty { status["reason"] = .string(decision.reason) }
        return status
    }

    private func subject(_ review: Object, _ virtual: VirtualResource) throws(Status) -> Identity {
        let spec = review.spec
        let identity = Identity(
            user: spec["user"]?.stringValue ?? "", uid: spec["uid"]?.stringValue ?? "",
            groups: spec["groups"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        guard !identity.user.isEmpty || !identity.groups.isEmpty else {
            throw .invalid(
                virtual.resource.gvk, "", [.invalid(FieldPath("spec", "user"), "\"\"", "name a user or a group")])
        }
        return identity
    }

    private func attributes(_ review: Object, _ virtual: VirtualResource) throws(Status) -> AccessAttributes {
        let resource = review["spec", "resourceAttributes"]
        let path = review["spec", "nonResourceAttributes"]
        func text(_ json: JSONValue, _ key: String) -> String { json[key]?.stringValue ?? "" }
        switch (resource, path) {
        case (let resource?, nil):
            return AccessAttributes(
                verb: text(resource, "verb"), group: text(resource, "group"), version: text(resource, "version"),
                resource: text(resource, "resource"), subresource: text(resource, "subresource"),
                namespace: text(resource, "namespace"), name: text(resource, "name"))
        case (nil, let path?) where virtual != .localSubjectAccessReviews:
            return AccessAttributes(verb: text(path, "verb"), .path(text(path, "path")))
        default:
            throw .invalid(
                virtual.resource.gvk, "",
                [
                    .invalid(
                        FieldPath("spec", "resourceAttributes"), "null",
                        "exactly one of nonResourceAttributes or resourceAttributes must be specified")
                ])
        }
    }
}
