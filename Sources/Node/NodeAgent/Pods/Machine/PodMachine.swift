import KubeController

/// The life of one container of a pod as a pure state machine: events in, actions out. It knows no process, no clock and
/// no API.
///
/// ```
/// preparing ──▶ starting ──▶ up ──▶ stopping ──▶ finished
///     ▲             │         │          │
///     │             ▼         ▼          │ (a failed liveness probe)
///     └─(retry)   waiting ◀──────────────┘
/// ```
/// A pod that is deleted goes from any state to `stopping` or, where nothing runs, to `finished`.
struct PodMachine: Sendable {
    enum State: Sendable, Hashable {
        /// Image and model are brought here, both at once.
        case preparing
        /// The shim was told to start the command.
        case starting
        /// The command runs.
        case up(isReady: Bool)
        /// Nothing runs; a timer will start it again.
        case waiting(Waiting)
        case stopping(Stopping)
        /// Nothing runs, nothing will.
        case finished(Finish)
    }

    /// Why a container does not run, in the kubelet's words.
    struct Waiting: Sendable, Hashable {
        var reason: String
        var message: String
    }

    struct Stopping: Sendable, Hashable {
        enum Purpose: Sendable, Hashable {
            /// The object was deleted and waits for us to remove it.
            case removal
            /// The object is gone already.
            case vanished
            /// Martlet stops; the object stays.
            case shutdown
            /// The container is started again.
            case restart
        }

        enum Phase: Sendable, Hashable { case draining, terminating, killing, killingShim }

        var purpose: Purpose
        var phase: Phase
        /// When the pod's grace period is over.
        var deadline: Duration
    }

    enum Finish: Sendable, Hashable { case removed, shutdown, succeeded, failed }

    /// How far the image or the model is.
    enum Preparation: Sendable, Hashable {
        case working(String?)
        case done
        case failed(String)

        fileprivate var isSilent: Bool { self == .working(nil) || self == .done }
    }

    /// How a start of the container ended.
    struct Termination: Sendable, Hashable {
        var exitCode: Int
        var signal: Int?
        /// `Completed`, `Error`, `OOMKilled`, `StartError`.
        var reason: String
        var message: String
        /// Microseconds since 1970.
        var startedAt: Int64?
        var finishedAt: Int64
    }

    struct StartFailure: Sendable, Hashable {
        var step: ProcessReport.Step
        var error: Int32
    }

    /// How long the stages of the last successful start took.
    struct Stages: Sendable, Hashable {
        /// From the decision to start to the command's execution.
        var spawn: Duration
        /// To the last time that it was found not to be ready.
        var load: Duration
        /// To its being found ready: what was lost by not knowing.
        var probe: Duration
    }

    struct Rules: Sendable {
        /// Where the container is in its pod.
        var path = "spec.containers[0]"
        var restartPolicy: PodManifest.RestartPolicy = .always
        /// As the kubelet's; the first restart is immediate.
        var restarts = BackOff(first: .seconds(10), longest: .seconds(300), jitter: 0)
        /// Images and models that could not be brought.
        var preparations = BackOff(first: .seconds(1), longest: .seconds(300), jitter: 0)
        /// After so long without a crash, earlier crashes are forgotten.
        var stableAfter: Duration = .seconds(600)
        /// For a container that is restarted because a probe failed.
        var gracePeriod: Duration = .seconds(30)
        /// What a process has at least between SIGTERM and SIGKILL.
        var leastTermination: Duration = .seconds(2)
        /// After this, a shim that was to kill everything is killed itself.
        var killPatience: Duration = .seconds(5)
        var isProbed = true
    }

    let rules: Rules
    var state = State.preparing
    var image = Preparation.working(nil)
    /// `nil` for a pod without a model.
    var model: Preparation?
    /// Whether the init containers before it have ended.
    var isReleased: Bool
    var restartCount: Int
    var address: Address?
    /// How the last start ended.
    var termination: Termination?
    var stages: Stages?
    /// Why the process runs without namespaces of its own.
    var confinementProblem: String?
    /// Parts of its confinement that this machine refuses, each with the reason.
    var lacks: [String] = []
    /// A process of the present start was killed for want of memory.
    var ranOutOfMemory = false
    /// Microseconds since 1970.
    var startedAt: Int64?
    var isConfined: Bool

    /// Numbers the starts, so that late news of an earlier one is not taken for the present one's.
    var launch = 0
    var crashes = 0
    var launchFailures = 0
    var imageFailures = 0
    var modelFailures = 0
    /// When it was decided to start, and when the command was executed.
    var decidedAt: Duration = .zero
    var executedAt: Duration?
    /// What the shim said of the present start, until nothing of it is left.
    var ending: ProcessEnding?
    var startFailure: StartFailure?
    /// Whether the present start was ready once.
    var hasBeenReady = false
    /// Why the container is stopped to be started again.
    var stopMessage: String?

    init(
        rules: Rules, hasModel: Bool, restartCount: Int = 0, isConfined: Bool = true, isReleased: Bool = true
    ) {
        self.rules = rules
        self.isReleased = isReleased
        self.restartCount = restartCount
        self.isConfined = isConfined
        model = hasModel ? .working(nil) : nil
    }

    var hasEndedByItself: Bool { state == .finished(.succeeded) || state == .finished(.failed) }
    var isFinished: Bool { if case .finished = state { true } else { false } }
    /// On its way to being ready, with nothing to say of it that would not be overtaken soon.
    var isPassing: Bool {
        switch state {
        case .preparing: image.isSilent && model?.isSilent ?? true
        case .starting, .up(isReady: false): termination == nil && confinementProblem == nil
        default: false
        }
    }

    var isReady: Bool { state == .up(isReady: true) }
    /// Something of it runs, or is about to.
    var isRunning: Bool {
        switch state {
        case .starting, .up, .stopping: true
        case .preparing, .waiting, .finished: false
        }
    }
    var isStopping: Bool { if case .stopping = state { true } else { false } }
}
