import JSONModel
import KubeModel
import ServingAPI

/// What this node reads of a Pod: its containers, their probes, its model.
struct PodManifest: Sendable {
    enum RestartPolicy: String, Sendable { case always = "Always", onFailure = "OnFailure", never = "Never" }

    /// Why a pod cannot run here, ever.
    struct Refusal: Error, Hashable, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    var pod: Object
    /// In the order of starting: the init containers, then those that stay.
    var containers: [ContainerManifest]
    var restartPolicy: RestartPolicy
    var gracePeriod: Duration
    /// Where the model comes from; empty for a pod without one.
    var modelParts: [ModelPart]

    /// - Throws: `Refusal` for what this version of Martlet cannot run; running half of it would be worse.
    init(_ pod: Object) throws(Refusal) {
        self.pod = pod
        containers = try Self.containers("initContainers", pod) + Self.containers("containers", pod)
        guard containers.contains(where: { !$0.isInit }) else {
            throw Refusal("spec.containers is empty: give the pod a container")
        }
        restartPolicy = pod.spec["restartPolicy"]?.stringValue.flatMap(RestartPolicy.init) ?? .always
        gracePeriod = .seconds(pod.spec["terminationGracePeriodSeconds"]?.intValue ?? 30)
        modelParts = ModelPart.parts(ofPod: pod)
    }

    var uid: String { pod.uid }
    var initCount: Int { containers.count { $0.isInit } }
    func unmetFields(limitsMemory: Bool) -> [String] {
        containers.flatMap { $0.unmetFields(of: pod, limitsMemory: limitsMemory) }
    }
    /// Differs for pods with different models.
    var modelTitle: String {
        modelParts.map { $0.uri ?? "\($0.connection?.key ?? "")/\($0.connection?.path ?? "")" }.joined(separator: "\n")
    }
    /// Where the containers find the model.
    var modelPath: String { ModelPart.mountPath(of: modelParts) }

    private static func containers(_ field: String, _ pod: Object) throws(Refusal) -> [ContainerManifest] {
        var containers: [ContainerManifest] = []
        for (index, json) in (pod.spec[field]?.arrayValue ?? []).enumerated() {
            let path = "spec.\(field)[\(index)]"
            if let policy = json["restartPolicy"]?.stringValue {
                throw Refusal(
                    "\(path).restartPolicy: \(policy) is not supported yet: put a container that runs beside the others "
                        + "into spec.containers")
            }
            containers.append(try ContainerManifest(json, path: path, isInit: field == "initContainers"))
        }
        return containers
    }
}
