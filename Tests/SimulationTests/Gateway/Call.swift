import Activation

@testable import Proxy

/// One request and its caller.
final class Call {
    enum Phase {
        case new
        case held(HoldTicket)
        case connecting
        case answering
        case ended(Int)
    }

    let number: Int
    let host: String
    /// How long the model takes for it; the first byte comes after the first half.
    let duration: Duration
    let caller: Caller
    var phase = Phase.new
    var progress = ExchangeProgress()
    var share: SimulatedShare?
    var endpoint: EndpointLoad?
    var pod: SimulatedPod?
    var routeName = ""
    var waitingSince: MonotonicTime?
    var firstFailure: MonotonicTime?
    /// Counts connections: what was begun for an earlier one is of no interest.
    var attempt = 0
    /// Its number among those that began to wait.
    var waitNumber = 0
    /// Of its caller's own calls, those ahead of it when it began to wait.
    var ahead = 0
    /// A place is on its way to it.
    var hasTurn = false
    /// Places that each caller got since.
    var passed: [Caller: Int] = [:]

    init(number: Int, host: String, duration: Duration, caller: Caller) {
        self.caller = caller
        self.number = number
        self.host = host
        self.duration = duration
        progress.isRequestComplete = true
    }

    var status: Int? { if case .ended(let status) = phase { status } else { nil } }
    var isHeld: Bool { if case .held = phase { true } else { false } }
}
