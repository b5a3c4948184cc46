import KubeController

/// How often and how fast a fetch that fails is tried again.
package struct RetryPolicy: Sendable, Hashable {
    /// Tries in a row that bring no byte before it is given up.
    package var maximumFruitlessTries = 6
    /// Tries in all, however fruitful.
    package var maximumTries = 100
    package var firstDelay: Duration = .milliseconds(500)
    package var maximumDelay: Duration = .seconds(30)

    package init() {}

    /// Before the next try, when `fruitless` tries in a row have failed; `nil` if there is to be none. What the server
    /// asks for by Retry-After is kept to, up to twice the longest delay.
    func delay(fruitless: Int, tries: Int, retryAfter: Duration?) -> Duration? {
        guard fruitless < maximumFruitlessTries, tries < maximumTries else { return nil }
        let exponential = firstDelay * (1 << min(max(fruitless - 1, 0), 16))
        return max(min(exponential, maximumDelay), min(retryAfter ?? .zero, maximumDelay * 2))
    }
}

/// A failure that may pass: a cut connection, a busy server.
struct PassingFailure: Error {
    /// What happened: `the connection was cut`.
    var reason: String
    /// As the server asked.
    var retryAfter: Duration?
    /// Whether the try brought any byte.
    var isFruitful = false
}

/// Does something over the network again and again until it succeeds, fails for good, or the policy says no.
struct Retrying: Sendable {
    var policy: RetryPolicy
    var time: any TimeSource

    /// - Parameters:
    ///   - url: without credentials, for the error.
    ///   - hindered: told what holds it up before each delay, and `nil` after it.
    /// - Throws: `ModelStorageError` when it is given up; whatever else than `PassingFailure` `attempt` throws.
    func run<Value>(
        url: String, hindered: (String?) -> Void, _ attempt: () async throws -> Value
    ) async throws -> Value {
        var tries = 0
        var fruitless = 0
        while true {
            do {
                return try await attempt()
            } catch let failure as PassingFailure {
                try Task.checkCancellation()
                tries += 1
                fruitless = failure.isFruitful ? 1 : fruitless + 1
                let delay = policy.delay(fruitless: fruitless, tries: tries, retryAfter: failure.retryAfter)
                guard let delay else { throw Self.givenUp(url, failure.reason, tries) }
                hindered("\(failure.reason); trying again in \(Self.text(delay))")
                try await time.sleep(for: delay)
                hindered(nil)
            }
        }
    }

    private static func givenUp(_ url: String, _ reason: String, _ tries: Int) -> ModelStorageError {
        ModelStorageError(
            .unreachable, "\(url) could not be fetched: \(reason) (\(tries) \(tries == 1 ? "try" : "tries"))",
            remedy: "check that this machine can reach it (HTTPS_PROXY names a proxy); "
                + "what has arrived is kept for the next try")
    }

    private static func text(_ delay: Duration) -> String {
        let tenths = Int((delay / .milliseconds(100)).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
