import JSONModel
import KubeModel

/// What a Pod's status says of one container, in the kubelet's words.
struct ContainerStatus {
    var container: ContainerManifest
    var machine: PodMachine

    /// An init container that ended well counts as ready.
    private var isDone: Bool { container.isInit && machine.state == .finished(.succeeded) }

    /// - Parameter uid: the pod's.
    func json(_ uid: String) -> JSONValue {
        var status: JSONValue = [
            "name": .string(container.name), "image": .string(container.image), "imageID": "",
            "ready": .bool(machine.isReady || isDone),
            "started": .bool(machine.startedAt != nil && machine.address != nil),
            "restartCount": .number(JSONNumber(machine.restartCount)), "state": state,
        ]
        if machine.launch > 0 { status["containerID"] = .string("martlet://\(uid)/\(machine.restartCount)") }
        if let termination = machine.termination, !machine.isFinished {
            status["lastState"] = ["terminated": Self.json(termination)]
        }
        return status
    }

    private var state: JSONValue {
        switch machine.state {
        case .preparing: Self.waiting(imageWait)
        case .starting: Self.waiting(.init(reason: "ContainerCreating", message: ""))
        case .waiting(let waiting): Self.waiting(waiting)
        case .up, .stopping:
            machine.startedAt.map { ["running": ["startedAt": .string(PodStatus.time($0))]] }
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
            .init(
                reason: machine.model == nil && machine.isReleased ? "ContainerCreating" : "PodInitializing",
                message: "")
        case .working(let message?): .init(reason: "PullingImage", message: message)
        case .failed(let message):
            .init(reason: machine.imageFailures > 1 ? "ImagePullBackOff" : "ErrImagePull", message: message)
        }
    }

    static func waiting(_ waiting: PodMachine.Waiting) -> JSONValue {
        var json: JSONValue = ["reason": .string(waiting.reason)]
        if !waiting.message.isEmpty { json["message"] = .string(waiting.message) }
        return ["waiting": json]
    }

    private static func json(_ end: PodMachine.Termination) -> JSONValue {
        var json: JSONValue = [
            "exitCode": .number(JSONNumber(end.exitCode)), "reason": .string(end.reason),
            "finishedAt": .string(PodStatus.time(end.finishedAt)),
        ]
        if let startedAt = end.startedAt { json["startedAt"] = .string(PodStatus.time(startedAt)) }
        if let signal = end.signal { json["signal"] = .number(JSONNumber(signal)) }
        if !end.message.isEmpty { json["message"] = .string(end.message) }
        return json
    }
}
