import KubeModel
import ServingAPI

/// A resource whose objects are questions: each is answered as it is created, and none is kept. Discovery lists them
/// beside the registry's.
struct VirtualResource: Sendable, Hashable {
    var resource: Resource
    var singular: String
    /// Where it is a subresource: of which resource, by which name. Its `resource` is then the kind that is sent.
    var parent: Parent?

    struct Parent: Sendable, Hashable {
        var resource: Resource
        var subresource: String
    }

    /// What can be done with any of them.
    static let verbs = ["create"]

    private init(_ group: String, _ kind: String, isNamespaced: Bool = false, of parent: Parent? = nil) {
        singular = kind.lowercased()
        resource = Resource(
            group: group, version: "v1", kind: kind, plural: singular + "s", isNamespaced: isNamespaced)
        self.parent = parent
    }
}

extension VirtualResource {
    static let tokenReviews = VirtualResource("authentication.k8s.io", "TokenReview")
    static let selfSubjectReviews = VirtualResource("authentication.k8s.io", "SelfSubjectReview")
    static let subjectAccessReviews = VirtualResource("authorization.k8s.io", "SubjectAccessReview")
    static let selfSubjectAccessReviews = VirtualResource("authorization.k8s.io", "SelfSubjectAccessReview")
    static let selfSubjectRulesReviews = VirtualResource("authorization.k8s.io", "SelfSubjectRulesReview")
    static let localSubjectAccessReviews = VirtualResource(
        "authorization.k8s.io", "LocalSubjectAccessReview", isNamespaced: true)
    /// `serviceaccounts/<name>/token`
    static let tokenRequests = VirtualResource(
        "authentication.k8s.io", "TokenRequest", isNamespaced: true,
        of: Parent(resource: .serviceAccounts, subresource: "token"))

    static let all = [
        tokenReviews, selfSubjectReviews, localSubjectAccessReviews, selfSubjectAccessReviews,
        selfSubjectRulesReviews, subjectAccessReviews, tokenRequests,
    ]

    /// The one at a path; `nil` where there is none.
    static func at(_ target: ResourceTarget) -> VirtualResource? {
        all.first { virtual in
            let place = virtual.parent?.resource ?? virtual.resource
            return place.group == target.group && place.version == target.version
                && place.plural == target.plural && virtual.parent?.subresource == target.subresource
        }
    }
}
