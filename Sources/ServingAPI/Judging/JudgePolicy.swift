import KubeModel

/// How a new revision of an InferenceService is judged, by its annotations.
package struct JudgePolicy: Sendable, Hashable {
    package var objectives: [Objective]
    /// Percentages of the traffic, in order; the last one is 100.
    package var steps = [10, 25, 50, 100]
    /// How long each step is looked at, at least.
    package var interval: Duration = .seconds(60)
    /// Requests that a step takes at least to be judged.
    package var leastRequests = 20

    /// `nil` for a service that is not judged, or whose annotations are wrong (admission refuses those).
    package init?(_ annotations: [String: String]) {
        guard let text = annotations[ServingKeys.judge] else { return nil }
        let (objectives, problems) = Objective.list(text)
        guard problems.isEmpty, !objectives.isEmpty else { return nil }
        self.objectives = objectives
        if let steps = annotations[ServingKeys.judgeSteps].flatMap(Self.steps) { self.steps = steps }
        if let seconds = annotations[ServingKeys.judgeInterval].flatMap(GoDuration.seconds) {
            interval = .seconds(seconds)
        }
        if let least = annotations[ServingKeys.judgeRequests].flatMap({ Int($0) }) { leastRequests = max(1, least) }
    }

    /// Rising percentages with commas between them; 100 is added where it is missing.
    static func steps(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }
        guard numbers.count == parts.count, numbers.allSatisfy((1...100).contains),
            zip(numbers, numbers.dropFirst()).allSatisfy(<)
        else { return nil }
        return numbers.last == 100 ? numbers : numbers + [100]
    }
}

/// What must hold for the annotations that have a rollout judged, and for the others of `martlet.dev`.
enum MartletAnnotations {
    static func check(_ annotations: [String: String], _ path: FieldPath) -> [Status.Cause] {
        func cause(_ key: String, _ why: String, unless isRight: (String) -> Bool) -> [Status.Cause] {
            guard let value = annotations[key], !isRight(value) else { return [] }
            return [.invalid(path.key(key), value.quoted, why)]
        }
        let problems = annotations[ServingKeys.judge].map { Objective.list($0).problems } ?? []
        return problems.map { .invalid(path.key(ServingKeys.judge), $0.text.quoted, $0.why) }
            + cause(ServingKeys.judgeSteps, "must be rising percentages from 1 to 100, as in 10,25,50,100") {
                JudgePolicy.steps($0) != nil
            }
            + cause(ServingKeys.judgeInterval, "must be a duration of at least 1s, as in 60s") {
                GoDuration.seconds($0).map { $0 >= 1 } ?? false
            }
            + cause(ServingKeys.judgeRequests, "must be a whole number of at least 1") {
                Int($0).map { $0 >= 1 } ?? false
            }
            + cause(ServingKeys.roomWait, "must be a duration that is not negative, as in 60s") {
                GoDuration.seconds($0).map { $0 >= 0 } ?? false
            }
            + cause(ServingKeys.rollout, "must be hand-over, or be left out") { $0 == "hand-over" }
    }
}
