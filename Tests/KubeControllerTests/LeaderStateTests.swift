import KubeModel
import Testing

@testable import KubeController

@Suite("The state of a candidate")
struct LeaderStateTests {
    private var state = LeaderState(LeadershipTerms(lease: key("lock"), identity: "me"))

    private func lease(_ holder: String, version: Int, transitions: Int = 0) -> Lease {
        var lease = Lease(key("lock"))
        lease.holder = holder
        lease.duration = .seconds(15)
        lease.transitions = transitions
        lease.renewTime = "\(version)"
        var object = lease.object
        object.resourceVersion = String(version)
        return Lease(object)
    }

    @Test("makes the Lease where there is none")
    mutating func creates() throws {
        guard case .write(let lease, true) = state.attempt(nil, at: .zero, "t") else { return #expect(Bool(false)) }
        #expect(lease.holder == "me" && lease.transitions == 0 && lease.duration == .seconds(15))
        #expect(lease.acquireTime == "t" && lease.renewTime == "t")
        #expect(!state.isLeader)
        state.wrote(lease, at: .seconds(1))
        #expect(state.isLeader && state.deadline == .seconds(11))
    }

    @Test("respects another's claim for its duration since it last changed, whatever the Lease's own times say")
    mutating func respects() {
        #expect(state.attempt(lease("other", version: 1), at: .seconds(100), "t") == .held(by: "other"))
        #expect(state.attempt(lease("other", version: 1), at: .seconds(114), "t") == .held(by: "other"))
        #expect(state.attempt(lease("other", version: 2), at: .seconds(114), "t") == .held(by: "other"))
        #expect(state.attempt(lease("other", version: 2), at: .seconds(128), "t") == .held(by: "other"))
        guard case .write(let mine, false) = state.attempt(lease("other", version: 2), at: .seconds(129), "t") else {
            return #expect(Bool(false))
        }
        #expect(mine.holder == "me" && mine.transitions == 1 && mine.acquireTime == "t")
        #expect(mine.object.resourceVersion == "2")
    }

    @Test("takes what was given up at once")
    mutating func takesReleased() {
        guard case .write(let mine, false) = state.attempt(lease("", version: 3, transitions: 4), at: .zero, "t") else {
            return #expect(Bool(false))
        }
        #expect(mine.transitions == 5)
    }

    @Test("renews without changing since when it leads, also after a restart under the same name")
    mutating func renews() {
        var held = lease("me", version: 5, transitions: 2)
        held.acquireTime = "before"
        guard case .write(let again, false) = state.attempt(held, at: .zero, "t") else { return #expect(Bool(false)) }
        #expect(again.acquireTime == "before" && again.transitions == 2 && again.renewTime == "t")
        state.wrote(again, at: .zero)
        #expect(state.renewal("u")?.renewTime == "u")
        #expect(state.renewal("u")?.acquireTime == "before")
    }

    @Test("no longer leads when it sees another's name")
    mutating func loses() {
        state.wrote(lease("me", version: 1), at: .zero)
        #expect(state.attempt(lease("other", version: 2), at: .seconds(1), "t") == .held(by: "other"))
        #expect(!state.isLeader && state.renewal("t") == nil && state.release("t") == nil)
    }

    @Test("gives the Lease up once, so that nobody waits for it")
    mutating func releases() {
        state.wrote(lease("me", version: 1), at: .zero)
        let released = state.release("t")
        #expect(released?.holder == "" && released?.duration == .seconds(1))
        #expect(state.release("t") == nil && !state.isLeader)
    }

    @Test("tries again with jitter while it does not lead", arguments: [(0.0, 2_000), (0.5, 3_200)])
    mutating func jitter(random: Double, milliseconds: Int) {
        #expect(abs((state.retryDelay(random: random) - .milliseconds(milliseconds)) / .milliseconds(1)) < 0.001)
        state.wrote(lease("me", version: 1), at: .zero)
        #expect(state.retryDelay(random: random) == .seconds(2))
    }
}
