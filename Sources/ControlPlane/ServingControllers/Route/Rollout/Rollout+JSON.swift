import JSONModel

/// The text in which a Route keeps its rollouts, so that a restart goes on where it was: that of Knative's annotation
/// `networking.internal.knative.dev/rollout`. Times are nanoseconds.
enum RolloutText {
    /// - Returns: `nil` where nothing is under way.
    static func write(_ rollouts: [Rollout]) -> String? {
        let moving = rollouts.filter(\.isMoving)
        guard !moving.isEmpty else { return nil }
        return JSONValue.object(["configurations": .array(moving.map(\.json))]).text
    }

    /// What cannot be read is no rollout: its traffic is where `status.traffic` says.
    static func read(_ text: String?) -> [Rollout] {
        let json = text.flatMap { try? JSONValue(parsing: $0) }
        return (json?["configurations"]?.arrayValue ?? []).compactMap(Rollout.init)
    }
}

extension Rollout {
    fileprivate init?(_ json: JSONValue) {
        guard let configuration = json["configurationName"]?.stringValue else { return nil }
        let shares = (json["revisions"]?.arrayValue ?? []).compactMap { share -> Share? in
            guard let revision = share["revisionName"]?.stringValue, let percent = share["percent"]?.intValue,
                (0...100).contains(percent)
            else { return nil }
            return Share(revision: revision, percent: percent)
        }
        let start = json["startTime"]?.intValue.map { Duration.nanoseconds($0) }
        guard shares.count > 1, start != nil else { return nil }
        var pace: Pace?
        if let size = json["stepSize"]?.intValue, let duration = json["stepDuration"]?.intValue,
            let next = json["nextStepTime"]?.intValue, size > 0
        {
            pace = Pace(stepSize: size, stepDuration: .nanoseconds(duration), nextStep: .nanoseconds(next))
        }
        self.init(
            configuration: configuration, tag: json["tag"]?.stringValue, shares: shares, start: start, pace: pace)
    }

    fileprivate var json: JSONValue {
        var json: JSONValue = [
            "configurationName": .string(configuration), "percent": .number(JSONNumber(percent)),
            "revisions": .array(
                shares.map { ["revisionName": .string($0.revision), "percent": .number(JSONNumber($0.percent))] }),
        ]
        json["tag"] = tag.map { .string($0) }
        json["startTime"] = start?.nanoseconds
        if let pace {
            json["stepSize"] = .number(JSONNumber(pace.stepSize))
            json["stepDuration"] = pace.stepDuration.nanoseconds
            json["nextStepTime"] = pace.nextStep.nanoseconds
        }
        return json
    }
}

extension Duration {
    fileprivate var nanoseconds: JSONValue {
        let (seconds, attoseconds) = components
        return .number(JSONNumber(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)))
    }
}
