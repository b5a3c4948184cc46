import JSONModel
import KubeModel

/// What must hold for `workerSpec`, of a predictor or of a runtime: the workers of a model that spans nodes.
struct WorkerValidation {
    let worker: JSONValue
    let path: FieldPath
    /// Of the object that it stands in.
    let annotations: [String: String]

    private static let sizes = ["pipelineParallelSize", "tensorParallelSize"]
    private static let sizeVariables = ["PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE"]

    private var containers: [(container: JSONValue, path: FieldPath)] {
        (worker["containers"]?.arrayValue ?? []).enumerated().map { ($1, path.field("containers").index($0)) }
    }

    func check() -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if containers.count > 1 { causes.append(.forbidden(path.field("containers"), "a worker has one container")) }
        for size in Self.sizes {
            guard let value = worker[size]?.intValue, value < 1 else { continue }
            causes.append(.invalid(path.field(size), "\(value)", "must be at least 1"))
        }
        return causes + containers.flatMap { variables($0.container, $0.path) + devices($0.container, $0.path) }
    }

    private func variables(_ container: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (container["env"]?.arrayValue ?? []).enumerated().compactMap { index, entry in
            guard let name = entry["name"]?.stringValue, Self.sizeVariables.contains(name) else { return nil }
            return .forbidden(
                path.field("env").index(index).field("name"), "\(name) is set by workerSpec; remove the variable")
        }
    }

    /// Resources that are no GPU that is known, by default or by annotation.
    private func devices(_ container: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let known = GPUResources.known(annotations)
        return ["limits", "requests"].flatMap { list -> [Status.Cause] in
            let names = container[path: "resources", list]?.objectValue?.keys ?? []
            return names.filter { !known.contains($0) && !$0.hasPrefix("nvidia.com/mig") }.map {
                .invalid(
                    path.field("resources").field(list).key($0), $0.quoted,
                    "is not known as a GPU; list it in the annotation \(GPUResources.annotation), as [\"\($0)\"]")
            }
        }
    }

    /// For a predictor with workers, what must hold beside them.
    static func check(
        _ predictor: JSONValue, _ annotations: [String: String], _ path: FieldPath
    ) -> [Status.Cause] {
        guard let worker = predictor["workerSpec"], worker.objectValue != nil else { return [] }
        let field = path.field("workerSpec")
        let containers = worker["containers"]?.arrayValue ?? []
        let blocked = containers.enumerated().flatMap {
            BlockedEnvironment.check($1, field.field("containers").index($0))
        }
        return WorkerValidation(worker: worker, path: field, annotations: annotations).check() + blocked
            + PodSpecValidation(spec: worker, path: field, needsImages: false, knowsVolumes: false).check()
            + storage(predictor, path) + scaler(annotations)
    }

    private static func storage(_ predictor: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let field = path.field("model").field("storageUri")
        guard let uri = predictor[path: "model", "storageUri"]?.nonEmptyString else {
            return [.required(field, "a model that spans nodes needs storageUri, with pvc:// or oci://")]
        }
        if uri.hasPrefix("pvc://") || uri.hasPrefix("oci://") { return [] }
        return [.invalid(field, uri.quoted, "a model that spans nodes is read from pvc:// or oci://")]
    }

    private static func scaler(_ annotations: [String: String]) -> [Status.Cause] {
        guard let name = annotations[ServingKeys.autoscalerClass], name != "none" else { return [] }
        let field = FieldPath("metadata", "annotations").key(ServingKeys.autoscalerClass)
        return [.notSupported(field, name.quoted, supported: ["none"])]
    }
}

/// Which resources of containers are GPUs.
enum GPUResources {
    static let annotation = "serving.kserve.io/gpu-resource-types"
    private static let plain = ["cpu", "memory", "ephemeral-storage", "storage"]
    private static let gpus = ["nvidia.com/gpu", "amd.com/gpu", "intel.com/gpu", "habana.ai/gaudi"]

    /// Those that workers may ask for: a list in JSON in the annotation adds to them.
    static func known(_ annotations: [String: String]) -> Set<String> {
        let listed = annotations[annotation].flatMap { try? JSONValue(parsing: $0) }?.words ?? []
        return Set(plain + gpus + listed)
    }
}
