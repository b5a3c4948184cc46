package import KubeAccess
package import KubeModel

/// Who may call a service. It stays the same object for as long as it says the same: what was found out under it is
/// kept by its identity.
package final class RoutePolicy: Sendable {
    package let service: ObjectKey
    /// Whom tokens must be for; empty: the API itself.
    package let audiences: [String]
    /// What a caller must be allowed to do.
    package let required: AccessAttributes
    package let style: DenialStyle
    /// Whether the token stays here. A transformer needs it, to call its predictor for the caller.
    package let removesCredential: Bool

    package init(
        service: ObjectKey, audiences: [String] = [], style: DenialStyle = .authorino, removesCredential: Bool = true
    ) {
        self.service = service
        self.audiences = audiences
        self.style = style
        self.removesCredential = removesCredential
        required = AccessAttributes(
            verb: "get", group: "serving.kserve.io", version: "v1beta1", resource: "inferenceservices",
            namespace: service.namespace ?? "", name: service.name)
    }

    func says(theSameAs other: RoutePolicy) -> Bool {
        service == other.service && audiences == other.audiences && style == other.style
            && removesCredential == other.removesCredential
    }

    /// `InferenceService default/smollm2`: as messages name it.
    package var name: String { "InferenceService \(service)" }
}
