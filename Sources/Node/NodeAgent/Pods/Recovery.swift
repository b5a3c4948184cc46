import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// Statuses that are written for pods that nothing runs.
struct Recovery: Sendable {
    var services: NodeServices

    /// Nothing of it runs, or will.
    static func isOver(_ pod: Object) -> Bool {
        ["Succeeded", "Failed"].contains(pod["status", "phase"]?.stringValue)
    }

    /// What runs of a pod under shims of an earlier run, or ended under one, by its container's name.
    func kept(of pod: Object) -> [String: KeptShim] {
        guard !Self.isOver(pod) else { return [:] }
        var found: [String: KeptShim] = [:]
        for container in pod.spec["containers"]?.arrayValue ?? [] {
            guard let name = container["name"]?.stringValue else { continue }
            found[name] = KeptShim.find(in: services.directories.container(pod: pod.uid, name))
        }
        return found
    }

    /// Takes back what a status says of a process that is no more, so that no request is sent to its address. The
    /// count of restarts stays; the next start adds to it.
    func reset(_ pod: Object) async {
        guard pod["status", "podIP"] != nil || pod.condition("Ready")?.isTrue == true else { return }
        var status: JSONValue = ["podIP": .null, "podIPs": .null]
        var stopped = pod
        let unready = ["Ready", "ContainersReady"].map {
            Condition($0, "False", reason: "NodeRestarted", message: "Martlet was started again")
        }
        stopped.setConditions(
            pod.conditions.filter { condition in !unready.contains { $0.type == condition.type } } + unready,
            now: services.time.timestamp)
        status["conditions"] = stopped["status", "conditions"]
        status["containerStatuses"] = .array(
            (pod["status", "containerStatuses"]?.arrayValue ?? []).map { container in
                var container = container
                container["ready"] = false
                container["started"] = false
                container["state"] = ["waiting": ["reason": "NodeRestarted", "message": "Martlet was started again"]]
                return container
            })
        await write(status, pod)
    }

    /// A pod that cannot run here ends, and says why.
    func refuse(_ pod: Object, _ refusal: PodManifest.Refusal) async {
        await write(["phase": "Failed", "reason": "Unsupported", "message": .string(refusal.description)], pod)
        await services.recorder.record(.warning, "Unsupported", about: pod, refusal.description)
    }

    private func write(_ status: JSONValue, _ pod: Object) async {
        do {
            let patch: JSONValue = ["metadata": ["uid": .string(pod.uid)], "status": status]
            let written = try await services.client.patch(.pods, pod.key, .merge(patch), subresource: "status")
            services.informer.take(written: written)
        } catch {
            services.logger.warning(
                "Could not write a pod's status", metadata: ["pod": "\(pod.key)", "error": "\(error)"])
        }
    }
}
