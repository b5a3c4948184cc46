import Activation
import Authorization
import HTTPFraming
import NIOCore
import Routing

/// What a request does once it is known what its caller may.
enum AccessPurpose {
    /// It goes to this route, an index into the exchange's table.
    case route(Int)
    /// It is told of the models that the caller may use.
    case modelList(ModelListing)
    /// It is told of this model.
    case modelDescription(RoutingTable.ModelEntry)
}

/// A list of models under way: each is asked about in its turn, and once.
struct ModelListing {
    /// An index into the table's models.
    var next = 0
    var models: [RoutingTable.ModelEntry] = []

    mutating func take(_ model: RoutingTable.ModelEntry, _ verdict: Verdict) {
        next += 1
        switch verdict {
        case .allowed, .key: models.append(model)
        case .denied: break
        }
    }
}

// Whether a caller may call: asked of the route that the request resolved to, before it takes a place or wakes anything.
extension ClientConnection {
    /// Lets the request go on to a route if its caller may take it. What is not known yet is waited for.
    func admit(to route: Int) throws(FramingError) {
        guard let table = exchange?.table else { return }
        exchange?.route = route
        switch table.access[route] {
        case .open:
            log(reason: "everyone may")
            try proceed(to: route)
        case .refused(let reason):
            log(denied: .undecided(reason))
            try refuse(.undecided(reason))
        case .guarded(let policy):
            exchange?.removesCredential = policy.removesCredential
            exchange?.passed = nil
            guard let verdict = judge(policy, for: .route(route)) else { return }
            try act(on: verdict, route)
        }
    }

    private func act(on verdict: Verdict, _ route: Int) throws(FramingError) {
        switch verdict {
        case .denied(let denial):
            worker.accessCounters.count(denial.status)
            log(denied: denial)
            try refuse(denial)
        case .allowed(let grant):
            worker.accessCounters.count(200)
            exchange?.grant = grant
            log()
            try proceed(to: route)
        case .key(let key):
            let isWithinBudget = try reserve(key)
            worker.accessCounters.count(isWithinBudget ? 200 : 429)
            guard isWithinBudget else { return }
            log()
            try proceed(to: route)
        }
    }

    /// The body is taken if it is here: the connection can be used again then.
    func refuse(_ denial: Denial, isByModel: Bool = false) throws(FramingError) {
        try absorbBody()
        answer(LocalResponse(denial, isByModel: isByModel || exchange?.isByModel == true))
    }

    /// - Returns: `nil`: it is being found out, and `decided` is called.
    private func judge(_ policy: RoutePolicy, for purpose: AccessPurpose) -> Verdict? {
        let head = request
        let wait = AccessWait(connection: self, attempt: attempt + 1)
        var policy = policy
        while let verdict = worker.judge(policy, head.readableBytesUInt8Span, call(for: purpose), wait) {
            guard let next = passOn(verdict, from: policy) else { return verdict }
            policy = next
        }
        attempt += 1
        phase = .authorizing(purpose)
        exchange?.judge = policy
        if exchange?.decidedUntil == .never {
            exchange?.decidedUntil = worker.now.advanced(by: worker.limits.authorization)
        }
        deadline = exchange?.decidedUntil ?? .never
        return nil
    }

    private func call(for purpose: AccessPurpose) -> AccessCall {
        switch purpose {
        case .route: AccessCall(peer: source, model: exchange?.model)
        case .modelList, .modelDescription: AccessCall(peer: source, isListing: true)
        }
    }

    /// - Returns: who has to let the caller in as well; `nil`: the verdict is the last one.
    private func passOn(_ verdict: Verdict, from policy: RoutePolicy) -> RoutePolicy? {
        guard let next = policy.next, case .allowed(let grant) = verdict else { return nil }
        let passed = exchange?.passed
        exchange?.passed = passed?.joined(with: grant) ?? grant
        return next
    }

    /// It has been found out.
    func decided(_ verdict: Verdict, attempt: Int) {
        guard case .authorizing(let purpose) = phase, attempt == self.attempt else { return }
        phase = .head
        var verdict = verdict
        if let policy = exchange?.judge, let next = passOn(verdict, from: policy) {
            guard let known = judge(next, for: purpose) else { return }
            verdict = known
        }
        exchange?.decidedAt = worker.now
        do throws(FramingError) {
            switch purpose {
            case .route(let route): try act(on: verdict, route)
            case .modelList(let listing): listModels(listing, verdict)
            case .modelDescription(let model): try describe(model, if: verdict)
            }
        } catch {
            answer(GatewayError(error))
        }
        process()
    }

    /// A request that waited is routed anew: what was decided counts only where the same would be asked again.
    func mayStill(take route: Int, after before: AccessTable.Access) -> Bool {
        switch (before, worker.table.access[route]) {
        case (.open, .open): true
        case (.guarded(let old), .guarded(let new)): old === new
        default: false
        }
    }

    /// Tells the server who calls, and keeps back what only the gateway needs.
    func addCaller(_ grant: Grant) {
        if exchange?.removesCredential == true { removeCredential() }
        if let passed = exchange?.passed { add(passed) }
        add(grant)
    }

    private func add(_ grant: Grant) {
        for name in grant.replaces { removeFields(named: name) }
        request.writeBytes(grant.fields)
    }

    private func removeCredential() {
        let head = request
        if let line = AuthorizationField(head.readableBytesUInt8Span)?.line { remove(line) }
    }

    func removeFields(named name: [UInt8]) {
        while true {
            let head = request
            guard let line = HeaderLine.find(name, in: head.readableBytesUInt8Span) else { return }
            remove(line)
        }
    }

    /// - Parameter line: of the head, as offsets into what can be read of it.
    private func remove(_ line: Range<Int>) {
        let start = request.readerIndex + line.lowerBound
        let end = request.readerIndex + line.upperBound
        let rest = request.writerIndex - end
        do { try request.copyBytes(at: end, to: start, length: rest) } catch {
            // Cannot be: both lie within the buffer. A token that may not go on must not.
            request.clear()
            return
        }
        request.moveWriterIndex(to: start + rest)
    }
}

// The list of models has those in it that its reader may use.
extension ClientConnection {
    /// - Parameter verdict: on the model that is next, where it was waited for.
    func listModels(_ listing: ModelListing = ModelListing(), _ verdict: Verdict? = nil) {
        guard let table = exchange?.table else { return }
        var (listing, verdict) = (listing, verdict)
        while listing.next < table.table.models.count {
            let model = table.table.models[listing.next]
            switch table.access[model.route] {
            case .open: listing.take(model, .allowed(.everyone))
            case .refused: listing.next += 1
            case .guarded(let policy):
                if verdict == nil { exchange?.passed = nil }
                guard let known = verdict ?? judge(policy, for: .modelList(listing)) else { return }
                verdict = nil
                listing.take(model, known)
            }
        }
        answer(.list(listing.models))
    }

    func describeModel(_ name: String) throws(FramingError) {
        guard let table = exchange?.table else { return }
        guard case .route(let route) = table.table.model(named: name),
            let model = table.table.models.first(where: { $0.route == route })
        else {
            answer(.unknownModel(Array(name.utf8), among: table.openNames))
            return
        }
        switch table.access[route] {
        case .open: answer(.description(of: model))
        case .refused(let reason): try refuse(.undecided(reason))
        case .guarded(let policy):
            guard let verdict = judge(policy, for: .modelDescription(model)) else { return }
            try describe(model, if: verdict)
        }
    }

    private func describe(_ model: RoutingTable.ModelEntry, if verdict: Verdict) throws(FramingError) {
        switch verdict {
        case .allowed, .key: answer(.description(of: model))
        case .denied(let denial): try refuse(denial)
        }
    }
}

/// A request that waits until it is known whether it may go on.
struct AccessWait {
    let connection: ClientConnection
    /// The connection's attempt that is meant: it may have given up meanwhile.
    let attempt: Int
}

extension Worker {
    /// - Returns: `nil`: it is being found out, and those who wait are told.
    func judge(_ policy: RoutePolicy, _ head: Span<UInt8>, _ call: AccessCall, _ wait: AccessWait) -> Verdict? {
        switch access.judge(policy, head: head, call: call, waiter: wait, at: now) {
        case .verdict(let verdict): return verdict
        case .wait: return nil
        case .ask(let question):
            ask(question)
            return nil
        }
    }

    private func ask(_ question: AccessQuestion) {
        let loop = loop
        guard let desk else {
            loop.execute {
                self.tell(Outcome(.denied(.undecided("nobody can review tokens")), lifetime: .zero), question)
            }
            return
        }
        desk.ask(question) { outcome in loop.execute { self.tell(outcome, question) } }
    }

    private func tell(_ outcome: Outcome, _ question: AccessQuestion) {
        for wait in access.complete(question, outcome, at: now) {
            wait.connection.decided(outcome.verdict, attempt: wait.attempt)
        }
    }
}
