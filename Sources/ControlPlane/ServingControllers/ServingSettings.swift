/// Where services are found.
package struct ServingSettings: Sendable, Hashable {
    /// The suffix of every host: `localhost`.
    package var domain: String
    /// The port that URLs name; 80 is left out.
    package var gatewayPort: Int
    /// The node that every pod is bound to.
    package var nodeName: String

    package init(domain: String = "localhost", gatewayPort: Int = 8080, nodeName: String) {
        self.domain = domain
        self.gatewayPort = gatewayPort
        self.nodeName = nodeName
    }

    /// The host of a Knative route: `<name>.<namespace>.<domain>`.
    func routeHost(_ name: String, namespace: String) -> String { "\(name).\(namespace).\(domain)" }

    /// The host of a tagged target of a Knative route.
    func tagHost(_ tag: String, _ name: String, namespace: String) -> String {
        routeHost("\(tag)-\(name)", namespace: namespace)
    }

    /// The host of an InferenceService: `<name>-<namespace>.<domain>`.
    func inferenceHost(_ name: String, namespace: String) -> String { "\(name)-\(namespace).\(domain)" }

    /// The host within the cluster.
    func clusterHost(_ name: String, namespace: String) -> String { "\(name).\(namespace).svc.cluster.local" }

    func url(host: String) -> String { gatewayPort == 80 ? "http://\(host)" : "http://\(host):\(gatewayPort)" }
}
