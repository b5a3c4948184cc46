import JSONModel
import KubeModel

/// What a Pod's status says of its containers' machines, in the kubelet's words.
struct PodStatus {
    static let hostIP = "127.0.0.1"
    /// KServe's init container, whose work this node does; its status stands for the model's.
    static let storageInitializer = "storage-initializer"

    /// False where a process runs with less around it than it should have.
    static let confinedCondition = "martlet.dev/Confined"

    var manifest: PodManifest
    var machines: PodMachines
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
        pod["status", "podIP"] = machines.address.map { .string("\($0)") }
        pod["status", "podIPs"] = machines.address.map { [["ip": .string("\($0)")]] }
        let statuses = zip(manifest.containers, machines.all).map {
            ContainerStatus(container: $0, machine: $1).json(uid)
        }
        let initial = (machines.model.map { [modelStatus($0)] } ?? []) + statuses.prefix(machines.initCount)
        pod["status", "containerStatuses"] = .array(Array(statuses.dropFirst(machines.initCount)))
        pod["status", "initContainerStatuses"] = initial.isEmpty ? nil : .array(initial)
        pod.setConditions(conditions, now: Self.time(now))
        return pod
    }

    static func time(_ microseconds: Int64) -> String { Timestamp.string(seconds: microseconds / 1_000_000) }

    private var uid: String { manifest.uid }

    private var phase: String {
        let lasting = machines.lasting
        if machines.hasFailedAtStart { return "Failed" }
        if lasting.allSatisfy({ $0.hasEndedByItself }) {
            return lasting.contains { $0.state == .finished(.failed) } ? "Failed" : "Succeeded"
        }
        return lasting.contains { $0.startedAt != nil || $0.termination != nil } ? "Running" : "Pending"
    }

    private var conditions: [Condition] {
        let incomplete = incomplete
        let unreadyNames = names(machines.lasting) { !$0.isReady }
        let unready = { (type: String) in
            Condition(
                type, "False", reason: "ContainersNotReady",
                message: "containers with unready status: [\(unreadyNames)]")
        }
        var conditions = [
            Condition("PodScheduled", "True"),
            incomplete.isEmpty
                ? Condition("Initialized", "True")
                : Condition(
                    "Initialized", "False", reason: "ContainersNotInitialized",
                    message: "containers with incomplete status: [\(incomplete.joined(separator: " "))]"),
            machines.isReady ? Condition("ContainersReady", "True") : unready("ContainersReady"),
            machines.isReady ? Condition("Ready", "True") : unready("Ready"),
        ]
        if let problem = machines.confinementProblem {
            conditions.append(
                Condition(Self.confinedCondition, "False", reason: "NamespacesRefused", message: problem))
        } else if !machines.lacks.isEmpty {
            let lacks = machines.lacks.joined(separator: ", ")
            conditions.append(
                Condition(
                    Self.confinedCondition, "False", reason: "PartlyConfined",
                    message: "this machine refuses a part of the sandbox: \(lacks)"))
        } else if Confinement.isRelaxed(manifest.pod) {
            conditions.append(
                Condition(
                    Self.confinedCondition, "False", reason: "Relaxed",
                    message: "the pod's annotation \(Confinement.annotation) asks for less of a sandbox"))
        }
        return conditions
    }

    /// What has to end before the containers start.
    private var incomplete: [String] {
        let isModelHere = machines.model == nil || machines.model == .done
        let initial = zip(manifest.containers, machines.initial).filter { $1.state != .finished(.succeeded) }
        return (isModelHere ? [] : [Self.storageInitializer]) + initial.map(\.0.name)
    }

    private func names(_ some: ArraySlice<PodMachine>, _ isMeant: (PodMachine) -> Bool) -> String {
        some.indices.filter { isMeant(some[$0]) }.map { manifest.containers[$0].name }.joined(separator: " ")
    }

    private func modelStatus(_ model: PodMachine.Preparation) -> JSONValue {
        let state: JSONValue
        switch model {
        case .working(let message):
            state = ContainerStatus.waiting(.init(reason: "Downloading", message: message ?? ""))
        case .done: state = ["terminated": ["exitCode": 0, "reason": "Completed"]]
        case .failed(let message):
            state = ["terminated": ["exitCode": 1, "reason": "Error", "message": .string(message)]]
        }
        return [
            "name": .string(Self.storageInitializer), "image": "", "imageID": "", "ready": .bool(model == .done),
            "restartCount": .number(JSONNumber(machines[0].modelFailures)), "state": state,
        ]
    }
}
