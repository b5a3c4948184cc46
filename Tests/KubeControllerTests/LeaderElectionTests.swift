import KubeClient
import KubeModel
import Logging
import Synchronization
import Testing

@testable import KubeController

@Suite("A leader election")
struct LeaderElectionTests {
    private let time = ManualTime()
    private let server = LeaseServer()

    private func election(_ identity: String) -> LeaderElection {
        LeaderElection(
            LeadershipTerms(lease: key("lock"), identity: identity), client: server, time: time, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Work that says who does it until it is cancelled.
    private final class Workers: Sendable {
        let names = Mutex<Set<String>>([])
        let most = Mutex(0)

        func work(_ name: String) async {
            let count = names.withLock { names in
                names.insert(name)
                return names.count
            }
            most.withLock { $0 = max($0, count) }
            while !Task.isCancelled { await Task.yield() }
            _ = names.withLock { $0.remove(name) }
        }
    }

    /// Lets time go on in steps until something has happened.
    private func pass(_ step: Duration = .milliseconds(500), until condition: () -> Bool) async throws {
        try await eventually {
            if condition() { return true }
            for _ in 0..<50 { await Task.yield() }
            time.advance(by: step)
            return condition()
        }
    }

    @Test("lets one work, renews its Lease, and hands over when it stops")
    func handsOver() async throws {
        let workers = Workers()
        let first = Task { await election("first").run { await workers.work("first") } }
        try await eventually { workers.names.withLock { $0 } == ["first"] }
        let second = Task { await election("second").run { await workers.work("second") } }
        try await pass { server.writes.count >= 5 }
        #expect(Set(server.writes) == ["first"])
        first.cancel()
        #expect(await first.value == .done)
        #expect(server.writes.last == "")
        try await pass { workers.names.withLock { $0 } == ["second"] }
        second.cancel()
        #expect(await second.value == .done)
        #expect(workers.most.withLock { $0 } == 1)
    }

    @Test("stops the leader that cannot renew before its lease is another's")
    func losesTouch() async throws {
        let workers = Workers()
        let leader = Task { await election("first").run { await workers.work("first") } }
        try await eventually { workers.names.withLock { $0 } == ["first"] }
        server.set(down: true)
        try await pass { workers.names.withLock { $0.isEmpty } }
        #expect(await leader.value == .lost)
        #expect(server.holder == "first")
    }

    @Test("takes over from a leader that vanished, when its lease has run out")
    func takesOver() async throws {
        let workers = Workers()
        var lease = Lease(key("lock"))
        lease.holder = "vanished"
        lease.duration = .seconds(15)
        _ = try await server.create(Lease.resource, lease.object)
        let heir = Task { await election("heir").run { await workers.work("heir") } }
        try await pass { workers.names.withLock { $0 } == ["heir"] }
        #expect(time.now >= .seconds(15))
        heir.cancel()
        #expect(await heir.value == .done)
    }

    @Test("ends by itself when the work is done, and leaves the Lease to others")
    func done() async throws {
        #expect(await election("only").run {} == .done)
        #expect(server.writes == ["only", ""])
    }
}
