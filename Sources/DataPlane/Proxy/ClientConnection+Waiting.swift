import Activation
import HTTPFraming
import NIOCore
import Routing

// What a caller is told while it waits.
//
// A caller that asked for a stream gets its head after two seconds, and a comment every few seconds, so that neither it
// nor anything between gives the connection up; one that asked for progress gets events. By then everything is decided
// that can be without a replica: the route, access, and whether the queue is full. Others hear nothing until the answer,
// or 503 when they have waited for as long as may be.
extension ClientConnection {
    /// The request is in the queue now, for the first time or again.
    func beginWaiting(isColdStart: Bool) {
        guard let share = exchange?.share else { return }
        let now = worker.now
        // A request that was put back goes on waiting: its time began with the first wait.
        let since = exchange?.waitedSince ?? now
        if exchange?.waitedSince == nil {
            exchange?.waitedSince = now
            if isColdStart {
                exchange?.isColdStart = true
                exchange?.counters?.countColdStart()
            }
        }
        if isColdStart, share.startingSince == nil { share.startingSince = now }
        let limit = min(share.maxWait, exchange?.maxWait ?? share.maxWait)
        exchange?.waitsUntil = since.advanced(by: limit)
        setWaitDeadline(exchange?.early == nil ? since.advanced(by: worker.limits.earlyStream) : now)
    }

    private func setWaitDeadline(_ next: MonotonicTime) { deadline = min(next, exchange?.waitsUntil ?? .never) }

    /// It still waits at its deadline.
    func goOnWaiting(at now: MonotonicTime) {
        guard let exchange, let share = exchange.share else { return }
        let report = WaitReport(share, waitedSince: exchange.waitedSince ?? now, at: now)
        guard now < exchange.waitsUntil else {
            answer(.notServed(share.load.name, report))
            return
        }
        guard exchange.early != nil || beginEarlyStream() else {
            setWaitDeadline(.never)
            return
        }
        tell(report)
        setWaitDeadline(now.advanced(by: worker.limits.comments))
    }

    /// The revision cannot start, and this request waited for it.
    func giveUp() {
        phase = .head
        if let share = exchange?.share { refuseToWait(for: share) }
        process()
    }

    func refuseToWait(for share: RevisionShare) {
        let now = worker.now
        answer(.cannotStart(share.load.name, WaitReport(share, waitedSince: exchange?.waitedSince ?? now, at: now)))
    }

    private func tell(_ report: WaitReport) {
        guard let early = exchange?.early else { return }
        write(early.framed(early.showsProgress ? report.event : report.comment))
        flush()
    }

    /// - Returns: Whether it is a request whose answer may begin before there is a server.
    private func beginEarlyStream() -> Bool {
        guard let exchange, exchange.share?.revision.sendsComments == true, exchange.progress.isRequestComplete,
            !exchange.isToHead, !exchange.upgrades, !exchange.isGRPC, exchange.asksForProgress || asksForStream
        else { return false }
        let closes = !exchange.keepsAlive || exchange.isVersion10 || worker.isStopping
        let early = EarlyStream(isChunked: !exchange.isVersion10, showsProgress: exchange.asksForProgress)
        self.exchange?.early = early
        self.exchange?.closes = closes
        write(early.head(closes: closes))
        return true
    }

    /// Whether the caller wants events: it says so in Accept, or its body has `"stream": true`. The body is looked at
    /// only here, when somebody has waited for seconds.
    private var asksForStream: Bool {
        guard let exchange else { return false }
        if exchange.acceptsEvents { return true }
        var body = BodyTracker(exchange.requestFraming)
        var scanner = StreamFlagScanner()
        let buffer = request
        let bytes = buffer.readableBytesUInt8Span
        guard exchange.headLength <= bytes.count else { return false }
        do throws(FramingError) {
            let rest = bytes.extracting(exchange.headLength..<bytes.count)
            _ = try body.advance(over: rest) { scanner.scan(rest.extracting($0)) }
        } catch {
            return false
        }
        return scanner.isSet
    }
}

// The server's answer, in a stream that has begun already.
extension ClientConnection {
    func continueEarlyStream(with head: ResponseHead) {
        exchange?.early?.isWrapping = head.kind != .events
        guard let early = exchange?.early else { return }
        exchange?.isUntilClose = !early.isChunked
        guard early.isWrapping else { return }
        write(early.framed("data: "))
    }

    func passEarly(_ piece: ByteBuffer, in early: EarlyStream) {
        write(early.isWrapping ? early.wrapped(piece) : early.framed(piece))
    }

    /// - Returns: Whether the answer may end as complete; an error may not.
    func endEarlyStream(_ early: EarlyStream, isSuccess: Bool) -> Bool {
        if early.isWrapping { write(early.framed("\n\n")) }
        guard isSuccess else { return false }
        if let end = early.end { write(end) }
        return true
    }
}
