import JSONModel
import KubeModel

/// `status.modelStatus`: how far the model of the newest revision is (KServe, `PropagateModelStatus`).
///
/// One case is told more exactly than KServe does: a service at zero whose revision was ready is `Standby`, not
/// `Pending`. Nothing is under way there.
struct ModelStatus: Sendable, Hashable {
    enum State: String, Sendable, Hashable {
        case pending = "Pending"
        case standby = "Standby"
        case loading = "Loading"
        case loaded = "Loaded"
        case failed = "FailedToLoad"
    }

    struct Failure: Sendable, Hashable {
        var reason: String
        var message: String
        var location: String?
        var exitCode: Int?
        var time: String?
    }

    let json: JSONValue

    /// - Parameters:
    ///   - service: the InferenceService as it is.
    ///   - revision: the newest one.
    ///   - pods: of that revision.
    ///   - isReady: whether that revision is ready to serve.
    ///   - refusal: a condition of the Knative Service that is False.
    ///   - now: RFC 3339.
    init(service: Object, revision: String?, pods: [PodState], isReady: Bool, refusal: Condition?, now: String) {
        let pods = pods.filter { !$0.isBeingDeleted }
        let (state, failure) = Self.state(pods, isReady: isReady, refusal: refusal)
        let old = service["status", "modelStatus"]
        var states: JSONValue = ["targetModelState": .string(state.rawValue)]
        let isServed = state == .loaded || state == .standby
        states["activeModelState"] =
            isServed ? .string(state.rawValue) : old?[path: "states", "activeModelState"] ?? "Pending"
        var status: JSONValue = [
            "transitionStatus": .string(Self.transition(state)), "states": states,
            "copies": [
                "failedCopies": .number(JSONNumber(pods.count { $0.failure != nil })),
                "totalCopies": .number(JSONNumber(pods.count(where: \.isReady))),
            ],
        ]
        if !isServed {
            status["lastFailureInfo"] =
                failure.map { Self.json($0, revision, old, now) } ?? old?["lastFailureInfo"]
        }
        json = status
    }

    /// The specification cannot be served: what was served before goes on.
    init(service: Object, refusedWith reason: String, message: String, now: String) {
        let old = service["status", "modelStatus"]
        let failure = Failure(reason: reason, message: message)
        json = [
            "transitionStatus": "InvalidSpec",
            "states": [
                "activeModelState": old?[path: "states", "activeModelState"] ?? "Pending",
                "targetModelState": .string(State.failed.rawValue),
            ],
            "copies": old?["copies"] ?? ["failedCopies": 0, "totalCopies": 0],
            "lastFailureInfo": Self.json(failure, nil, old, now),
        ]
    }

    private static func state(
        _ pods: [PodState], isReady: Bool, refusal: Condition?
    ) -> (State, Failure?) {
        if pods.isEmpty {
            if isReady { return (.standby, nil) }
            guard let refusal else { return (.pending, nil) }
            let reason = refusal.reason ?? "ModelLoadFailed"
            return (.failed, Failure(reason: reason, message: refusal.message ?? reason))
        }
        if pods.contains(where: \.isReady) { return (isReady ? .loaded : .loading, nil) }
        if let (pod, failure) = pods.lazy.compactMap({ pod in pod.failure.map { (pod, $0) } }).first {
            return (.failed, Self.failure(failure, of: pod))
        }
        return (pods.allSatisfy { $0.stage == .pending } ? .pending : .loading, nil)
    }

    private static func failure(_ failure: PodFailure, of pod: PodState) -> Failure {
        let isOfServer = failure.exitCode == nil && !failure.isOfModel
        return Failure(
            reason: isOfServer ? "RuntimeUnhealthy" : "ModelLoadFailed", message: failure.message,
            location: pod.name, exitCode: failure.exitCode, time: failure.time)
    }

    private static func transition(_ state: State) -> String {
        switch state {
        case .loaded, .standby: "UpToDate"
        case .failed: "BlockedByFailedLoad"
        case .pending, .loading: "InProgress"
        }
    }

    private static func json(
        _ failure: Failure, _ revision: String?, _ old: JSONValue?, _ now: String
    ) -> JSONValue {
        var json: JSONValue = ["reason": .string(failure.reason), "message": .string(failure.message)]
        json["location"] = failure.location.map { .string($0) }
        json["exitCode"] = failure.exitCode.map { .number(JSONNumber($0)) }
        json["modelRevisionName"] = revision.map { .string($0) }
        let last = old?["lastFailureInfo"]
        let isSame = last?["reason"] == json["reason"] && last?["message"] == json["message"]
        json["time"] = failure.time.map { .string($0) } ?? (isSame ? last?["time"] : nil) ?? .string(now)
        return json
    }
}
