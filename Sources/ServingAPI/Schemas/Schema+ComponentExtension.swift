import JSONModel
import KubeModel

extension Schema {
    /// The fields that every component of an InferenceService has beside its pod.
    static let componentExtension: [String: Schema] = [
        "minReplicas": int32("Least number of replicas; 0 lets it scale to zero. 1 if not given."),
        "maxReplicas": int32("Most replicas; 0 for no bound."),
        "scaleTarget": int32("Value of the metric that one replica should see."),
        "scaleMetric": choice("What is scaled by.", "cpu", "memory", "concurrency", "rps"),
        "scaleMetricType": choice("How the target is meant.", "Utilization", "Value", "AverageValue"),
        "autoScaling": record(
            "Scaling by several metrics.",
            [
                "metrics": list(of: autoScalingMetric).described("The metrics."),
                "behavior": .anyObject.described("How fast to scale."),
            ]),
        "containerConcurrency": int64("Most requests at once in one replica; 0 for no limit."),
        "timeout": int64("Seconds that a request may take."),
        "canaryTrafficPercent": int64("Share of the traffic for the newest revision; the rest stays where it was."),
        "logger": logger,
        "batcher": record(
            "Puts requests together.",
            [
                "maxBatchSize": int32("Most requests in one."), "maxLatency": int32("Milliseconds to wait for more."),
                "timeout": int32("Seconds that a batch may take."),
            ]),
        "labels": strings("Labels for the pods."),
        "annotations": strings("Annotations for the pods."),
        "deploymentStrategy": deploymentStrategy,
        "storageUris": records(
            "Several places that the model's files come from.",
            [
                "uri": text("Where from."),
                "mountPath": text("Where to.").defaulting(to: "/mnt/models").with {
                    $0.pattern = "^/.*"
                    $0.maxLength = 255
                },
            ], required: ["uri"]
        ).with { $0.minItems = 1 },
        "storageContainerName": text("Storage container to fetch with."),
    ]

    private static let metricTarget = record(
        "The value to hold.",
        [
            "type": choice("How it is meant.", "Utilization", "Value", "AverageValue"),
            "value": quantity.described("In total."), "averageValue": quantity.described("On average."),
            "averageUtilization": int32("Percent of what is requested."),
        ])

    private static let autoScalingMetric = record(
        "One metric.",
        [
            "type": choice("Kind of metric.", "Resource", "External", "PodMetric"),
            "resource": record(
                "A resource of the pods.", ["name": choice("Which.", "cpu", "memory"), "target": metricTarget]),
            "external": record(
                "A metric from elsewhere.",
                [
                    "metric": record(
                        "Which.",
                        [
                            "backend": text("prometheus or graphite."), "serverAddress": text("Where to ask."),
                            "query": text("What to ask."), "namespace": text("Namespace of the query."),
                        ]), "target": metricTarget,
                    "authenticationRef": .anyObject.described("How to authenticate."),
                ]),
            "podmetric": record(
                "A metric of the pods.",
                [
                    "metric": record(
                        "Which.",
                        [
                            "backend": text("opentelemetry."), "serverAddress": text("Where to ask."),
                            "metricNames": words("Names."), "query": text("What to ask."),
                            "operationOverTime": text("How to sum up."),
                        ]), "target": metricTarget,
                ]),
        ], required: ["type"])

    private static let logger = record(
        "Copies requests and responses.",
        [
            "url": text("Where to."), "mode": text("all, request or response."),
            "metadataHeaders": words("Headers to copy too."), "metadataAnnotations": words("Annotations to copy too."),
            "storage": record(
                "A store to write to.",
                [
                    "path": text("Path."), "key": text("Entry of the storage Secret."),
                    "parameters": strings("Settings."), "serviceAccountName": text("Who writes."),
                ]), "marshallerUrl": text("Service that formats batches."),
            "batchSize": int32("Most entries of a batch."), "batchInterval": text("Longest wait for a batch."),
        ])
}
