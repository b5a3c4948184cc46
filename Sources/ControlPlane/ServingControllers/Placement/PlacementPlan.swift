import KubeModel

/// Who gets room on a node, who has to leave for that, and why others wait. Pure.
///
/// Applicants are seen in order: by priority, then by who came first. Each one
/// 1. takes what is free;
/// 2. waits where those who are leaving will make room enough;
/// 3. has the idle models leave that are cheapest to bring back (`Occupant.cost`), none before it was there for as
///    long as it took to load;
/// 4. takes the place of the revision that it replaces;
/// 5. when its patience is over, has a busy model leave that was there for as long: that one drains, and its own next
///    pod stands in this line;
/// 6. waits; when its patience is over and the others only have to have their time, the next room is its own.
///
/// What 2 to 6 promise to one is kept from those behind it. A model that is answering is stopped in 4 and 5 only, and
/// there it finishes what it answers first.
struct PlacementPlan: Sendable, Hashable {
    private(set) var bound: [Applicant] = []
    private(set) var departures: [Departure] = []
    /// Why pods wait, with the numbers.
    private(set) var waits: [ObjectKey: String] = [:]

    private let room: NodeRoom
    private var free: Amounts
    private var coming: Amounts
    private var occupants: [Occupant]

    init(_ room: NodeRoom) {
        self.room = room
        free = room.allocatable - room.taken
        coming = room.leaving
        occupants = room.occupants
        for applicant in room.applicants.sorted(by: Self.goesFirst) { see(to: applicant) }
    }

    private static func goesFirst(_ left: Applicant, _ right: Applicant) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        if left.since != right.since { return left.since < right.since }
        // Of two revisions of one service the newer one is the one that is wanted.
        if left.generation != right.generation { return left.generation > right.generation }
        return left.pod < right.pod
    }

    private mutating func see(to applicant: Applicant) {
        if let obstacle = applicant.obstacle {
            waits[applicant.pod] = obstacle
        } else if !room.allocatable.lacks(applicant.demand).isEmpty {
            waits[applicant.pod] = shortage(applicant, of: room.allocatable, "the node has")
        } else if applicant.asksForHandOver, let old = siblings(applicant) {
            promise(applicant, old, .idle)
        } else if free.lacks(applicant.demand).isEmpty {
            free -= applicant.demand
            bound.append(applicant)
        } else if (free + coming).lacks(applicant.demand).isEmpty {
            promise(applicant, [], .idle)
        } else if let idle = Self.cheapest(idle(for: applicant), coming: free + coming, for: applicant) {
            promise(applicant, idle, .idle)
        } else if let leaving = replaced(by: applicant) {
            promise(applicant, leaving, .idle)
        } else if let busy = Self.cheapest(busy(for: applicant), coming: free + coming, for: applicant) {
            promise(applicant, busy, .turn)
        } else {
            waits[applicant.pod] = shortage(applicant, of: free, "free are")
            if hasTurn(applicant) { free -= applicant.demand }
        }
    }

    /// Whether the next room is the applicant's: its patience is over, and it only has to wait until those who hold what
    /// it needs were there for long enough. Without that, small ones that come and go would keep a large one out.
    private func hasTurn(_ applicant: Applicant) -> Bool {
        guard isOverdue(applicant) else { return false }
        let passing = occupants.filter { $0.mayGoToZero && $0.priority <= applicant.priority }
        return passing.reduce(free + coming) { $0 + $1.holds }.lacks(applicant.demand).isEmpty
    }

    private func isOverdue(_ applicant: Applicant) -> Bool {
        applicant.isReachable && !applicant.isFurther && applicant.waited >= applicant.patience
    }

    private mutating func promise(_ applicant: Applicant, _ leaving: [Occupant], _ reason: Departure.Reason) {
        for occupant in leaving {
            let isSibling = applicant.replacesSiblings && occupant.configuration == applicant.configuration
            let reason = isSibling ? .handOver : reason
            departures.append(Departure(occupant: occupant, applicant: applicant, reason: reason))
            coming += occupant.holds
            occupants.removeAll { $0.revision == occupant.revision }
        }
        waits[applicant.pod] = shortage(applicant, of: free, "room is being made; free are")
        free -= applicant.demand
    }

    private func idle(for applicant: Applicant) -> [Occupant] {
        guard applicant.isReachable else { return [] }
        return evictable(for: applicant) { $0.isIdle ? .seconds($0.loadSeconds) : nil }
    }

    private func busy(for applicant: Applicant) -> [Occupant] {
        guard isOverdue(applicant) else { return [] }
        return evictable(for: applicant) { max(applicant.patience, .seconds($0.loadSeconds)) }
    }

    /// - Parameter stay: how long an occupant may stay undisturbed; `nil`: for ever.
    private func evictable(for applicant: Applicant, stay: (Occupant) -> Duration?) -> [Occupant] {
        occupants.filter { occupant in
            guard occupant.mayGoToZero, occupant.revision != applicant.revision,
                occupant.priority <= applicant.priority, let stayed = occupant.stayed, let least = stay(occupant)
            else { return false }
            return stayed >= least
        }
    }

    /// The revisions that the applicant replaces, with as many idle models as are needed beside them; `nil` where all
    /// that together is not enough, for then nothing is gained by stopping them.
    private func replaced(by applicant: Applicant) -> [Occupant]? {
        guard applicant.replacesSiblings, let old = siblings(applicant) else { return nil }
        let coming = old.reduce(free + coming) { $0 + $1.holds }
        let others = idle(for: applicant).filter { $0.configuration != applicant.configuration }
        return Self.cheapest(others, coming: coming, for: applicant).map { old + $0 }
    }

    /// The older revisions of the same service.
    private func siblings(_ applicant: Applicant) -> [Occupant]? {
        guard let configuration = applicant.configuration else { return nil }
        let old = occupants.filter { $0.configuration == configuration && $0.generation < applicant.generation }
        return old.isEmpty ? nil : old
    }

    /// The cheapest of `candidates` that are enough, none of which could be spared; `nil` where all together are not.
    private static func cheapest(
        _ candidates: [Occupant], coming: Amounts, for applicant: Applicant
    ) -> [Occupant]? {
        var chosen: [Occupant] = []
        var sum = coming
        for candidate in candidates.sorted(by: { ($0.cost, $0.revision) < ($1.cost, $1.revision) }) {
            guard !sum.lacks(applicant.demand).isEmpty else { break }
            chosen.append(candidate)
            sum += candidate.holds
        }
        guard sum.lacks(applicant.demand).isEmpty else { return nil }
        for candidate in chosen.reversed() where (sum - candidate.holds).lacks(applicant.demand).isEmpty {
            sum -= candidate.holds
            chosen.removeAll { $0.revision == candidate.revision }
        }
        return chosen
    }

    private func shortage(_ applicant: Applicant, of there: Amounts, _ word: String) -> String {
        let lacking = there.lacks(applicant.demand)
        let parts = (lacking.isEmpty ? applicant.demand.names : lacking).map { name in
            "1 Insufficient \(name) (needs \(applicant.demand.text(name)), \(word) \(text(there, name)) "
                + "of \(room.allocatable.text(name)))"
        }
        let message = "0/1 nodes are available: \(parts.joined(separator: ", "))."
        return [message, applicant.note].compactMap(\.self).joined(separator: " ")
    }

    private func text(_ amounts: Amounts, _ name: String) -> String {
        var shown = amounts
        shown[name] = max(0, amounts[name])
        return shown.text(name)
    }
}
