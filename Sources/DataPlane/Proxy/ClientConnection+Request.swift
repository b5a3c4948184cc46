import Activation
import Authorization
import HTTPFraming
import NIOCore
import Routing

// A request's head: it is parsed, routed, and written anew for the model server.
extension ClientConnection {
    /// - Returns: Whether the head was complete.
    func readHead() -> Bool {
        do throws(FramingError) {
            guard try parser.parse(inbound.readableBytesUInt8Span) else {
                if case .idle = phase { setDeadline(after: worker.limits.headTime) }
                phase = .head
                return false
            }
            try begin()
        } catch {
            reject(GatewayError(error))
        }
        return true
    }

    /// Answers a request that cannot be understood. Where the next one would begin is not known either.
    func reject(_ error: GatewayError) {
        phase = .head
        number = worker.nextNumber()
        line.clear()
        exchange = Exchange(parser.head, table: worker.table, at: worker.now)
        exchange?.progress.isRequestComplete = false
        answer(LocalResponse(error))
    }

    private func begin() throws(FramingError) {
        phase = .head
        number = worker.nextNumber()
        exchange = Exchange(parser.head, table: worker.table, at: worker.now)
        let buffer = inbound
        let bytes = buffer.readableBytesUInt8Span
        line.set(bytes, method: parser.head.methodRange, path: parser.head.path)
        if worker.tracing != nil || parser.head.traceparent != nil { beginTrace(bytes) }
        if let template = worker.table.table.requestLog, !isShadow {
            exchange?.log = LoggedRequest(template, parser, bytes, client: address)
        }
        if let normalised = try RequestPath.normalise(bytes.extracting(parser.head.path)) {
            try begin(bytes, path: normalised.span)
        } else {
            try begin(bytes, path: bytes.extracting(parser.head.path))
        }
    }

    /// - Parameters:
    ///   - bytes: Begin with the head.
    ///   - path: Normalised.
    private func begin(_ bytes: Span<UInt8>, path: Span<UInt8>) throws(FramingError) {
        let head = parser.head
        let destination = worker.table.table.destination(host: bytes.extracting(head.host), path: path)
        switch destination {
        case .route where head.networkProbe != nil, .rules where head.networkProbe != nil,
            .model where head.networkProbe != nil:
            try consumeHead()
            if let probe = head.networkProbe { answer(LocalResponse(probe)) }
        case .route(let route, let range):
            try begin(bytes, path: path.extracting(range), RuleChoice(route: route, prefix: 0))
        case .rules(let rules):
            if let rule = worker.table.table.rule(for: parser, bytes, path: path, in: rules) {
                try begin(bytes, path: path, rule)
            } else {
                try answer(destination, bytes, path: path)
            }
        case .model(let range):
            writeRequest(bytes, path: path.extracting(range), passesExpectation: false)
            exchange?.isByModel = true
            exchange?.hasPrompt = path.isPromptPath
            dropHead()
            beginSelecting(isPost: head.method == .post)
        case .modelList where head.method == .get || head.method == .head:
            writeRequest(bytes, path: path, passesExpectation: false)
            try consumeHead()
            listModels()
        case .modelDescription(let range) where head.method == .get || head.method == .head:
            writeRequest(bytes, path: path, passesExpectation: false)
            let name = path.extracting(range).text.unescapingSlash
            try consumeHead()
            try describeModel(name)
        default: try answer(destination, bytes, path: path)
        }
    }

    private func answer(_ destination: Destination, _ bytes: Span<UInt8>, path: Span<UInt8>) throws(FramingError) {
        let response = localResponse(to: destination, parser.head, bytes, path: path)
        request.clear()
        try consumeHead()
        answer(response)
    }

    /// The request goes to the route that its host, and maybe more of it, has chosen.
    private func begin(_ bytes: Span<UInt8>, path: Span<UInt8>, _ rule: RuleChoice) throws(FramingError) {
        if mustRedirect(rule.route, bytes.extracting(parser.head.host)) {
            let location = secureLocation(parser.head, bytes)
            try consumeHead()
            answer(LocalResponse(redirect: 301, location: location))
            return
        }
        if let redirect = worker.table.table.routes[rule.route].filters?.filters.redirect {
            let response = LocalResponse(redirect, parser.head, bytes, path: path, rule, isSecure: rewriter.isSecure)
            try consumeHead()
            answer(response)
            return
        }
        writeRequest(bytes, path: path, passesExpectation: true)
        exchange?.prefix = rule.prefix
        exchange?.hasPrompt = path.isPromptPath && !parser.head.expectsContinue
        dropHead()
        try admit(to: rule.route)
    }

    private func consumeHead() throws(FramingError) {
        dropHead()
        try absorbBody()
    }

    private func dropHead() {
        inbound.moveReaderIndex(forwardBy: parser.head.length)
        parser.reset()
    }

    private func writeRequest(_ bytes: Span<UInt8>, path: Span<UInt8>, passesExpectation: Bool) {
        let capacity = rewriter.capacity(length: parser.head.length, pathLength: path.count)
        request.clear(minimumCapacity: capacity)
        request.writeWithOutputRawSpan(minimumWritableBytes: capacity) { output in
            rewriter.write(parser, of: bytes, path: path, passesExpectation: passesExpectation, to: &output)
        }
        if let tag = parser.head.routeTag { exchange?.tag = Array(bytes, tag) }
    }

    /// - Returns: `nil` where the route leads nowhere yet.
    private func choose(_ index: Int) -> Routing.Route.Target? {
        guard let table = exchange?.table.table else { return nil }
        exchange?.route = index
        exchange?.shadows = table.routes[index].shadows
        exchange?.timeLimit = table.routes[index].timeout
        exchange?.behaviour = table.routes[index].behaviour
        if let tag = exchange?.tag, let revision = table.routes[index].revision(tagged: tag) {
            return Routing.Route.Target(revision: revision, weight: 1)
        }
        exchange?.isOnDefaultRoute = true
        let target = pinnedTarget(table, index) ?? table.routes[index].target(turn: worker.nextTurn())
        exchange?.filters = target?.filters
        return target
    }

    /// Goes on to a route that the caller may take.
    func proceed(to route: Int) throws(FramingError) {
        phase = .head
        if let check {
            try absorbBody()
            answerCheck(check)
            return
        }
        let target = choose(route)
        try endHead(route)
        if selected.readableBytes > 0 { request.writeImmutableBuffer(takeSelected()) }
        try absorbBody()
        enter(target, of: route)
    }

    private func takeSelected() -> ByteBuffer {
        defer { selected = ByteBuffer() }
        return selected
    }

    /// Adds what the route says to the head that is sent upstream.
    private func endHead(_ index: Int) throws(FramingError) {
        guard let exchange else { return }
        if let grant = exchange.grant { addCaller(grant) }
        if let filters = exchange.filters?.filters { try apply(filters, prefix: exchange.prefix) }
        let route = exchange.table.table.routes[index]
        request.writeBytes(route.fields)
        if let filters = exchange.filters?.filters { request.writeBytes(filters.request.lines) }
        writeTrace()
        if !route.tags.isEmpty, exchange.isOnDefaultRoute {
            request.writeStaticString("Knative-Serving-Default-Route: true\r\n")
        }
        request.writeStaticString("\r\n")
        self.exchange?.headLength = request.readableBytes
    }

    /// Asks for a place at the revision that was chosen.
    private func enter(_ target: Routing.Route.Target?, of index: Int) {
        guard let table = exchange?.table else { return }
        if let target, target.revision == Routing.Route.nowhere {
            answer(.noBackend(table.table.routes[index].name))
        } else if let target {
            enter(table.shares[target.revision])
        } else {
            let route = table.table.routes[index]
            answer(.unavailable(route.name, reason: route.reason))
        }
    }

    /// The revision was deleted while the request waited for it: the table that is in use now may know another one.
    func routeAnew() {
        guard let old = exchange, let index = old.route else { return }
        phase = .head
        leaveShare()
        let name = old.table.table.routes[index].name
        exchange?.table = worker.table
        if let route = worker.table.table.routes.firstIndex(where: { $0.name == name }) {
            guard mayStill(take: route, after: old.table.access[index]) else {
                answer(.unavailable(name, reason: "who may call it has changed"))
                process()
                return
            }
            enter(choose(route), of: route)
        } else {
            answer(.unavailable(name, reason: "it was deleted"))
        }
        process()
    }
}

// A request's body.
extension ClientConnection {
    /// Takes what is there of the body.
    func takeBody() throws(FramingError) -> ByteBuffer {
        let buffer = takeInbound()
        guard let count = try exchange?.requestBody.advance(over: buffer.readableBytesUInt8Span) else { return buffer }
        return split(buffer, after: count)
    }

    /// Puts back what does not belong to the request.
    private func split(_ received: ByteBuffer, after count: Int) -> ByteBuffer {
        var buffer = received
        let isComplete = exchange?.requestBody.isComplete ?? true
        exchange?.progress.isRequestComplete = isComplete
        guard count < buffer.readableBytes, let body = buffer.readSlice(length: count) else { return buffer }
        inbound = buffer
        return body
    }

    /// Joins the body to the head as far as it is there and small: both are then sent with one write, and can be sent
    /// again.
    func absorbBody() throws(FramingError) {
        guard inbound.readableBytes > 0, exchange?.progress.isRequestComplete == false,
            request.readableBytes + inbound.readableBytes <= worker.limits.replay
        else { return }
        request.writeImmutableBuffer(try takeBody())
    }

    /// - Returns: Whether there may be more to do.
    func forwardBody(to upstream: UpstreamConnection) -> Bool {
        guard exchange?.progress.isRequestComplete == false else { return false }
        do throws(FramingError) {
            let piece = try takeBody()
            exchange?.capture?.take(request: piece.readableBytesUInt8Span)
            keepForReplay(piece)
            upstream.write(piece)
            touch()
            return true
        } catch {
            answer(GatewayError(error))
            return true
        }
    }

    private func keepForReplay(_ piece: ByteBuffer) {
        guard exchange?.progress.isReplayable == true else { return }
        if exchange?.progress.isResponseStarted == false,
            request.readableBytes + piece.readableBytes <= worker.limits.replay
        {
            request.writeImmutableBuffer(piece)
        } else {
            exchange?.progress.isReplayable = false
            request = ByteBuffer()
        }
    }

    func beginSelecting(isPost: Bool) {
        guard isPost else {
            answer(GatewayError(405, code: "method_not_allowed", "Only POST is possible here."))
            return
        }
        guard exchange?.progress.isRequestComplete == false else {
            answer(Self.missingModel)
            return
        }
        phase = .selecting(ModelScanner())
        setDeadline(after: worker.limits.bodyIdle)
        exchange?.hasAskedForBody = true
        if exchange?.expectsContinue == true, inbound.readableBytes == 0 {
            write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            flush()
        }
    }

    /// - Returns: Whether there may be more to do.
    func readModel(_ scanner: ModelScanner) -> Bool {
        var scanner = scanner
        var outcome = ModelScanner.Outcome.incomplete
        let buffer = takeInbound()
        do throws(FramingError) {
            let bytes = buffer.readableBytesUInt8Span
            let count = try exchange?.requestBody.advance(over: bytes) { outcome = scanner.scan(bytes.extracting($0)) }
            let piece = split(buffer, after: count ?? 0)
            if selected.readableBytes == 0 { selected = piece } else { selected.writeImmutableBuffer(piece) }
        } catch {
            answer(GatewayError(error))
            return true
        }
        phase = .selecting(scanner)
        setDeadline(after: worker.limits.bodyIdle)
        decide(outcome)
        return true
    }

    private func decide(_ outcome: ModelScanner.Outcome) {
        switch outcome {
        case .found(let name): route(toModel: name)
        case .missing: answer(Self.missingModel)
        case .notAString: answer(Self.badBody("`model` must be a string", param: "model"))
        case .tooLong: answer(Self.badBody("`model` is longer than any model's name", param: "model"))
        case .malformed: answer(Self.badBody("the body is not a JSON object", param: nil))
        case .incomplete where exchange?.progress.isRequestComplete == true:
            answer(Self.badBody("the body ends in the middle of its JSON", param: nil))
        case .incomplete where selected.readableBytes > worker.limits.modelScan:
            answer(
                GatewayError(
                    413, code: "request_too_large", param: "model",
                    "No `model` in the first \(worker.limits.modelScan >> 20) MiB of the body: name it before the rest."
                ))
        case .incomplete: break
        }
    }

    private func route(toModel name: [UInt8]) {
        guard let table = exchange?.table else { return }
        switch table.table.model(named: name.span) {
        case .route(let route):
            exchange?.model = name
            do throws(FramingError) { try admit(to: route) } catch { answer(GatewayError(error)) }
        case .unknown: answer(.unknownModel(name, among: table.openNames))
        case .ambiguous:
            let text = String(decoding: name, as: UTF8.self)
            answer(GatewayError(400, code: "ambiguous_model", param: "model", table.openNames.ambiguousModel(text)))
        }
    }

    private static let missingModel = badBody("it has no `model`", param: "model")

    private static func badBody(_ reason: String, param: String?) -> GatewayError {
        GatewayError(400, code: "invalid_request", param: param, "The request cannot be routed: \(reason).")
    }
}

extension [UInt8] {
    /// Some bytes of a span.
    fileprivate init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        self = []
        reserveCapacity(range.count)
        for index in range { append(bytes[index]) }
    }
}
