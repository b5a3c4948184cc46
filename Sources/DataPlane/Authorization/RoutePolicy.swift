import KubeAccess
package import KubeModel
import ServingAPI

/// Who may call a service. It stays the same object for as long as it says the same: what was found out under it is
/// kept by its identity.
package final class RoutePolicy: Sendable {
    enum Rule: Sendable {
        /// OpenShift AI's: a token of the API, or an API key, whose bearer may get the service.
        ///
        /// - audiences: whom tokens must be for; empty: the API itself.
        case service(audiences: [String], style: DenialStyle)
        /// An AuthConfig's.
        case config(AuthRules, isByBearer: Bool)
        /// Istio's policies, of each workload behind the route.
        case mesh([MeshRules])
    }

    /// The InferenceService, or the AuthConfig.
    package let service: ObjectKey
    let rule: Rule
    /// What must let the caller in as well, afterwards.
    package let next: RoutePolicy?
    /// Whether the token stays here. A transformer needs it, to call its predictor for the caller.
    package let removesCredential: Bool

    package init(
        service: ObjectKey, audiences: [String] = [], style: DenialStyle = .authorino, removesCredential: Bool = true
    ) {
        self.service = service
        self.removesCredential = removesCredential
        next = nil
        rule = .service(audiences: audiences, style: style)
    }

    /// Servers behind an AuthConfig get the credential, as behind Authorino.
    init(config: ObjectKey, _ rules: AuthRules) {
        service = config
        removesCredential = false
        next = nil
        rule = .config(rules, isByBearer: rules.isAboutCaller && rules.identities.allSatisfy(\.isByBearer))
    }

    init(mesh rules: [MeshRules], of owner: ObjectKey?, before next: RoutePolicy?) {
        service = owner ?? next?.service ?? ObjectKey(namespace: nil, name: "")
        removesCredential = next?.removesCredential ?? false
        self.next = next
        rule = .mesh(rules)
    }

    /// What a caller must be allowed to do.
    var required: AccessAttributes {
        AccessAttributes(
            verb: "get", group: "serving.kserve.io", version: "v1beta1", resource: "inferenceservices",
            namespace: service.namespace ?? "", name: service.name)
    }

    func says(theSameAs other: RoutePolicy) -> Bool {
        guard case .service(let audiences, let style) = rule,
            case .service(let otherAudiences, let otherStyle) = other.rule
        else { return false }
        return service == other.service && audiences == otherAudiences && style == otherStyle
            && removesCredential == other.removesCredential
    }

    /// `InferenceService default/smollm2`: as messages name it.
    package var name: String { "InferenceService \(service)" }
}

extension AuthRules.Identity {
    fileprivate var isByBearer: Bool { place == .authorization(prefix: "Bearer") }
}

extension RoutePolicy {
    convenience init(_ service: Object) {
        self.init(
            service: service.key,
            style: InferenceService(service).deploymentMode == .knative ? .authorino : .accessProxy,
            removesCredential: service["spec", "transformer"] == nil)
    }
}
