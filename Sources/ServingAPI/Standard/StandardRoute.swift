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
    ///   - explainer: who answers KServe's path of explanations, where somebody does.
    package static func make(
        _ service: InferenceService, name: String, host: String, backends: [Backend], explainer: [Backend]? = nil
    ) -> Object {
        var route = Object(.httpRoutes, namespace: service.namespace, name: name)
        route.labels = service.labels
        route.labels[ServingKeys.inferenceService] = service.name
        route.ownerReferences = [OwnerReference(controller: service.object)]
        let explains = explainer.map {
            rule(service, ["type": "RegularExpression", "value": .string(ServingKeys.explainPath)], $0)
        }
        let all = rule(service, ["type": "PathPrefix", "value": "/"], backends)
        route.spec = [
            "parentRefs": [gateway], "hostnames": [.string(host)], "rules": .array([explains, all].compactMap(\.self)),
        ]
        return route
    }

    private static func rule(_ service: InferenceService, _ path: JSONValue, _ backends: [Backend]) -> JSONValue {
        var rule: JSONValue = ["matches": [["path": path]], "backendRefs": .array(backends.map(reference))]
        // No limit unless the service sets one: a stream ends when it ends.
        if let timeout = service.component.timeout, timeout > 0 {
            rule["timeouts"] = ["request": .string("\(timeout)s")]
        }
        return rule
    }

    private static func reference(_ backend: Backend) -> JSONValue {
        [
            "group": "", "kind": "Service", "name": .string(backend.name), "port": 80,
            "weight": .number(JSONNumber(backend.weight)),
        ]
    }
}
