import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// A call on `metrics.k8s.io/v1beta1`: NodeMetrics and PodMetrics are made when they are asked for, and never stored.
struct MetricsCall: Sendable {
    static let nodes = Resource(
        group: "metrics.k8s.io", version: "v1beta1", kind: "NodeMetrics", plural: "nodes", isNamespaced: false)
    static let pods = Resource(group: "metrics.k8s.io", version: "v1beta1", kind: "PodMetrics", plural: "pods")

    let server: ObjectServer
    let usage: any UsageSource
    let target: ResourceTarget
    let request: APIRequest

    /// `nil` where the path is none of these.
    func answer() async throws -> APIResponse? {
        guard target.group == Self.pods.group, target.version == Self.pods.version, target.subresource == nil else {
            return nil
        }
        guard request.method == "GET", !request.query.bool("watch") else { throw Status.methodNotAllowed }
        switch target.plural {
        case Self.nodes.plural where target.namespace == nil: return try await answer(Self.nodes, nodes())
        case Self.pods.plural: return try await answer(Self.pods, pods())
        default: return nil
        }
    }

    private func answer(_ resource: Resource, _ items: [Object]) throws -> APIResponse {
        if let name = target.name {
            guard let item = items.first(where: { $0.name == name }) else { throw Status.notFound(resource, name) }
            return .json(item.json)
        }
        return .json([
            "kind": .string("\(resource.kind)List"), "apiVersion": .string(resource.apiVersion), "metadata": [:],
            "items": .array(items.map(\.json)),
        ])
    }

    private func nodes() async throws -> [Object] {
        let usages = await usage.nodes()
        return try await stored(.nodes).compactMap { node in
            guard let usage = usages[node.name] else { return nil }
            return metrics(Self.nodes, node, usage.window, ["usage": Self.amounts(usage)])
        }
    }

    private func pods() async throws -> [Object] {
        let usages = await usage.pods()
        return try await stored(.pods).compactMap { pod in
            guard let containers = usages[pod.key], let window = containers.values.map(\.window).max() else {
                return nil
            }
            let list = containers.sorted { $0.key < $1.key }.map { container -> JSONValue in
                ["name": .string(container.key), "usage": Self.amounts(container.value)]
            }
            return metrics(Self.pods, pod, window, ["containers": .array(list)])
        }
    }

    /// What is measured, as far as it is asked for.
    private func stored(_ resource: Resource) async throws -> [Object] {
        var options = try ListOptions(request.query)
        (options.limit, options.continueToken, options.resourceVersion, options.resourceVersionMatch) = (
            0, nil, nil, nil
        )
        let list = try await server.list(resource, namespace: target.namespace, options)
        return list.items.filter { target.name == nil || $0.name == target.name }
    }

    private func metrics(_ resource: Resource, _ owner: Object, _ window: Duration, _ body: JSONObject) -> Object {
        let now = Timestamp.string(seconds: server.environment.now() / 1_000_000)
        var object = Object(resource, namespace: owner.namespace, name: owner.name, body)
        object.labels = owner.labels
        object["metadata", "creationTimestamp"] = .string(now)
        object["timestamp"] = .string(now)
        let milliseconds = Int((window / .milliseconds(1)).rounded())
        object["window"] = .string("\(milliseconds / 1_000).\(String(milliseconds % 1_000 + 1_000).dropFirst())s")
        return object
    }

    /// In the units in which metrics-server gives them.
    private static func amounts(_ usage: ResourceUsage) -> JSONValue {
        ["cpu": .string("\(usage.nanocores)n"), "memory": .string("\(usage.memory / 1_024)Ki")]
    }
}

extension APIResource {
    /// What `metrics.k8s.io` serves.
    static let metrics = [MetricsCall.nodes, MetricsCall.pods].map {
        APIResource(
            resource: $0, singular: $0.kind.lowercased().replacing("metrics", with: ""), verbs: ["get", "list"])
    }
}
