import KubeAccess

extension AccessAttributes {
    /// Whether the bodies of such requests hold secrets: they are never written down, whatever a policy says.
    var holdsSecrets: Bool {
        guard case .resource(let resource) = target else { return false }
        switch (resource.group, resource.qualified) {
        case ("", "secrets"), ("", "serviceaccounts/token"), ("authentication.k8s.io", "tokenreviews"): return true
        default: return false
        }
    }
}
