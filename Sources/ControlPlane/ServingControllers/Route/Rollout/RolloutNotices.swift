/// Events for a rollout's begin and end.
enum RolloutNotices {
    static func all(_ before: [Rollout], _ after: [Rollout], _ duration: Duration) -> [Plan.Notice] {
        after.compactMap { rollout in
            let old = before.first { $0.configuration == rollout.configuration && $0.tag == rollout.tag }
            guard let newest = rollout.shares.last else { return nil }
            if rollout.isMoving, old?.newest != newest.revision {
                return notice(
                    "RolloutStarted",
                    "revision \"\(newest.revision)\" gets \(newest.percent) of \(rollout.percent) % first, and the rest "
                        + "within \(duration)")
            }
            guard !rollout.isMoving, let old, old.isMoving else { return nil }
            return notice("RolloutCompleted", "revision \"\(newest.revision)\" has all of its \(newest.percent) %")
        }
    }

    private static func notice(_ reason: String, _ message: String) -> Plan.Notice {
        Plan.Notice(isWarning: false, reason: reason, message: message)
    }
}
