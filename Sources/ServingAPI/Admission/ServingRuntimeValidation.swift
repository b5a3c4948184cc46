import JSONModel
import KubeModel

/// What must hold for a ServingRuntime or ClusterServingRuntime, beyond its schema. One that is disabled may be unfinished.
enum ServingRuntimeValidation {
    @Sendable static func check(_ runtime: Object, _ old: Object?) -> [Status.Cause] {
        let spec = runtime.spec
        guard spec["disabled"] != true else { return [] }
        let path = FieldPath("spec")
        return PodSpecValidation(spec: spec, path: path).check() + servingContainer(spec, path)
            + environment(spec, path) + placeholders(spec, path) + priorities(spec, path)
            + worker(spec, old?.spec, path)
    }

    private static func servingContainer(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let containers = spec["containers"]?.arrayValue, spec["multiModel"] != true else { return [] }
        let names = containers.compactMap { $0["name"]?.stringValue }
        if names.contains(ServingKeys.servingContainer) { return [] }
        let found = names.isEmpty ? "found none" : "found \(names.joined(separator: ", "))"
        return [
            .required(
                path.field("containers"),
                "one container must be named \(ServingKeys.servingContainer): it serves the model; \(found)")
        ]
    }

    private static func environment(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (spec["containers"]?.arrayValue ?? []).enumerated().flatMap { index, container in
            BlockedEnvironment.check(container, path.field("containers").index(index))
        }
    }

    private static func placeholders(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (spec["containers"]?.arrayValue ?? []).enumerated().flatMap { index, container in
            Placeholders.unknown(in: container).map { unknown in
                .invalid(path.field("containers").index(index), unknown.quoted, Placeholders.expectation)
            }
        }
    }

    /// Selection reads the priority of the first entry with a format's name, so that all must be the same.
    private static func priorities(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let path = path.field("supportedModelFormats")
        var first: [String: Int] = [:]
        return (spec["supportedModelFormats"]?.arrayValue ?? []).enumerated().compactMap { index, format in
            guard let name = format["name"]?.stringValue, let priority = format["priority"]?.intValue else {
                return nil
            }
            guard let other = first[name] else {
                first[name] = priority
                return nil
            }
            guard other != priority else { return nil }
            return .invalid(
                path.index(index).field("priority"), "\(priority)",
                "must be \(other), as for the format \(name) before it: a format has one priority in a runtime")
        }
    }

    private static func worker(_ spec: JSONValue, _ old: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        let path = path.field("workerSpec")
        guard let worker = spec["workerSpec"], worker.objectValue != nil else {
            return old?["workerSpec"] == nil ? [] : [.forbidden(path, "cannot be removed once it is there")]
        }
        var causes = PodSpecValidation(spec: worker, path: path).check()
        let containers = worker["containers"]?.arrayValue ?? []
        if containers.count > 1 { causes.append(.forbidden(path.field("containers"), "a worker has one container")) }
        for size in ["pipelineParallelSize", "tensorParallelSize"] {
            guard let value = worker[size]?.intValue, value < 1 else { continue }
            causes.append(.invalid(path.field(size), "\(value)", "must be at least 1"))
        }
        return causes + containers.enumerated().flatMap { sizeVariables($1, path.field("containers").index($0)) }
    }

    private static func sizeVariables(_ container: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (container["env"]?.arrayValue ?? []).enumerated().compactMap { index, entry in
            guard let name = entry["name"]?.stringValue,
                ["PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE"].contains(name)
            else { return nil }
            return .forbidden(
                path.field("env").index(index).field("name"), "\(name) is set by workerSpec; remove the variable")
        }
    }
}
