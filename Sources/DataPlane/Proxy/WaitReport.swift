import Activation
import Routing

/// What a caller that waits for a replica is told: how far it is, and how long it will take.
struct WaitReport: Sendable, Hashable {
    /// `asleep`, `pending`, `fetching`, `starting`, `failing`; `busy` where replicas are ready and have no free place.
    var state: String
    /// What the node says of it; may be empty.
    var message: String
    var transfer: StartState.Transfer?
    /// Until the model is ready, as far as past starts tell; at least 0.
    var expectedSeconds: Int?
    var waitedSeconds: Int

    init(_ share: RevisionShare, waitedSince: MonotonicTime, at now: MonotonicTime) {
        let isBusy = !share.endpoints.isEmpty
        let start = share.revision.start
        state = isBusy ? "busy" : start.stage.rawValue
        message = isBusy ? "all replicas have as many requests as they take" : start.message
        transfer = isBusy ? nil : start.transfer
        waitedSeconds = Self.seconds(from: waitedSince, to: now)
        if !isBusy, let load = share.revision.loadTime {
            let elapsed = Self.seconds(from: share.startingSince ?? waitedSince, to: now)
            expectedSeconds = max(0, Int((load / .seconds(1)).rounded(.up)) - elapsed)
        }
    }

    private static func seconds(from start: MonotonicTime, to end: MonotonicTime) -> Int {
        Int(max(0, end.nanoseconds - start.nanoseconds) / 1_000_000_000)
    }

    /// When trying again makes sense: when the model should be ready, else in ten seconds.
    var retryAfter: Int { min(max(1, expectedSeconds ?? 10), 3_600) }

    /// JSON members, without the braces around them.
    var members: String {
        var members = "\"state\":\(GatewayError.quoted(state)),\"message\":\(GatewayError.quoted(message))"
        if let transfer {
            members += ",\"progress\":{\"bytes\":\(transfer.bytes)"
            if let total = transfer.total { members += ",\"total_bytes\":\(total)" }
            members += "}"
        }
        members += ",\"expected_seconds\":\(expectedSeconds.map(String.init) ?? "null")"
        return members + ",\"waited_seconds\":\(waitedSeconds)"
    }

    /// An event for those who asked for progress.
    var event: String { "event: martlet.progress\ndata: {\(members)}\n\n" }

    /// A comment for those who did not: clients skip it, and know that the connection lives.
    var comment: String { ": \(state), waited \(waitedSeconds) s\n\n" }
}
