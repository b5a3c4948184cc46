import KubeModel

/// What is told of placement, with the numbers that decided.
enum PlacementEvents {
    static func scheduled(_ applicant: Applicant, _ node: String) -> Plan.Notice {
        let seconds = applicant.waited.components.seconds
        let wait = seconds > 0 ? " after \(seconds) s" : ""
        return notice("Scheduled", "Successfully assigned \(applicant.pod) to \(node)\(wait)", isWarning: false)
    }

    static func unschedulable(_ message: String) -> Plan.Notice {
        notice("FailedScheduling", message, isWarning: true)
    }

    /// Of the one that leaves.
    static func left(_ departure: Departure) -> Plan.Notice {
        let occupant = departure.occupant
        let beneficiary = departure.applicant.revision?.name ?? departure.applicant.pod.name
        let needs = text(departure.applicant.demand)
        switch departure.reason {
        case .idle:
            return notice("Evicted", "made room for \(beneficiary), which needs \(needs): \(cost(occupant))")
        case .turn:
            let wait = departure.applicant.waited.components.seconds
            return notice(
                "Preempted",
                "makes room for \(beneficiary), which needs \(needs) and has waited for \(wait) s: it finishes what it "
                    + "answers, and comes back in turn")
        case .handOver:
            return notice(
                "HandOver",
                "makes room for \(beneficiary), which needs \(needs) and takes its place: callers wait until it is ready"
            )
        }
    }

    /// Of the one that gets the room.
    static func roomMade(_ departure: Departure) -> Plan.Notice {
        let why =
            switch departure.reason {
            case .idle: cost(departure.occupant)
            case .turn: "after \(departure.applicant.waited.components.seconds) s of waiting its turn is over"
            case .handOver: "it is replaced"
            }
        return notice("RoomMade", "\(departure.occupant.revision.name) leaves: \(why)")
    }

    private static func cost(_ occupant: Occupant) -> String {
        let calls = (occupant.rate * 3_600 * 10).rounded() / 10
        let load = (occupant.loadSeconds * 10).rounded() / 10
        return "nobody uses it, it frees \(text(occupant.holds)), was called \(calls) times an hour of late, and comes "
            + "back in \(load) s"
    }

    private static func text(_ amounts: Amounts) -> String {
        amounts.names.map { $0 == Amounts.memory ? amounts.text($0) : "\(amounts.text($0)) \($0)" }
            .joined(separator: ", ")
    }

    private static func notice(_ reason: String, _ message: String, isWarning: Bool = false) -> Plan.Notice {
        Plan.Notice(isWarning: isWarning, reason: reason, message: message, reachesService: true)
    }
}
