import JSONModel
import KubeModel

/// What must hold for an InferenceGraph, beyond its schema.
enum InferenceGraphValidation {
    @Sendable static func check(_ graph: Object, _ old: Object?) -> [Status.Cause] {
        let nodes = graph.spec["nodes"]?.objectValue ?? [:]
        let path = FieldPath("spec", "nodes")
        return (old == nil ? NameRule.dns1035Label.check(graph) : []) + root(nodes, path)
            + nodes.flatMap { check($0.value, nodes, path.key($0.key)) } + replicas(graph.spec)
    }

    private static func root(_ nodes: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        nodes["root"] == nil ? [.required(path.key("root"), "requests begin at the node named root")] : []
    }

    private static func check(_ node: JSONValue, _ nodes: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        let steps = node["steps"]?.arrayValue ?? []
        let path = path.field("steps")
        var causes = names(steps, path) + steps.enumerated().flatMap { target($1, nodes, path.index($0)) }
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
