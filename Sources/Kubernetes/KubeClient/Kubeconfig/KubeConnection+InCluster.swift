extension KubeConnection {
    /// The API server of the cluster in which this process runs as a container, as the pod's ServiceAccount.
    ///
    /// - Parameters:
    ///   - directory: where the kubelet puts the account's `token`, `ca.crt` and `namespace`.
    ///   - read: the content of a file.
    /// - Throws: `KubeconfigError` where this is no pod, or one without a token.
    package static func inCluster(
        environment: [String: String], directory: String = "/var/run/secrets/kubernetes.io/serviceaccount",
        read: (String) throws(KubeconfigError) -> [UInt8] = KubeconfigFile.bytes
    ) throws(KubeconfigError) -> KubeConnection {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw KubeconfigError(
                "this is no pod of a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set;"
                    + " use a kubeconfig")
        }
        var connection = KubeConnection(server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        connection.tokenFile = "\(directory)/token"
        connection.token = BearerToken.token(try read("\(directory)/token"))
        connection.authority = try read("\(directory)/ca.crt")
        if let namespace = try? read("\(directory)/namespace") {
            connection.namespace = BearerToken.token(namespace)
        }
        return connection
    }
}
