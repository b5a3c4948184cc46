import Glibc
import KubeController
import KubeModel
import Observability
import Proxy

/// The gateway's single requests, as they are looked at from outside.
///
/// An id is `<start>-<loop>-<number>`, with the second of the program's start in base 36: it names a request for as long as
/// its record is kept.
struct RecordedRequests: RequestSource {
    let gateway: Gateway
    let records: RequestRecords
    private let start = String(time(nil), radix: 36)

    init(gateway: Gateway, records: RequestRecords) {
        self.gateway = gateway
        self.records = records
    }

    func inFlight() async -> [InFlightRequest] {
        let now = Self.now()
        return await gateway.requestsInFlight().map { request in
            var shown = InFlightRequest(
                id: text(request.id), since: now - Self.milliseconds(request.age), state: .init(request.state))
            let subject = request.subject
            (shown.namespace, shown.revision) = (subject.revision?.namespace ?? "", subject.revision?.name ?? "")
            (shown.service, shown.pod, shown.caller) = (subject.service, subject.pod, subject.caller)
            (shown.method, shown.path) = (subject.method, subject.path)
            (shown.bytes, shown.tokens) = (request.bytes, request.tokens)
            return shown
        }
    }

    func cancel(_ id: String) async -> Bool {
        let parts = id.split(separator: "-")
        guard parts.count == 3, parts[0] == start, let loop = Int(parts[1]), let number = UInt64(parts[2]) else {
            return false
        }
        return await gateway.cancel(GatewayRequestID(loop: loop, number: number))
    }

    func records(_ filter: RecordFilter) async -> [RequestRecord] { await records.find(filter) }

    func record(_ request: EndedRequest, now: Int64) -> RequestRecord {
        var record = RequestRecord(id: text(request.id))
        let subject = request.subject
        (record.namespace, record.revision) = (subject.revision?.namespace ?? "", subject.revision?.name ?? "")
        (record.service, record.pod, record.caller) = (subject.service, subject.pod, subject.caller)
        (record.method, record.path, record.trace) = (subject.method, subject.path, subject.trace)
        record.status = request.status
        record.began = now - Self.milliseconds(request.age)
        record.duration = request.duration / .milliseconds(1)
        record.waited = request.waited.map { $0 / .milliseconds(1) }
        if let first = request.firstToken, let sent = request.sent {
            record.firstToken = (first - sent) / .milliseconds(1)
        }
        (record.promptTokens, record.completionTokens) = (request.promptTokens, request.completionTokens)
        record.bodies = request.bodies.map(RecordedBodies.init)
        return record
    }

    private func text(_ id: GatewayRequestID) -> String { "\(start)-\(id.loop)-\(id.number)" }

    private static func milliseconds(_ duration: Duration) -> Int64 { Int64((duration / .milliseconds(1)).rounded()) }

    /// Milliseconds since 1970.
    static func now() -> Int64 {
        SystemTime().microsecondsSince1970 / 1_000
    }
}

extension InFlightRequest.State {
    init(_ state: GatewayRequest.State) {
        self =
            switch state {
            case .arriving: .arriving
            case .queued: .queued
            case .waking: .waking
            case .running: .running
            case .streaming: .streaming
            }
    }
}

extension RecordedBodies {
    init(_ bodies: EndedRequest.Bodies) {
        let (request, response) = (Redaction.text(bodies.request), Redaction.text(bodies.response))
        self.init(
            request: request ?? "", response: response ?? "",
            isCut: bodies.isCut || request == nil || response == nil)
    }
}
