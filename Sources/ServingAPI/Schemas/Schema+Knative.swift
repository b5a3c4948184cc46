import KubeModel

extension Schema {
    /// `Service` of serving.knative.dev/v1.
    static let knativeService = resource(
        "A program at a URL: makes a Configuration and a Route.",
        [
            "spec": record("What is wanted.", ["template": revisionTemplate, "traffic": traffic]),
            "status": knativeStatus.merging(configurationStatus).merging(routeStatus),
        ])

    static let configuration = resource(
        "Makes a new Revision each time its template changes.",
        [
            "spec": record("What is wanted.", ["template": revisionTemplate]),
            "status": knativeStatus.merging(configurationStatus),
        ])

    static let route = resource(
        "A URL and the revisions behind it.",
        ["spec": record("What is wanted.", ["traffic": traffic]), "status": knativeStatus.merging(routeStatus)])

    static let revision = resource(
        "One version of a program; never changes.",
        [
            "spec": revisionSpec,
            "status": knativeStatus.merging([
                "actualReplicas": int32("Replicas that run."), "desiredReplicas": int32("Replicas that are wanted."),
                "logUrl": text("Where its logs are."),
                "containerStatuses": imageDigests, "initContainerStatuses": imageDigests,
            ]),
        ])

    static let podAutoscaler = resource(
        "How a revision is scaled.",
        [
            "spec": record(
                "What is wanted.",
                [
                    "scaleTargetRef": objectReference.described("What is scaled."),
                    "containerConcurrency": int64("Most requests at once in one replica; 0 for no limit.", minimum: 0),
                    "protocolType": text("http1 or h2c."),
                    "reachability": text("Reachable, Unreachable or empty for unknown."),
                ], required: ["scaleTargetRef", "protocolType"]),
            "status": knativeStatus.merging([
                "desiredScale": int32("Replicas that are wanted."), "actualScale": int32("Replicas that run."),
                "serviceName": text("Service of the revision."),
                "metricsServiceName": text("Service that metrics are read from."),
            ]),
        ])

    private static let revisionTemplate = record(
        "What revisions are made from.", ["metadata": templateMeta, "spec": revisionSpec])

    private static let revisionSpec = podSpec.described("How each replica is to be.").merging([
        "containerConcurrency": int64("Most requests at once in one replica; 0 for no limit."),
        "timeoutSeconds": int64("Seconds that a request may take."),
        "responseStartTimeoutSeconds": int64("Seconds until the first byte of the response."),
        "idleTimeoutSeconds": int64("Seconds without a byte of the response."),
    ])

    private static let traffic = records(
        "Shares of the traffic; together 100 percent.",
        [
            "revisionName": text("Revision that gets the share; or latestRevision."),
            "latestRevision": flag("Whether the newest ready revision gets the share."),
            "configurationName": text("Configuration whose newest ready revision gets the share."),
            "percent": int64("Share in percent."), "tag": text("Name for an address of its own."),
            "url": text("Address of the tag; set in the status."),
        ])

    private static let knativeStatus = record(
        "How it is; written by the controller.",
        [
            "conditions": conditions, "observedGeneration": int64("The generation that the status speaks of."),
            "annotations": strings("Further facts."),
        ]
    ).with { $0.preservesUnknownFields = true }

    private static let configurationStatus: [String: Schema] = [
        "latestCreatedRevisionName": text("Newest revision."),
        "latestReadyRevisionName": text("Newest revision that is ready."),
    ]

    private static let routeStatus: [String: Schema] = [
        "url": text("Address for clients."),
        "address": record("Address inside.", ["url": text("URL.")]).with { $0.preservesUnknownFields = true },
        "traffic": traffic.described("Shares as they are, each with its revision."),
    ]

    private static let imageDigests = records(
        "Exact images.", ["name": text("Name of the container."), "imageDigest": text("Exact image.")])
}
