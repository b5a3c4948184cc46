import JSONModel

/// How a predictor's traffic is shared between its newest revision and the one that had it all before.
enum PredictorTraffic {
    /// `canaryTrafficPercent` counts only once a revision has been rolled out: the first one has nothing to share with.
    static func targets(_ service: InferenceService) -> JSONValue {
        guard let percent = service.predictor.canaryTrafficPercent, let stable = stableRevision(service, percent) else {
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

    /// The revision that was rolled out last; when that is the newest one, which is now being rolled back, the one before.
    private static func stableRevision(_ service: InferenceService, _ percent: Int) -> String? {
        let status = service.predictorStatus
        let isRollback = status.latestRolledoutRevision == status.latestReadyRevision && percent < 100
        return isRollback ? status.previousRolledoutRevision : status.latestRolledoutRevision
    }
}
