import JSONModel
import KubeModel

/// What must hold for an InferenceGraph, beyond its schema.
enum InferenceGraphValidation {
    @Sendable static func check(_ graph: Object, _ old: Object?) -> [Status.Cause] {
        let nodes = graph.spec["nodes"]?.objectValue ?? [:]
        let path = FieldPath("spec", "nodes")
        return (old == nil ? NameRule.dns1035Label.check(graph) : []) + root(nodes, path)
            + nodes.flatMap { check($0.value, nodes, path.key($0.key)) } + circles(InferenceGraph(graph), path)
            + replicas(graph.spec)
    }

    /// What has no effect here.
    @Sendable static func warn(_ graph: Object, _ old: Object?) -> [String] {
        let fields = [
            "resources", "affinity", "minReplicas", "maxReplicas", "scaleTarget", "scaleMetric", "tolerations",
            "nodeSelector", "nodeName", "serviceAccountName",
        ].filter { graph.spec[$0] != nil }
        guard !fields.isEmpty else { return [] }
        let names = fields.map { "spec.\($0)" }.joined(separator: ", ")
        return ["the router of a graph is a part of Martlet, not a pod: no effect has \(names)"]
    }

    /// A node that leads back to itself would never end.
    private static func circles(_ graph: InferenceGraph, _ path: FieldPath) -> [Status.Cause] {
        var done: Set<String> = []
        func circle(from name: String, _ trail: [String]) -> [String]? {
            if let start = trail.firstIndex(of: name) { return Array(trail[start...]) + [name] }
            guard done.insert(name).inserted, let node = graph.node(name) else { return nil }
            for step in node.steps {
                if let next = step.nodeName, let found = circle(from: next, trail + [name]) { return found }
            }
            return nil
        }
        for (name, _) in graph.nodes {
            if let found = circle(from: name, []) {
                let why = "the nodes lead in a circle: \(found.joined(separator: " -> "))"
                return [.invalid(path, found[0].quoted, why)]
            }
        }
        return []
    }

    private static func root(_ nodes: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        nodes["root"] == nil ? [.required(path.key("root"), "requests begin at the node named root")] : []
    }

    private static func check(_ node: JSONValue, _ nodes: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        let steps = node["steps"]?.arrayValue ?? []
        let path = path.field("steps")
        var causes =
            names(steps, path)
            + steps.enumerated().flatMap { index, step in
                target(step, nodes, path.index(index)) + content(step, path.index(index))
            }
        if node["routerType"] == "Splitter" { causes += weights(steps, path) }
        return causes
    }

    private static func names(_ steps: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        var seen: Set<String> = []
        return steps.enumerated().compactMap { index, step in
            guard let name = step["name"]?.nonEmptyString, !seen.insert(name).inserted else { return nil }
            return .duplicate(path.index(index).field("name"), name.quoted)
        }
    }

    /// One of nodeName, serviceName and serviceUrl.
    private static func target(_ step: JSONValue, _ nodes: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        let targets = ["nodeName", "serviceName", "serviceUrl"]
        let given = targets.filter { step[$0]?.nonEmptyString != nil }
        if given.isEmpty { return [.required(path, "say where requests go: nodeName, serviceName or serviceUrl")] }
        if given.count > 1 {
            return [.forbidden(path, "a step has one target; found \(given.joined(separator: " and "))")]
        }
        guard let node = step["nodeName"]?.nonEmptyString, nodes[node] == nil else { return [] }
        return [.invalid(path.field("nodeName"), node.quoted, "there is no such node in spec.nodes")]
    }

    private static func content(_ step: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let condition = step["condition"]?.nonEmptyString {
            do throws(GJSONPath.Problem) { _ = try GJSONPath(condition) } catch {
                causes.append(.invalid(path.field("condition"), condition.quoted, "the GJSON path \(error.why)"))
            }
        }
        if let data = step["data"]?.nonEmptyString, !["$request", "$response"].contains(data) {
            causes.append(.notSupported(path.field("data"), data.quoted, supported: ["$request", "$response"]))
        }
        if let url = step["serviceUrl"]?.nonEmptyString, GraphURL(url) == nil {
            let why = "must be http:// and a host that the gateway serves, such as "
            causes.append(
                .invalid(path.field("serviceUrl"), url.quoted, why + "http://NAME.NAMESPACE.svc.cluster.local/PATH"))
        }
        return causes
    }

    private static func weights(_ steps: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        let missing = steps.enumerated().filter { $0.element["weight"] == nil }.map {
            Status.Cause.required(path.index($0.offset).field("weight"), "steps of a Splitter have their shares")
        }
        let sum = steps.reduce(0) { $0 + ($1["weight"]?.intValue ?? 0) }
        guard missing.isEmpty, sum != 100 else { return missing }
        return [.invalid(path, "\(sum)", "the weights of a Splitter must sum to 100")]
    }

    private static func replicas(_ spec: JSONValue) -> [Status.Cause] {
        let path = FieldPath("spec")
        var causes = ["minReplicas", "maxReplicas"].compactMap { field -> Status.Cause? in
            guard let value = spec[field]?.intValue, value < 0 else { return nil }
            return .invalid(path.field(field), "\(value)", "must be at least 0")
        }
        if let least = spec["minReplicas"]?.intValue, let most = spec["maxReplicas"]?.intValue, most > 0, least > most {
            causes.append(
                .invalid(path.field("minReplicas"), "\(least)", "must not be greater than maxReplicas (\(most))"))
        }
        return causes
    }
}
