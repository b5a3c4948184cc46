import JSONModel
import KubeModel

extension Schema {
    /// Keeps what it does not know, as KServe's does.
    static let inferenceServiceStatus = record(
        "How the model is served; written by the controller.",
        [
            "conditions": conditions,
            "observedGeneration": int64("The generation that the status speaks of."),
            "url": text("Address for clients."),
            "address": record("Address inside.", ["url": text("URL.")]).with { $0.preservesUnknownFields = true },
            "deploymentMode": text("Knative or Standard."),
            "servingRuntimeName": text("ServingRuntime in use."),
            "clusterServingRuntimeName": text("ClusterServingRuntime in use."),
            "components": map(of: componentStatus).described("predictor, transformer, explainer."),
            "modelStatus": modelStatus,
        ]
    ).with { $0.preservesUnknownFields = true }

    private static let componentStatus = record(
        "How a component is.",
        [
            "latestReadyRevision": text("Newest revision that is ready."),
            "latestCreatedRevision": text("Newest revision."),
            "previousRolledoutRevision": text("Revision that had all traffic before."),
            "latestRolledoutRevision": text("Newest revision that got all traffic."),
            "url": text("Address of the component."), "restUrl": text("Address for REST."),
            "grpcUrl": text("Address for gRPC."), "traffic": list(of: .anyObject).described("Shares of the traffic."),
        ]
    ).with { $0.preservesUnknownFields = true }

    private static let modelStatus = record(
        "How the model is.",
        [
            "transitionStatus": choice(
                "Where a change stands.", "", "UpToDate", "InProgress", "BlockedByFailedLoad", "InvalidSpec"
            ).defaulting(to: "UpToDate"),
            "states": record(
                "Of the model that is served and the one that is to be.",
                [
                    "activeModelState": modelState("The model that is served.").defaulting(to: "Pending"),
                    "targetModelState": modelState("The model that is to be served.").defaulting(to: ""),
                ]),
            "copies": record(
                "Replicas with the model.",
                [
                    "failedCopies": int32("That failed to load it.").defaulting(to: 0),
                    "totalCopies": int32("That have it."),
                ]),
            "lastFailureInfo": record(
                "What went wrong last.",
                [
                    "location": text("Where."), "reason": text("A word for machines."),
                    "message": text("A sentence for people."), "modelRevisionName": text("Which revision."),
                    "time": time("When."), "exitCode": int32("Exit code of the server."),
                ]
            ).with { $0.preservesUnknownFields = true },
        ]
    ).with { $0.preservesUnknownFields = true }

    private static func modelState(_ description: String) -> Schema {
        choice(description, "", "Pending", "Standby", "Loading", "Loaded", "FailedToLoad")
    }
}
