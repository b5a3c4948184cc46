import JSONModel
import KubeModel

/// The status of a ReplicaSet: its pods, counted.
enum ReplicaSetStatus {
    static func json(_ set: Object, pods: [Object], clock: Calendar) -> JSONValue {
        let alive = pods.filter(\.isAlive)
        let availability = PodAvailability(set, at: clock)
        let template = Object(set["spec", "template"] ?? [:]).labels
        func count(_ isCounted: (Object) -> Bool) -> JSONValue { .number(JSONNumber(alive.count(where: isCounted))) }
        var status: JSONValue = [
            "observedGeneration": .number(JSONNumber(set.generation)), "replicas": count { _ in true },
        ]
        guard !alive.isEmpty else { return status }
        status["fullyLabeledReplicas"] = count { pod in template.allSatisfy { pod.labels[$0.key] == $0.value } }
        status["readyReplicas"] = count(\.isReady)
        status["availableReplicas"] = count(availability.isAvailable)
        return status
    }
}
