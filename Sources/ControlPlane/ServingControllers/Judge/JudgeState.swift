import JSONModel
import KubeModel
import ServingAPI

/// How far judging is: `martlet.dev/judge-state` of an InferenceService, so that a restart goes on with it.
struct JudgeState: Sendable, Hashable {
    enum Verdict: String, Sendable, Hashable {
        case judging = "Judging"
        case promoted = "Promoted"
        case rolledBack = "RolledBack"
    }

    var revision: String
    /// The share of the traffic that the revision is to have.
    var percent: Int
    var verdict = Verdict.judging
    /// What decided last.
    var reason = ""

    init(revision: String, percent: Int) {
        self.revision = revision
        self.percent = percent
    }

    /// `nil` where nothing is noted, or nothing that can be read.
    init?(_ annotations: [String: String]) {
        guard let json = annotations[ServingKeys.judgeState].flatMap({ try? JSONValue(parsing: $0) }),
            let revision = json["revision"]?.stringValue, let percent = json["percent"]?.intValue,
            let verdict = json["verdict"]?.stringValue.flatMap(Verdict.init)
        else { return nil }
        self.init(revision: revision, percent: percent)
        self.verdict = verdict
        reason = json["reason"]?.stringValue ?? ""
    }

    /// What is written to the service: the note, and the share that follows from it.
    var fields: JSONValue {
        let note: JSONValue = [
            "revision": .string(revision), "percent": .number(JSONNumber(percent)),
            "verdict": .string(verdict.rawValue), "reason": .string(reason),
        ]
        return [
            "metadata": ["annotations": [ServingKeys.judgeState: .string(note.text)]],
            "spec": ["predictor": ["canaryTrafficPercent": .number(JSONNumber(percent))]],
        ]
    }
}
