import KubeClient
import KubeController
import KubeModel
import Logging
import Synchronization

/// What the pods of a node share.
struct NodeServices: Sendable {
    var client: any ResourceClient
    var informer: Informer
    var images: any PodImages
    var models: any PodModels
    var gate: any DrainGate
    var shimPath: String
    var directories: PodDirectories
    var addresses: AddressPool
    var confinement: Confinement
    var groups: ControlGroupTree
    /// For processes' reports and probes, and for processes' output.
    var loop: DescriptorLoop
    var logLoop: DescriptorLoop
    var logSignals: LogSignals
    var recorder: EventRecorder
    var time: any TimeSource
    var logger: Logger

    var prober: Prober { Prober(loop: loop, time: time) }
    var now: Moment { Moment(uptime: time.now, calendar: time.microsecondsSince1970) }
}

/// Whether this machine lets processes have namespaces of their own, as far as is known: it is asked once.
final class Confinement: Sendable {
    /// Annotation of pods: `relaxed` leaves a container all of the machine's file system, all of Martlet's rights, and the
    /// model at its place.
    static let annotation = "martlet.dev/confinement"
    static let relaxed = "relaxed"
    /// Annotation of pods: device files that their containers see, separated by commas.
    static let devices = "martlet.dev/devices"

    static func isRelaxed(_ pod: Object) -> Bool { pod.annotations[annotation] == relaxed }

    private let problem = Mutex<String?>(nil)

    /// Why not; `nil` while nothing speaks against it.
    var refusal: String? {
        get { problem.withLock { $0 } }
        set { problem.withLock { $0 = newValue } }
    }
}
