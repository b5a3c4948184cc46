import JSONModel

/// How a predictor's traffic is shared between its newest revision and the one that had it all before.
enum PredictorTraffic {
    /// The rest of a canary's traffic goes to the revision that was rolled out last. Where that is the newest one, which
    /// is being taken back, the status soon names the one before.
    ///
    /// `canaryTrafficPercent` counts only once a revision has been rolled out: the first one has nothing to share with.
    static func targets(_ service: InferenceService) -> JSONValue {
        guard let percent = service.component.canaryTrafficPercent,
            let stable = service.componentStatus.latestRolledoutRevision
        else {
            return [["latestRevision": true, "percent": 100]]
        }
        var latest: JSONValue = ["latestRevision": true, "percent": .number(JSONNumber(percent))]
        if service.annotations[ServingKeys.enableTagRouting] == "true" { latest["tag"] = "latest" }
        guard percent < 100 else { return .array([latest]) }
        return .array([
            latest,
            [
                "revisionName": .string(stable), "latestRevision": false,
                "percent": .number(JSONNumber(100 - percent)), "tag": "prev",
            ],
        ])
    }
}
