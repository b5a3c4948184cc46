import JSONModel
import KubeModel

/// How far a pod has come, read from its status as a kubelet (or Martlet's node) writes it.
struct PodState: Sendable, Hashable {
    enum Stage: Sendable, Hashable {
        /// Nothing was reported yet.
        case pending
        /// No node has room for it; the message says how much is missing.
        case unschedulable(message: String)
        /// The model is being fetched; the message says how much of it is there.
        case fetchingModel(message: String?)
        /// The image is being installed, or the server is starting.
        case starting(message: String?)
        case ready
        case failed(PodFailure)
    }

    static let storageInitializer = "storage-initializer"

    let name: String
    let stage: Stage
    let isBeingDeleted: Bool
    /// What the pod says of how far it is, in words that change only when it gets further: what holds it up is left out,
    /// and where its model could not be fetched before, only bytes that arrive count. `nil` where there is no such thing.
    let advance: String?

    init(_ pod: Object) {
        name = pod.name
        isBeingDeleted = pod.isBeingDeleted
        stage = Self.stage(of: pod)
        advance = Self.advance(of: pod, stage)
    }

    /// Whether it can take requests.
    var isReady: Bool { stage == .ready && !isBeingDeleted }

    var failure: PodFailure? {
        if case .failed(let failure) = stage { failure } else { nil }
    }

    var unschedulable: String? {
        if case .unschedulable(let message) = stage { message } else { nil }
    }

    /// What to tell a person who waits for the pod.
    var progress: String? {
        switch stage {
        case .fetchingModel(let message), .starting(let message): message
        case .unschedulable(let message): message
        case .pending, .ready, .failed: nil
        }
    }

    private static func stage(of pod: Object) -> Stage {
        if pod.condition("Ready")?.isTrue == true { return .ready }
        for status in statuses(pod, "initContainerStatuses") {
            if let failure = PodFailure(container: status) { return .failed(failure) }
            if status["state"]?["terminated"] == nil { return .fetchingModel(message: message(status)) }
        }
        let containers = statuses(pod, "containerStatuses")
        if let failure = containers.lazy.compactMap(PodFailure.init(container:)).first { return .failed(failure) }
        if pod["status", "phase"]?.stringValue == "Failed" { return .failed(PodFailure(pod: pod)) }
        if containers.isEmpty, let scheduled = pod.condition("PodScheduled"), scheduled.isFalse {
            return .unschedulable(message: scheduled.message ?? "no node has room for it")
        }
        guard !containers.isEmpty else { return .pending }
        return .starting(message: containers.lazy.compactMap(message).first)
    }

    private static func advance(of pod: Object, _ stage: Stage) -> String? {
        let hasFailed = statuses(pod, "initContainerStatuses").contains { $0["restartCount"]?.intValue ?? 0 > 0 }
        switch stage {
        case .fetchingModel(let message), .starting(let message):
            return message.map(withoutHindrance).flatMap { !hasFailed || $0.hasSuffix("/s)") ? $0 : nil }
        case .pending, .unschedulable, .ready, .failed: return nil
        }
    }

    /// `fetched 34.1 MB of 98.0 MB (12.3 MB/s); the connection was cut`: what comes after the semicolon is no progress.
    private static func withoutHindrance(_ message: String) -> String {
        String(message[..<(message.firstRange(of: "; ")?.lowerBound ?? message.endIndex)])
    }

    private static func statuses(_ pod: Object, _ list: String) -> [JSONValue] {
        pod["status", list]?.arrayValue ?? []
    }

    private static func message(_ status: JSONValue) -> String? {
        let state = status["state"]
        guard let detail = state?["waiting"] ?? state?["running"] else { return nil }
        let name = status["name"]?.stringValue ?? ""
        if let message = detail["message"]?.stringValue, !message.isEmpty { return "\(name): \(message)" }
        if state?["running"] != nil { return "\(name): started, not ready yet" }
        return detail["reason"]?.stringValue.map { "\(name): \($0)" }
    }
}
