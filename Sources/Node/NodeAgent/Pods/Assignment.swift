import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// The scheduler of one machine: a pod that names no node gets this one.
struct Assignment: Sendable {
    var services: NodeServices
    var nodeName: String

    /// Whether a pod waits for the default scheduler.
    static func isWanted(_ pod: Object) -> Bool {
        let isAssigned = pod["spec", "nodeName"]?.stringValue.map { !$0.isEmpty } ?? false
        let scheduler = pod["spec", "schedulerName"]?.stringValue ?? "default-scheduler"
        return !isAssigned && !pod.isBeingDeleted && scheduler == "default-scheduler"
            && pod["spec", "schedulingGates"]?.arrayValue?.isEmpty ?? true
    }

    func assign(_ pod: Object) async {
        do {
            let patch: JSONValue = [
                "metadata": ["uid": .string(pod.uid), "resourceVersion": .string(pod.resourceVersion)],
                "spec": ["nodeName": .string(nodeName)],
            ]
            services.informer.take(written: try await services.client.patch(.pods, pod.key, .merge(patch)))
        } catch let status as Status where status.isNotFound || status.isConflict {
            // It is gone, or someone else was faster.
            return
        } catch {
            services.logger.warning(
                "Could not assign a pod to this machine", metadata: ["pod": "\(pod.key)", "error": "\(error)"])
            return
        }
        await services.recorder.record(
            .normal, "Scheduled", about: pod, "Successfully assigned \(pod.key) to \(nodeName)")
    }
}
