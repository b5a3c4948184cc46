import JSONModel
import KubeModel

/// Why a container of a pod does not run.
struct PodFailure: Sendable, Hashable {
    /// The container's name.
    var container: String
    /// `Error`, `OOMKilled`, `ImagePullBackOff`, ...
    var reason: String
    /// The last lines that it wrote, or what the node says.
    var message: String
    /// `nil` where it never ran.
    var exitCode: Int?
    /// RFC 3339; when it ended.
    var time: String?

    /// Whether it was the model that could not be fetched, and not the server that ended.
    var isOfModel: Bool { container == PodState.storageInitializer }

    /// Whether its image is what is missing.
    var isOfImage: Bool { Self.imageWaits.contains(reason) }

    private static let imageWaits: Set = ["ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName"]

    /// Knative's reason for a container that ended.
    var exitReason: String { exitCode.map { "ExitCode\($0)" } ?? reason }

    /// Waiting for one of these is not waiting for work in hand.
    private static let failedWaits: Set<String> = [
        "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName",
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PostStartHookError",
    ]

    /// `nil` where the container has not failed, or works again.
    ///
    /// - Parameter container: an entry of `containerStatuses` or `initContainerStatuses`. While it is tried again, its
    ///   last failure stands, so that the picture does not flicker.
    init?(container status: JSONValue) {
        let state = status["state"]
        if status["ready"]?.boolValue == true { return nil }
        if let ended = state?["terminated"] {
            if ended["exitCode"]?.intValue == 0, ended["reason"]?.stringValue == "Completed" { return nil }
            self.init(status, ended: ended)
        } else if let last = status["lastState"]?["terminated"] {
            self.init(status, ended: last)
        } else if let waiting = state?["waiting"], Self.failedWaits.contains(waiting["reason"]?.stringValue ?? "") {
            self.init(status, waiting: waiting)
        } else {
            return nil
        }
    }

    /// A pod that failed as a whole: it was refused or evicted.
    init(pod: Object) {
        container = ""
        reason = pod["status", "reason"]?.stringValue ?? "Failed"
        message = pod["status", "message"]?.stringValue ?? "the pod failed and gives no reason"
    }

    private init(_ status: JSONValue, waiting: JSONValue) {
        container = status["name"]?.stringValue ?? ""
        reason = waiting["reason"]?.stringValue ?? ""
        message = waiting["message"]?.stringValue ?? reason
    }

    private init(_ status: JSONValue, ended: JSONValue) {
        container = status["name"]?.stringValue ?? ""
        exitCode = ended["exitCode"]?.intValue
        reason = ended["reason"]?.stringValue ?? "Error"
        time = ended["finishedAt"]?.stringValue
        message = ended["message"]?.stringValue ?? ""
        if message.isEmpty { message = "ended with exit code \(exitCode ?? 0) and wrote nothing" }
    }
}
