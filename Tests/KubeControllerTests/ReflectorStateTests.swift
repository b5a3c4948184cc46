import KubeClient
import KubeModel
import Testing

@testable import KubeController

@Suite("A reflector")
struct ReflectorStateTests {
    private let gone = Status.expired("too old")
    private let broken = Status(code: 500, reason: "InternalError", message: "broken")

    @Test("lists first, then watches from there and from each event on")
    func follows() {
        var state = ReflectorState()
        #expect(state.step == .list)
        state.listed("10")
        #expect(state.step == .watch(from: "10"))
        state.received(.modified(pod("a", version: 12)))
        #expect(state.step == .watch(from: "12"))
        state.received(.bookmark(resourceVersion: "20"))
        #expect(state.step == .watch(from: "20"))
    }

    @Test("lists again at once when its version is gone, but does not do so in a tight loop")
    func expired() {
        var state = ReflectorState()
        state.listed("10")
        let first = state.failed(gone, random: 0)
        #expect(first == .zero)
        #expect(state.step == .list)
        let second = state.failed(gone, random: 0)
        #expect(second > .zero)
    }

    @Test("waits longer after each failure and stays where it was")
    func failures() {
        var state = ReflectorState()
        state.listed("10")
        let waits = (0..<10).map { _ in state.failed(broken, random: 0) }
        #expect(waits.prefix(3) == [.milliseconds(800), .milliseconds(1600), .milliseconds(3200)])
        #expect(waits.last == .seconds(30))
        #expect(state.step == .watch(from: "10"))
        state.received(.bookmark(resourceVersion: "11"))
        let afterProgress = state.failed(broken, random: 0)
        #expect(afterProgress == .milliseconds(800))
    }

    @Test("goes on at once when a watch ends in its time, and slowly when it ends before it began")
    func ends() {
        var state = ReflectorState()
        state.listed("10")
        let waits = [(300_000, false), (1, true), (1, false)].map { lasted, sawEvents in
            state.ended(after: .milliseconds(lasted), sawEvents: sawEvents, random: 0)
        }
        #expect(waits == [.zero, .zero, .milliseconds(800)])
    }
}
