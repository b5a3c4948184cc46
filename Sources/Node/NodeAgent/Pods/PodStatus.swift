import JSONModel
import KubeModel

/// What a Pod's status says of its machine, in the kubelet's words.
struct PodStatus {
    static let hostIP = "127.0.0.1"
    /// KServe's init container, whose work this node does; its status stands for the model's.
    static let storageInitializer = "storage-initializer"

    var manifest: PodManifest
    var machine: PodMachine
    /// Microseconds since 1970.
    var startTime: Int64

    /// `pod` with the status that it ought to have. What did not change stays as it is, to the byte.
    ///
    /// - Parameter now: microseconds since 1970, for conditions that change.
    func applied(to pod: Object, now: Int64) -> Object {
        var pod = pod
        pod["status", "phase"] = .string(phase)
        pod["status", "hostIP"] = .string(Self.hostIP)
        pod["status", "startTime"] = pod["status", "startTime"] ?? .string(Self.time(startTime))
        pod["status", "podIP"] = machine.address.map { .string("\($0)") }
        pod["status", "podIPs"] = machine.address.map { [["ip": .string("\($0)")]] }
        pod["status", "containerStatuses"] = [containerStatus]
        pod["status", "initContainerStatuses"] = machine.model.map { [modelStatus($0)] }
        pod.setConditions(conditions, now: Self.time(now))
        return pod
    }

    static func time(_ microseconds: Int64) -> String { Timestamp.string(seconds: microseconds / 1_000_000) }

    private var phase: String {
        switch machine.state {
        case .finished(.succeeded): "Succeeded"
        case .finished(.failed): "Failed"
        default: machine.startedAt != nil || machine.termination != nil ? "Running" : "Pending"
        }
    }

    private var conditions: [Condition] {
        let isModelHere = machine.model == nil || machine.model == .done
        let name = manifest.containerName
        let unready = { (type: String) in
            Condition(
                type, "False", reason: "ContainersNotReady", message: "containers with unready status: [\(name)]")
        }
        var conditions = [
            Condition("PodScheduled", "True"),
            isModelHere
                ? Condition("Initialized", "True")
                : Condition(
                    "Initialized", "False", reason: "ContainersNotInitialized",
                    message: "containers with incomplete status: [\(Self.storageInitializer)]"),
            machine.isReady ? Condition("ContainersReady", "True") : unready("ContainersReady"),
            machine.isReady ? Condition("Ready", "True") : unready("Ready"),
        ]
        if let problem = machine.confinementProblem {
            conditions.append(
                Condition("martlet.dev/Confined", "False", reason: "NamespacesRefused", message: problem))
        }
        return conditions
    }

    private var containerStatus: JSONValue {
        var status: JSONValue = [
            "name": .string(manifest.containerName), "image": .string(manifest.image), "imageID": "",
            "ready": .bool(machine.isReady), "started": .bool(machine.startedAt != nil && machine.address != nil),
            "restartCount": .number(JSONNumber(machine.restartCount)), "state": containerState,
        ]
        if machine.launch > 0 { status["containerID"] = .string("martlet://\(manifest.uid)/\(machine.restartCount)") }
        if let termination = machine.termination, !machine.isFinished {
            status["lastState"] = ["terminated": Self.json(termination)]
        }
        return status
    }

    private var containerState: JSONValue {
        switch machine.state {
        case .preparing: Self.waiting(imageWait)
        case .starting: Self.waiting(.init(reason: "ContainerCreating", message: ""))
        case .waiting(let waiting): Self.waiting(waiting)
        case .up, .stopping:
            machine.startedAt.map { ["running": ["startedAt": .string(Self.time($0))]] }
                ?? Self.waiting(.init(reason: "ContainerCreating", message: ""))
        case .finished(.shutdown): Self.waiting(.init(reason: "NodeShutdown", message: "Martlet was stopped"))
        case .finished:
            machine.termination.map { ["terminated": Self.json($0)] }
                ?? Self.waiting(.init(reason: "PodInitializing", message: ""))
        }
    }

    private var imageWait: PodMachine.Waiting {
        switch machine.image {
        case .working(nil), .done:
            .init(reason: machine.model == nil ? "ContainerCreating" : "PodInitializing", message: "")
        case .working(let message?): .init(reason: "PullingImage", message: message)
        case .failed(let message):
            .init(reason: machine.imageFailures > 1 ? "ImagePullBackOff" : "ErrImagePull", message: message)
        }
    }

    private func modelStatus(_ model: PodMachine.Preparation) -> JSONValue {
        let state: JSONValue
        switch model {
        case .working(let message): state = Self.waiting(.init(reason: "Downloading", message: message ?? ""))
        case .done: state = ["terminated": ["exitCode": 0, "reason": "Completed"]]
        case .failed(let message):
            state = ["terminated": ["exitCode": 1, "reason": "Error", "message": .string(message)]]
        }
        return [
            "name": .string(Self.storageInitializer), "image": "", "imageID": "", "ready": .bool(model == .done),
            "restartCount": .number(JSONNumber(machine.modelFailures)), "state": state,
        ]
    }

    private static func waiting(_ waiting: PodMachine.Waiting) -> JSONValue {
        var json: JSONValue = ["reason": .string(waiting.reason)]
        if !waiting.message.isEmpty { json["message"] = .string(waiting.message) }
        return ["waiting": json]
    }

    private static func json(_ end: PodMachine.Termination) -> JSONValue {
        var json: JSONValue = [
            "exitCode": .number(JSONNumber(end.exitCode)), "reason": .string(end.reason),
            "finishedAt": .string(time(end.finishedAt)),
        ]
        if let startedAt = end.startedAt { json["startedAt"] = .string(time(startedAt)) }
        if let signal = end.signal { json["signal"] = .number(JSONNumber(signal)) }
        if !end.message.isEmpty { json["message"] = .string(end.message) }
        return json
    }
}
