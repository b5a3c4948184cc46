import KubeModel

extension Schema {
    static let pod = resource(
        "A group of containers that run together; on a machine each is a supervised process.",
        ["spec": fullPodSpec, "status": podStatus], required: ["spec"])

    private static let podStatus = record(
        "How the pod is; written by the node.",
        [
            "phase": text("Pending, Running, Succeeded, Failed or Unknown."),
            "conditions": conditions,
            "podIP": text("Address of the pod."),
            "podIPs": records("Addresses of the pod.", ["ip": text("Address.")], required: ["ip"], keys: ["ip"]),
            "hostIP": text("Address of the node."),
            "startTime": time("When the node took the pod on."),
            "reason": text("A word for machines."), "message": text("A sentence for people."),
            "containerStatuses": containerStatuses, "initContainerStatuses": containerStatuses,
            "qosClass": text("Guaranteed, Burstable or BestEffort."),
            "observedGeneration": int64("The generation that the status speaks of."),
        ]
    ).with { $0.preservesUnknownFields = true }

    private static let containerStatuses = list(
        of: record(
            "How a container is.",
            [
                "name": text("Name of the container."), "image": text("Image it runs."),
                "imageID": text("Exact image."), "containerID": text("Identity of the running container."),
                "ready": flag("Whether it passes its readiness probe."),
                "started": flag("Whether it passed its startup probe."),
                "restartCount": int32("How often it was restarted."),
                "state": containerState("Its state now."), "lastState": containerState("How it ended last time."),
            ]
        ).with { $0.preservesUnknownFields = true }
    ).described("How the containers are.")

    private static func containerState(_ description: String) -> Schema {
        let ended: [String: Schema] = [
            "exitCode": int32("Exit code."), "signal": int32("Signal that ended it."),
            "reason": text("A word: Completed, Error, OOMKilled."), "message": text("Its last words."),
            "startedAt": time("When it began."), "finishedAt": time("When it ended."),
            "containerID": text("Identity of the container."),
        ]
        return record(
            description,
            [
                "waiting": record(
                    "It does not run yet.",
                    ["reason": text("A word: what it waits for."), "message": text("A sentence for people.")]),
                "running": record("It runs.", ["startedAt": time("Since when.")]),
                "terminated": record("It has ended.", ended),
            ])
    }
}
