/// A model server that tells of itself.
package struct RuntimeTarget: Sendable, Hashable {
    package var namespace: String
    package var service: String
    package var revision: String
    package var pod: String
    /// An address of this machine.
    package var host: String
    package var port: Int
    package var path: String

    package init(
        namespace: String, service: String, revision: String, pod: String, host: String, port: Int, path: String
    ) {
        (self.namespace, self.service, self.revision, self.pod) = (namespace, service, revision, pod)
        (self.host, self.port, self.path) = (host, port, path)
    }
}

/// Who knows the model servers. `Platform` fits it to the pods.
package protocol RuntimeMetricsSource: Sendable {
    /// Those that are ready now.
    func targets() -> [RuntimeTarget]
    /// What some of them tell at this moment; what does not answer in time is missing.
    func families(_ targets: [RuntimeTarget]) async -> [MetricFamily]
}
