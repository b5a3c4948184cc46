/// What happens to a pod.
enum PodEvent: Sendable, Hashable {
    case begin
    /// It runs, or ran, under a shim of an earlier run of Martlet.
    case adopt(PodMachine.Adoption)
    /// An init container whose work was done in an earlier run.
    case pass
    case image(PodMachine.Preparation)
    case model(PodMachine.Preparation)
    /// The init containers before this one have ended.
    case release
    case launched(launch: Int, Address)
    case launchFailed(launch: Int, LaunchProblem)
    case report(launch: Int, ProcessReport)
    /// Nothing of the process is left.
    ///
    /// - Parameter isOutOfMemory: the kernel killed something for want of memory while it ran.
    case gone(launch: Int, shimSignal: Int32?, lastLines: String, isOutOfMemory: Bool)
    /// - Parameter lastFailure: when it was last found not to be ready, if it was.
    case ready(launch: Int, lastFailure: Duration?)
    case unready(launch: Int, String)
    /// A liveness or startup probe failed for good.
    case unhealthy(launch: Int, String)
    case drained
    case timeUp(PodTimer)
    /// The object is marked deleted.
    case delete(grace: Duration)
    /// The object is gone.
    case vanish
    /// Martlet stops.
    case shutdown(grace: Duration)
    /// Martlet stops, and what runs goes on.
    case letGo
}

enum PodTimer: Sendable, Hashable {
    case image, model, restart
    case stop(PodMachine.Stopping.Phase)
}

/// What is to be done about it.
enum PodAction: Sendable, Hashable {
    case pullImage
    case fetchModel
    case start(launch: Int, isConfined: Bool)
    case probe(launch: Int)
    case stopProbing
    case drain
    /// End the requests that are still under way.
    case cut
    case terminate
    case kill
    case killShim
    case timer(PodTimer, Duration)
    case tell(isWarning: Bool, reason: String, message: String)
    /// Remove the pod's object.
    case remove
    /// Remove what the pod has on this machine.
    case clean
}

/// When something happens: by the clock that never goes back, and by the calendar.
struct Moment: Sendable, Hashable {
    var uptime: Duration
    /// Microseconds since 1970.
    var calendar: Int64
}
