package import KubeModel

/// The hosts that routes and services answer at, and their URLs.
package struct HostNames: Sendable, Hashable {
    /// The suffix of every host that is seen from outside: `localhost`.
    package var domain: String
    /// The port that their URLs name; 80 is left out.
    package var port: Int
    package var network: NetworkSettings
    package var inferenceServices: InferenceServiceSettings

    package init(
        domain: String = "localhost", port: Int = 80, network: NetworkSettings = NetworkSettings(),
        inferenceServices: InferenceServiceSettings = InferenceServiceSettings()
    ) {
        self.domain = domain
        self.port = port
        self.network = network
        self.inferenceServices = inferenceServices
    }

    /// With the templates that hold now.
    ///
    /// - Parameter find: a ConfigMap by its key.
    package func configured(finding find: (ObjectKey) -> Object?) -> HostNames {
        HostNames(
            domain: domain, port: port, network: NetworkSettings(finding: find),
            inferenceServices: InferenceServiceSettings(finding: find))
    }

    /// Every name as `<name>.<namespace>.svc.cluster.local`, as a cluster has it: where an object that is cluster-local
    /// answers, and where every other does too.
    package func clusterHost(_ name: String, of object: Object) -> String {
        "\(name).\(object.namespace ?? "default").svc.cluster.local"
    }

    package func clusterURL(_ name: String, of object: Object) -> String { "http://\(clusterHost(name, of: object))" }

    /// Where a Knative route, or a tag of it, is seen from outside, or, where it is cluster-local, from inside.
    package func host(ofRoute route: Object, tag: String? = nil) -> String {
        let name = name(ofRoute: route, tag: tag)
        if route.isClusterLocal { return clusterHost(name, of: route) }
        return network.domainTemplate.host(
            ["Name": name, "Namespace": route.namespace ?? "default", "Domain": domain], of: route)
    }

    /// What stands for the route's name in a host: with a tag, both.
    package func name(ofRoute route: Object, tag: String?) -> String {
        tag.map { network.tagTemplate.host(["Tag": $0, "Name": route.name], of: route) } ?? route.name
    }

    package func host(ofInferenceService service: Object) -> String {
        isInside(service) ? clusterHost(service.name, of: service) : host(ofInferenceService: service, domain)
    }

    /// All of its hosts outside, the first one first.
    package func hosts(ofInferenceService service: Object) -> [String] {
        isInside(service)
            ? [] : ([domain] + inferenceServices.additionalDomains).map { host(ofInferenceService: service, $0) }
    }

    private func host(ofInferenceService service: Object, _ domain: String) -> String {
        inferenceServices.domainTemplate.host(
            ["Name": service.name, "Namespace": service.namespace ?? "default", "IngressDomain": domain], of: service)
    }

    /// Where it answers on hosts that are not a service's own; `nil`: nowhere.
    package func path(ofInferenceService service: Object) -> String? {
        guard !isInside(service) else { return nil }
        return inferenceServices.pathTemplate?.host(
            ["Name": service.name, "Namespace": service.namespace ?? "default"], of: service)
    }

    /// The URL of its status.
    package func url(ofInferenceService service: Object) -> String {
        if let path = path(ofInferenceService: service) { return url(domain, of: service) + path }
        let host = host(ofInferenceService: service)
        return isInside(service) ? "http://\(host)" : url(host, of: service)
    }

    /// Whether an InferenceService cannot be reached from outside.
    package func isInside(_ service: Object) -> Bool {
        service.isClusterLocal || inferenceServices.disablesIngress && DeploymentMode(service) == .standard
    }

    /// - Parameter object: whose host it is: inside there is no port to name.
    package func url(_ host: String, of object: Object) -> String {
        object.isClusterLocal || port == 80 ? "http://\(host)" : "http://\(host):\(port)"
    }
}

extension Object {
    /// Whether a label keeps it from being reached from outside.
    package var isClusterLocal: Bool {
        [ServingKeys.visibility, ServingKeys.kserveVisibility].contains { labels[$0] == ServingKeys.clusterLocal }
    }
}
