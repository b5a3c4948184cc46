import JSONModel
package import KubeModel

/// The HTTPRoutes of a service in Standard mode.
package enum StandardRoute {
    /// A Service and its share of the requests.
    package struct Backend: Sendable, Hashable {
        package var name: String
        package var weight: Int

        package init(name: String, weight: Int) {
            self.name = name
            self.weight = weight
        }
    }

    private static let gateway: JSONValue = [
        "group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "kserve",
        "name": "kserve-ingress-gateway",
    ]

    /// - Parameters:
    ///   - name: of the route: the service's, or its predictor's.
    ///   - host: without port.
    package static func make(
        _ service: InferenceService, name: String, host: String, backends: [Backend]
    ) -> Object {
        var route = Object(.httpRoutes, namespace: service.namespace, name: name)
        route.labels = service.labels
        route.labels[ServingKeys.inferenceService] = service.name
        route.ownerReferences = [OwnerReference(controller: service.object)]
        var rule: JSONValue = [
            "matches": [["path": ["type": "PathPrefix", "value": "/"]]],
            "backendRefs": .array(backends.map(reference)),
        ]
        // No limit unless the service sets one: a stream ends when it ends.
        if let timeout = service.predictor.timeout, timeout > 0 {
            rule["timeouts"] = ["request": .string("\(timeout)s")]
        }
        route.spec = ["parentRefs": [gateway], "hostnames": [.string(host)], "rules": [rule]]
        return route
    }

    private static func reference(_ backend: Backend) -> JSONValue {
        [
            "group": "", "kind": "Service", "name": .string(backend.name), "port": 80,
            "weight": .number(JSONNumber(backend.weight)),
        ]
    }
}
