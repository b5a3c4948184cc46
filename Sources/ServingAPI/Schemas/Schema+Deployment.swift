import KubeModel

extension Schema {
    static let deployment = resource(
        "Keeps a number of equal pods running.",
        [
            "spec": record(
                "What is wanted.",
                [
                    "replicas": int32("Number of pods.", minimum: 0),
                    "selector": labelSelector.described("Which pods are its own; cannot be changed."),
                    "template": podTemplate,
                    "strategy": deploymentStrategy,
                    "minReadySeconds": int32("Seconds that a pod must be ready to count.", minimum: 0),
                    "revisionHistoryLimit": int32("Old versions that are kept.", minimum: 0),
                    "progressDeadlineSeconds": int32("Seconds without progress that count as failure.", minimum: 0),
                    "paused": flag("Whether changes wait."),
                ], required: ["selector", "template"]),
            "status": record(
                "What there is; written by the controller.",
                [
                    "replicas": int32("Pods."), "updatedReplicas": int32("Pods of the newest template."),
                    "readyReplicas": int32("Pods that are ready."),
                    "availableReplicas": int32("Pods that have been ready for long enough."),
                    "unavailableReplicas": int32("Pods that are still missing."),
                    "terminatingReplicas": int32("Pods that are on their way out."),
                    "collisionCount": int32("Collisions of names."),
                    "observedGeneration": int64("The generation that the status speaks of."),
                    "conditions": conditions,
                ]),
        ], required: ["spec"])

    static let deploymentStrategy = record(
        "How old pods are replaced by new ones.",
        [
            "type": choice("RollingUpdate or Recreate.", "RollingUpdate", "Recreate"),
            "rollingUpdate": record(
                "Bounds of a rolling update.",
                [
                    "maxSurge": intOrString.described("Pods above the wanted number, or percent of it."),
                    "maxUnavailable": intOrString.described("Pods below the wanted number, or percent of it."),
                ]),
        ])
}
