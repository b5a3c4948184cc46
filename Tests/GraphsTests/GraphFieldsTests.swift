import Testing

@testable import Graphs

@Suite("What of a head is passed on") struct GraphFieldsTests {
    @Test func `what belongs to one message, one connection or the platform stays behind`() {
        let passed = GraphFields.passed([
            ("Host", "a"), ("Content-Length", "3"), ("Connection", "close"), ("Authorization", "Bearer t"),
            ("traceparent", "00-1"), ("K-Inference-Graph", "default/g"), ("X-Forwarded-For", "1.2.3.4"),
            ("Martlet-Graph-Depth", "2"), ("Content-Type", "application/json"), ("Accept-Encoding", "gzip"),
        ])
        #expect(passed.map(\.name) == ["Authorization", "traceparent", "Content-Type"])
    }
}
