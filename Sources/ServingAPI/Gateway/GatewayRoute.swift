package import JSONModel
package import KubeModel

/// An HTTPRoute or a GRPCRoute of the Gateway API, for reading.
package struct GatewayRoute: View {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    package var hostnames: [String] { object.spec["hostnames"]?.words ?? [] }
    package var rules: [JSONValue] { object.spec["rules"]?.arrayValue ?? [] }

    /// The gateways that are to serve it. On a machine there is one gateway, which stands in for every one that is named;
    /// a route that names none is served by none.
    package var parents: [JSONValue] {
        (object.spec["parentRefs"]?.arrayValue ?? []).filter { parent in
            (parent["group"]?.stringValue ?? Self.group) == Self.group
                && (parent["kind"]?.stringValue ?? "Gateway") == "Gateway"
        }
    }

    /// Every backend that it names: those of its rules, and those that requests are mirrored to.
    package var backends: [BackendReference] {
        rules.flatMap { rule in
            let backends = rule["backendRefs"]?.arrayValue ?? []
            let filters = ([rule] + backends).flatMap { $0["filters"]?.arrayValue ?? [] }
            return (backends + filters.compactMap { $0[path: "requestMirror", "backendRef"] })
                .map { BackendReference($0, of: object) }
        }
    }

    static let group = "gateway.networking.k8s.io"
}

/// What a rule sends requests to.
package struct BackendReference: Sendable, Hashable {
    package let json: JSONValue
    package let group: String
    package let kind: String
    package let key: ObjectKey
    package let weight: Int
    /// Of the route.
    private let routeKind: String
    private let routeNamespace: String

    /// - Parameter route: whose namespace is meant where none is given.
    package init(_ json: JSONValue, of route: Object) {
        self.json = json
        group = json["group"]?.stringValue ?? ""
        kind = json["kind"]?.stringValue ?? "Service"
        routeKind = route.kind
        routeNamespace = route.namespace ?? ""
        key = ObjectKey(
            namespace: json["namespace"]?.nonEmptyString ?? routeNamespace, name: json["name"]?.stringValue ?? "")
        weight = json["weight"]?.intValue ?? 1
    }

    /// Only Services are backends. On a cluster, Knative's Services and InferenceServices have a core Service of their
    /// name; here that name is enough.
    package var isService: Bool { group.isEmpty && kind == "Service" }

    /// Whether the route may name it: one in another namespace needs a ReferenceGrant there.
    package func isPermitted(by grants: [Object]) -> Bool {
        key.namespace == routeNamespace || grants.contains { $0.namespace == key.namespace && isGranted(by: $0) }
    }

    private func isGranted(by grant: Object) -> Bool {
        let isFrom = (grant.spec["from"]?.arrayValue ?? []).contains { from in
            from["group"]?.stringValue == GatewayRoute.group && from["kind"]?.stringValue == routeKind
                && from["namespace"]?.stringValue == routeNamespace
        }
        return isFrom
            && (grant.spec["to"]?.arrayValue ?? []).contains { to in
                to["group"]?.stringValue ?? "" == group && to["kind"]?.stringValue == kind
                    && (to["name"]?.nonEmptyString ?? key.name) == key.name
            }
    }
}
