import Activation
import Authorization
import HTTPFraming
import Routing

/// One request and its response, from the request's head to the response's last byte.
struct Exchange {
    var progress = ExchangeProgress()
    let began: MonotonicTime
    /// The table that the request began with.
    var table: WorkerTable
    /// Who it says it is from; `nil`: it does not say.
    let caller: Caller?
    /// An index into the table's routes.
    var route: Int?
    /// That it may take the route; `nil` where nobody has to be asked.
    var grant: Grant?
    /// What others said before who let it in, too.
    var passed: Grant?
    /// Who is being asked.
    var judge: RoutePolicy?
    /// It only asked whether it may go on, and may.
    var isCheckedGood = false
    /// What its body names as `model`.
    var model: [UInt8]?
    /// Whether the credential was for the gateway alone.
    var removesCredential = false
    /// The API key that it came with, and what it holds of its budget.
    var key: ModelKey?
    var reservation: KeyBudget.Reservation?
    /// Until when it may be found out whether it may.
    var decidedUntil = MonotonicTime.never
    /// The body's `model` names the service.
    var isByModel = false
    /// The tag that the request asks for.
    var tag: [UInt8]?
    /// It went where requests without a tag go.
    var isOnDefaultRoute = false
    /// Where copies may go.
    var shadows: [Route.Shadow] = []
    /// What is done to the request and its response.
    var filters: SharedFilters?
    /// How much of the path the rule's match has used up.
    var prefix = 0
    /// Tokens of its prompt, and of what was generated for it so far, as they are counted in flight.
    var tokensHeld = 0
    /// Of them, those that were generated.
    var eventsHeld = 0
    /// Which replica it would like, and how urgent it is.
    var placement = Placement()
    /// Its body carries a prompt.
    var hasPrompt = false
    let priority: RequestPreferences.Priority?
    /// Of the route.
    var behaviour: RouteBehaviour?
    /// Answers that were not passed on, but asked for again.
    var retries = 0
    /// Of the route: from sending it to the last byte of the response.
    var timeLimit: Duration?
    /// The gateway has asked for the body itself, because it had to be routed by it.
    var hasAskedForBody = false

    /// The revision it was routed to; counted there from then on.
    var share: RevisionShare?
    /// Of the revision.
    var counters: TrafficCounters?
    /// Where it has a place.
    var endpoint: EndpointShare?
    var waitedSince: MonotonicTime?
    /// Until when it may wait for a place.
    var waitsUntil = MonotonicTime.never
    /// When all of the answer has to be there.
    var endsAt = MonotonicTime.never
    var waited: Duration?
    /// It found no replica.
    var isColdStart = false
    /// The last endpoint that it was sent to.
    var servedBy: EndpointShare?
    /// When it went to the server that it is at now.
    var sentAt: MonotonicTime?
    /// When an endpoint could not be connected to for the first time.
    var firstFailure: MonotonicTime?

    /// Of the head, as it is sent upstream.
    var headLength = 0
    let requestFraming: BodyFraming
    var requestBody: BodyTracker
    /// When it was known whether it may, where that had to be found out.
    var decidedAt: MonotonicTime?
    /// Seconds that the caller wants to wait for a replica at most.
    let maxWait: Duration?
    let asksForProgress: Bool
    let acceptsEvents: Bool
    let isGRPC: Bool
    var isToHead = false
    var isVersion10 = false
    var keepsAlive = false
    var upgrades = false
    var expectsContinue = false

    /// Kept for the log of requests; `nil`: it is not logged.
    var log: LoggedRequest?
    /// Of the response's body, as far as it is logged.
    var size = 0

    // The response.
    /// Begun before there was a server.
    var early: EarlyStream?
    var status = 0
    var closes = false
    /// Set when the response's head says what its body is.
    var answer = AnswerMeter()
    var isUntilClose = false
    var firstByteAt: MonotonicTime?
    var firstToken: MonotonicTime?
    var trace: RequestTrace?
    /// `nil`: its bodies are not recorded.
    var capture: BodyCapture?

    init(_ head: RequestHead, table: WorkerTable, at now: MonotonicTime) {
        began = now
        self.table = table
        caller = head.credential.map(Caller.init)
        requestFraming = head.framing
        requestBody = BodyTracker(head.framing)
        maxWait = head.preferences.wait.map { .seconds($0) }
        priority = head.preferences.priority
        asksForProgress = head.preferences.progress
        acceptsEvents = head.acceptsEvents
        isGRPC = head.isGRPC
        isToHead = head.method == .head
        isVersion10 = head.isVersion10
        keepsAlive = head.keepsAlive
        upgrades = head.upgradesToWebSocket
        expectsContinue = head.expectsContinue
        progress.isRequestComplete = requestBody.isComplete
    }

    /// Whether the client gets events.
    var isEventStream: Bool { early != nil || answer.kind == .events }

    /// Whether an event may follow what the client has got.
    var isBetweenEvents: Bool {
        guard let early, progress.isResponseStarted else { return answer.events.isBetweenEvents }
        return !early.isWrapping && answer.events.isBetweenEvents
    }

    var isSuccess: Bool { 200..<300 ~= status }

    /// When the server began to generate, as far as is seen from here: at the first token of a stream, and when it got
    /// the request for an answer that comes whole. `nil` where nothing was generated.
    var generation: MonotonicTime? { answer.kind == .events ? firstToken : firstToken.flatMap { _ in sentAt } }

    /// Nanoseconds between two tokens of a stream on the average; `nil` of what is none, or has no two.
    func tokenInterval(to end: MonotonicTime) -> Int64? {
        guard answer.kind == .events, isSuccess, let firstToken, let count = answer.counts.completion, count > 1 else {
            return nil
        }
        return max(0, end.nanoseconds - firstToken.nanoseconds) / Int64(count - 1)
    }
}
