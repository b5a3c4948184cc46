// Containers that went on while Martlet was gone.
extension PodMachine {
    /// What is known of a container that runs under a shim of an earlier run.
    struct Adoption: Sendable, Hashable {
        var restartCount: Int
        /// `nil` where it has ended meanwhile.
        var address: Address?
        /// Microseconds since 1970.
        var startedAt: Int64
        /// As it was last said: what was ready is taken to be so until a probe says otherwise.
        var isReady: Bool
        var isConfined = true
        var confinementProblem: String?
        var lacks: [String] = []
    }

    /// Goes on where the earlier run was. Its image and model are asked for all the same, for the next start.
    mutating func adopt(_ adoption: Adoption, _ now: Moment) -> [PodAction] {
        guard state == .preparing, launch == 0 else { return [] }
        launch = 1
        isReleased = true
        restartCount = adoption.restartCount
        address = adoption.address
        startedAt = adoption.startedAt
        executedAt = now.uptime - max(.zero, .microseconds(now.calendar - adoption.startedAt))
        decidedAt = executedAt ?? now.uptime
        hasBeenReady = adoption.isReady
        isConfined = adoption.isConfined
        confinementProblem = adoption.confinementProblem ?? confinementProblem
        lacks = adoption.lacks
        state = .up(isReady: adoption.isReady)
        guard adoption.address != nil else { return [] }
        return rules.isProbed ? [.probe(launch: launch)] : ready(nil, now)
    }

    /// A container after this one runs already: this one has done its work.
    mutating func pass() -> [PodAction] {
        if state == .preparing { state = .finished(.succeeded) }
        return []
    }
}
