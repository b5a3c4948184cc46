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
            + worker(runtime, old?.spec, path)
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

    private static func worker(_ runtime: Object, _ old: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        let path = path.field("workerSpec")
        guard let worker = runtime.spec["workerSpec"], worker.objectValue != nil else {
            return old?["workerSpec"] == nil ? [] : [.forbidden(path, "cannot be removed once it is there")]
        }
        let containers = worker["containers"]?.arrayValue ?? []
        let blocked = containers.enumerated().flatMap {
            BlockedEnvironment.check($1, path.field("containers").index($0))
        }
        return PodSpecValidation(spec: worker, path: path).check() + blocked
            + WorkerValidation(worker: worker, path: path, annotations: runtime.annotations).check()
    }
}
