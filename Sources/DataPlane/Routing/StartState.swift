import JSONModel
import KubeModel

/// How far the pods of a revision are that is not ready yet, for those who wait for it.
package struct StartState: Sendable, Hashable {
    package enum Stage: String, Sendable, Hashable, Comparable {
        /// There is no pod.
        case asleep
        /// What a pod needs is not there, or there is no room for it.
        case failing
        case pending
        case fetching
        case starting

        private var progress: Int {
            switch self {
            case .asleep: 0
            case .failing: 1
            case .pending: 2
            case .fetching: 3
            case .starting: 4
            }
        }

        package static func < (left: Self, right: Self) -> Bool { left.progress < right.progress }
    }

    package var stage = Stage.asleep
    /// What the node says of it; may be empty.
    package var message = ""
    /// Trying again will not help soon: what the pod needs is not there, or its start has failed time and again.
    package var isHopeless = false
    /// Of the model, where that is being fetched and the node says so.
    package var transfer: Transfer?

    package init() {}

    /// The state of the pod that has come furthest.
    init(pods: [Object]) {
        let states = pods.filter { !$0.isBeingDeleted }.map(StartState.init)
        self = states.max { $0.stage < $1.stage } ?? StartState()
    }

    private init(pod: Object) {
        for (list, stage) in [("initContainerStatuses", Stage.fetching), ("containerStatuses", .starting)] {
            for status in pod["status", list]?.arrayValue ?? [] {
                if let failure = Self.failure(status) {
                    (self.stage, message) = (.failing, failure)
                    isHopeless = Self.isHopeless(status["state"]?["waiting"])
                    return
                }
                if stage == .fetching, status["state"]?["terminated"] != nil { continue }
                self.stage = stage
                message = Self.message(status) ?? ""
                if stage == .fetching { transfer = Transfer(message) }
                return
            }
        }
        stage = .pending
        message = pod.condition("PodScheduled").flatMap { $0.isTrue ? nil : $0.message } ?? ""
    }

    /// Waiting for one of these is not waiting for work in hand.
    private static let failedWaits: Set = [
        "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName",
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PostStartHookError",
    ]

    /// What does not go away by itself, or has failed twice at least.
    private static let hopelessWaits: Set = [
        "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError",
    ]
    /// The back-off after the third failure in a row, in seconds; a replica that breaks once is started again soon.
    private static let hopelessPause = 40

    private static func isHopeless(_ waiting: JSONValue?) -> Bool {
        guard let waiting, let reason = waiting["reason"]?.stringValue else { return false }
        if reason != "CrashLoopBackOff" { return hopelessWaits.contains(reason) }
        let words = (waiting["message"]?.stringValue ?? "").split(separator: " ")
        guard words.count > 1, words[0] == "back-off" else { return false }
        return Int(words[1].prefix { $0.isNumber }) ?? 0 >= hopelessPause
    }

    private static func failure(_ status: JSONValue) -> String? {
        let state = status["state"]
        let ended = state?["terminated"] ?? status["lastState"]?["terminated"]
        if let ended, ended["exitCode"]?.intValue != 0 {
            return ended["message"]?.stringValue ?? ended["reason"]?.stringValue ?? "it ended"
        }
        guard let waiting = state?["waiting"], let reason = waiting["reason"]?.stringValue,
            failedWaits.contains(reason)
        else { return nil }
        return waiting["message"]?.stringValue ?? reason
    }

    private static func message(_ status: JSONValue) -> String? {
        let state = status["state"]
        return state?["waiting"]?["message"]?.stringValue
            ?? (state?["running"] == nil ? nil : "the model server has started and is not ready yet")
    }
}

extension StartState {
    /// How much of a model is here, read from what the node says of it: `fetched 34.1 MB of 98.0 MB (12.3 MB/s)`.
    package struct Transfer: Sendable, Hashable {
        /// To the precision with which they were said.
        package var bytes: Int
        package var total: Int?

        init?(_ message: String) {
            let words = message.split(separator: " ")
            guard words.count >= 3, words[0] == "fetched", let bytes = Self.bytes(words[1], words[2]) else {
                return nil
            }
            self.bytes = bytes
            total = words.count >= 6 && words[3] == "of" ? Self.bytes(words[4], words[5]) : nil
        }

        private static let units = ["B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15]

        private static func bytes(_ number: Substring, _ unit: Substring) -> Int? {
            guard let number = Double(number), let unit = units[unit.trimmingPunctuation] else { return nil }
            return Int(exactly: (number * unit).rounded())
        }
    }
}

extension Substring {
    /// `MB;` is `MB`: more may be said after the size.
    fileprivate var trimmingPunctuation: String { String(prefix { $0.isLetter }) }
}
