import Testing

@testable import KubeController

@Suite("Event correlator")
struct EventCorrelatorTests {
    private let topic = EventCorrelator.Topic(object: "Pod a", level: "Warning", reason: "Failed")

    @Test("the tenth different message within ten minutes is combined, the same one never")
    func combining() {
        let correlator = EventCorrelator()
        let verdicts = (1...12).map { correlator.take(topic, "problem \($0)", at: .seconds($0)) }
        #expect(verdicts == Array(repeating: .asIs, count: 9) + Array(repeating: .combined, count: 3))
        #expect(correlator.take(topic, "problem 13", at: .seconds(2_000)) == .asIs)
        let other = EventCorrelator()
        #expect((1...20).allSatisfy { other.take(topic, "same", at: .seconds($0)) == .asIs })
    }

    @Test("after 25 at once, an object is heard of once in five minutes; others are not concerned")
    func flooding() {
        let correlator = EventCorrelator()
        let verdicts = (1...30).map { _ in correlator.take(topic, "same", at: .zero) }
        #expect(verdicts.filter { $0 == .dropped }.count == 5)
        #expect(correlator.take(topic, "same", at: .seconds(299)) == .dropped)
        #expect(correlator.take(topic, "same", at: .seconds(301)) == .asIs)
        var other = topic
        other.object = "Pod b"
        #expect(correlator.take(other, "same", at: .zero) == .asIs)
    }
}
