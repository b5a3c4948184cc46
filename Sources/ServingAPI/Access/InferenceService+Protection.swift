package import KubeModel

extension Object {
    /// Of an InferenceService: whether only those may call it who may get it. Anything but `false` protects: a value that
    /// was meant otherwise must not open a service.
    package var asksForTokens: Bool {
        guard let value = annotations[ServingKeys.enableAuth] ?? annotations[ServingKeys.oldEnableAuth] else {
            return false
        }
        return value.lowercased() != "false" && !value.isEmpty
    }
}
