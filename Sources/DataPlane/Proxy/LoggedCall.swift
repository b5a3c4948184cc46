import Authorization
import NIOCore
import Routing

/// Where calls are logged with who made them. It never blocks: what it has no room for it drops, counts, and says so.
package protocol CallLog: Sendable {
    func write(_ call: LoggedCall)
}

/// Who called what, and what was decided.
package struct LoggedCall: Sendable {
    /// Seconds since 1970.
    package var time: Double
    /// An IP address.
    package var client: String
    /// `anonymous` where nobody asked.
    package var user: String
    /// The API key, by the name of its Secret; never the key.
    package var key: String?
    package var method: String
    /// With the query left out: it may hold a credential.
    package var path: String
    /// What was called: `InferenceService default/smollm2`.
    package var target: String
    /// Of the answer to who may not; 0: the call went on.
    package var status: Int
    /// Why not, or what else is to be known.
    package var reason: String

    package var isAllowed: Bool { status == 0 }
}

extension ClientConnection {
    /// Writes down what was decided about the call of a route.
    func log(denied denial: Denial? = nil, reason: String = "") {
        guard let log = worker.callLog, let exchange, let route = exchange.route else { return }
        let target = exchange.table.table.routes[route].name
        let head = AccessRequest(head: request.readableBytesUInt8Span)
        let grants = [exchange.passed, exchange.grant].compactMap(\.self)
        let remarks = grants.map(\.remark).filter { !$0.isEmpty }.joined(separator: "; ")
        let why = denial.map { $0.note.isEmpty ? $0.message : $0.note } ?? (reason.isEmpty ? remarks : reason)
        log.write(
            LoggedCall(
                time: worker.wallClock(), client: address, user: grants.last?.user ?? "anonymous",
                key: exchange.key.map { "\($0.name)" }, method: head.method, path: head.path, target: target,
                status: denial?.status ?? 0, reason: why))
    }
}
