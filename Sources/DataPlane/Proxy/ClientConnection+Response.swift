import Activation
import Authorization
import HTTPFraming
import NIOCore
import Routing

// The model server's response, on its way to the client.
extension ClientConnection {
    /// A response that another one follows: 100 Continue, 103 Early Hints.
    func receiveInterim(_ parser: ResponseParser, _ bytes: Span<UInt8>) {
        guard let exchange, !exchange.isVersion10, exchange.early == nil else { return }
        if parser.head.status == 100, !exchange.expectsContinue || exchange.hasAskedForBody { return }
        writeHead(ResponseRewriter(), parser, bytes)
        writeOutbound()
        flush()
        touch()
    }

    func receiveHead(_ parser: ResponseParser, _ bytes: Span<UInt8>) {
        guard exchange != nil else { return }
        let head = parser.head
        let isUnchunked = exchange?.isVersion10 == true && head.framing == .chunked
        noteAnswer(head.status)
        if asksAgain(after: head.status) { return }
        exchange?.status = head.status
        exchange?.answer = AnswerMeter(head.kind)
        exchange?.isUntilClose = head.framing == .untilClose || isUnchunked
        exchange?.progress.isResponseStarted = true
        noteFirstByte()
        defer { touch() }
        guard exchange?.early == nil else {
            continueEarlyStream(with: head)
            return
        }
        var rewriter = ResponseRewriter()
        rewriter.closes = mustClose || head.framing == .untilClose || isUnchunked
        rewriter.removesChunks = isUnchunked
        rewriter.waited = exchange?.waited.map { Int($0 / .milliseconds(1)) }
        exchange?.closes = rewriter.closes
        if let key = exchange?.key { rewriter.lines = key.budget.lines(at: worker.wallClock()) }
        rewriter.lines += sessionLine()
        if let changes = exchange?.filters?.filters.response, !changes.isEmpty {
            var changed = parser
            changed.drop(changes.removed, in: bytes)
            rewriter.lines += changes.lines
            writeHead(rewriter, changed, bytes)
        } else {
            writeHead(rewriter, parser, bytes)
        }
        if request.capacity > worker.limits.replay { request = ByteBuffer() }
    }

    private var mustClose: Bool {
        guard let exchange else { return true }
        return !exchange.keepsAlive || !exchange.progress.isRequestComplete || worker.isStopping
    }

    private func noteFirstByte() {
        guard let began = exchange?.began else { return }
        let now = worker.now
        exchange?.firstByteAt = now
        exchange?.counters?.firstByte.record(from: began, to: now)
    }

    private func writeHead(_ rewriter: ResponseRewriter, _ parser: ResponseParser, _ bytes: Span<UInt8>) {
        let capacity = rewriter.capacity(length: parser.head.length)
        outbound.clear(minimumCapacity: capacity)
        outbound.writeWithOutputRawSpan(minimumWritableBytes: capacity) { output in
            rewriter.write(parser, of: bytes, to: &output)
        }
    }

    /// - Parameter piece: Of the body, in its framing.
    func receiveBody(_ piece: ByteBuffer) {
        touch()
        if let early = exchange?.early {
            passEarly(piece, in: early)
            return
        }
        if outbound.readableBytes > 0 {
            // Small bodies go out with their head.
            if piece.readableBytes <= 4_096 {
                outbound.writeImmutableBuffer(piece)
                return
            }
            writeOutbound()
        }
        write(piece)
    }

    /// - Parameter bytes: Of the body, without its framing.
    func measure(_ bytes: Span<UInt8>) {
        exchange?.size += bytes.count
        exchange?.capture?.take(response: bytes)
        let hasFirst = exchange?.answer.scan(bytes) == true
        noteGenerated()
        guard hasFirst, let exchange, let sent = exchange.sentAt, exchange.isSuccess else {
            return
        }
        let now = worker.now
        self.exchange?.firstToken = now
        exchange.counters?.firstToken.record(from: sent, to: now)
    }

    private func writeOutbound() {
        guard outbound.readableBytes > 0 else { return }
        write(outbound)
        outbound.moveReaderIndex(to: outbound.writerIndex)
    }

    /// All that came with one read has been written.
    func flushResponse() {
        writeOutbound()
        flush()
    }

    func receiveEnd(from upstream: UpstreamConnection, isReusable: Bool) {
        guard let exchange, let endpoint = exchange.endpoint else { return }
        let isWhole = exchange.early.map { endEarlyStream($0, isSuccess: exchange.isSuccess) } ?? true
        flushResponse()
        if isReusable, exchange.progress.isRequestComplete {
            worker.keep(upstream, of: endpoint)
        } else {
            upstream.cancel()
        }
        guard isWhole else {
            endCut(status: exchange.status, withReset: exchange.isUntilClose)
            return
        }
        let afterwards = exchange.progress.afterwards(closes: exchange.closes)
        phase = .head
        endExchange(status: exchange.status)
        go(on: afterwards)
        process()
    }

    /// What the server sent is no HTTP: the client gets 502, or a cut.
    func receiveMalformed(_ error: FramingError) {
        guard case .forwarding = phase else { return }
        noteFailure()
        answer(.badResponse(error))
        process()
    }

    func receiveUpgrade(_ parser: ResponseParser, _ bytes: Span<UInt8>) {
        guard case .forwarding(let upstream) = phase else { return }
        exchange?.progress.isResponseStarted = true
        noteFirstByte()
        var rewriter = ResponseRewriter()
        rewriter.upgrades = true
        writeHead(rewriter, parser, bytes)
        writeOutbound()
        phase = .tunnel(upstream)
        deadline = .never
        process()
        upstream.flush()
    }

    func receiveTunnelled(_ bytes: ByteBuffer) { write(bytes) }

    func tunnelEnded() {
        flush()
        endExchange(status: 101)
        go(on: .linger)
    }
}
