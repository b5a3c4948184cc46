package import KubeAccess
import KubeModel
import ServingAPI
import Synchronization

/// Finds out what event loops do not know: asks the authority, off the loops, so many questions at once and each for so
/// long. What fails, takes too long or is cancelled is a denial.
package final class AccessDesk: Sendable {
    package struct Limits: Sendable {
        /// Questions at once; more are refused.
        package var questions = 1_024
        package var timeout: Duration = .seconds(5)
        /// For how long a caller that was let in is, at most.
        package var allowed: Duration = .seconds(60)
        /// For how long one that was not is not.
        package var denied: Duration = .seconds(5)

        package init() {}
    }

    private struct Job: Sendable {
        var question: AccessQuestion
        var answer: @Sendable (Outcome) -> Void
    }

    private let authority: any AccessAuthority
    /// Of what the authority decides by.
    package let epoch: AccessEpoch
    private let sources: (any CredentialSources)?
    private let keys: WebKeyStore?
    private let checks: (any CheckAuthority)?
    private let cache = EvaluatorCache()
    private let limits: Limits
    /// Seconds since 1970.
    package let now: @Sendable () -> Double
    private let clock: any Clock<Duration>
    private let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation
    private let open = Atomic<Int>(0)

    package init(
        authority: any AccessAuthority, sources: (any CredentialSources)? = nil,
        checks: (any CheckAuthority)? = nil, epoch: AccessEpoch,
        limits: Limits = Limits(),
        clock: any Clock<Duration> = .continuous,
        now: @escaping @Sendable () -> Double
    ) {
        self.authority = authority
        self.epoch = epoch
        self.sources = sources
        self.checks = checks
        keys = sources.map { WebKeyStore($0) }
        self.limits = limits
        self.clock = clock
        self.now = now
        (jobs, continuation) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .bufferingOldest(limits.questions))
    }

    /// - Parameter answer: called once, from any thread.
    package func ask(_ question: AccessQuestion, _ answer: @escaping @Sendable (Outcome) -> Void) {
        guard open.wrappingAdd(1, ordering: .relaxed).newValue <= limits.questions,
            case .enqueued = continuation.yield(Job(question: question, answer: answer))
        else {
            open.wrappingSubtract(1, ordering: .relaxed)
            answer(.undecided("too many tokens are being looked up"))
            return
        }
    }

    /// Runs until cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask {
                    let outcome = await self.outcome(of: job.question)
                    self.open.wrappingSubtract(1, ordering: .relaxed)
                    job.answer(outcome)
                }
            }
        }
    }

    /// Within the time that there is for it.
    func outcome(of question: AccessQuestion) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await self.decide(question) }
            group.addTask {
                try? await self.clock.sleep(for: self.limits.timeout)
                return nil
            }
            defer { group.cancelAll() }
            let first = await group.next() ?? nil
            return first ?? .undecided("the API did not answer within \(limits.timeout)")
        }
    }
}

extension AccessDesk {
    private func decide(_ question: AccessQuestion) async -> Outcome {
        switch question.policy.rule {
        case .service(let audiences, let style): await review(question, audiences, style)
        case .config(let rules, _): await evaluate(rules, question)
        case .mesh(let workloads): await evaluate(workloads, question)
        }
    }

    private func evaluate(_ workloads: [MeshRules], _ question: AccessQuestion) async -> Outcome {
        guard let request = question.request, let keys else { return .undecided("nobody can evaluate policies") }
        let services = MeshEvaluation.Services(keys: keys, cache: cache, checks: checks, now: now())
        return await MeshEvaluation(policy: question.policy, workloads: workloads).outcome(request, services)
    }

    private func evaluate(_ rules: AuthRules, _ question: AccessQuestion) async -> Outcome {
        guard let request = question.request, let sources, let keys else {
            return .undecided("nobody can evaluate AuthConfigs")
        }
        let identities = IdentityEvaluation(
            rules: rules,
            scope: EvaluatorScope(policy: question.policy, sources: sources, cache: cache, now: now()),
            authority: authority, keys: keys)
        return await AuthPipeline(identities: identities, limits: limits).outcome(request)
    }

    /// TokenReview, then SubjectAccessReview, groups included.
    private func review(_ question: AccessQuestion, _ audiences: [String], _ style: DenialStyle) async -> Outcome {
        let policy = question.policy
        do {
            guard let caller = try await authority.review(token: question.token, audiences: audiences) else {
                return Outcome(.denied(style.notAuthenticated(for: policy.name)), lifetime: limits.denied)
            }
            let isAllowed = try await authority.mayAccess(caller.identity, policy.required)
            try Task.checkCancellation()
            guard isAllowed else {
                let denial = style.notAuthorized(user: caller.identity.user, for: policy.name)
                return Outcome(.denied(denial), lifetime: lifetime(limits.denied, caller))
            }
            return Outcome(.allowed(Grant(caller.identity)), lifetime: lifetime(limits.allowed, caller))
        } catch {
            return .undecided("the token could not be reviewed")
        }
    }

    private func lifetime(_ limit: Duration, _ caller: ReviewedCaller) -> Duration {
        guard let end = caller.expiration else { return limit }
        return min(limit, .seconds(max(0, end - now())))
    }
}

extension Outcome {
    static func undecided(_ reason: String) -> Outcome { Outcome(.denied(.undecided(reason)), lifetime: .zero) }
}

extension Grant {
    /// The server is told who calls, as kube-rbac-proxy tells it.
    convenience init(_ identity: Identity) {
        let groups = identity.groups.joined(separator: "|")
        let fields = "X-Remote-User: \(identity.user)\r\nX-Remote-Groups: \(groups)\r\n"
        let isPlain = (identity.user + groups).utf8.allSatisfy { $0 > 31 && $0 != 127 }
        self.init(user: identity.user, fields: isPlain ? Array(fields.utf8) : [])
    }
}
