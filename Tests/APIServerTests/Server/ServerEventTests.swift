import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerEventTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func record(_ name: String) async throws {
        var event = Object(.events, namespace: "default", name: name)
        event["involvedObject"] = ["kind": "Pod", "name": "p", "namespace": "default"]
        event["lastTimestamp"] = .string(Timestamp.string(seconds: test.time.secondsSince1970))
        event["reason"] = "Tested"
        event["type"] = "Normal"
        _ = try await server.create(.events, event)
    }

    @Test func eventsAreForgottenAfterAnHourWhenNewOnesCome() async throws {
        for name in ["a", "b", "c"] { try await record(name) }
        test.time.advance(by: .seconds(3_000))
        let again = JSONValue.string(Timestamp.string(seconds: test.time.secondsSince1970))
        _ = try await server.patch(.events, key("b"), .merge(["count": 2, "lastTimestamp": again]))
        test.time.advance(by: .seconds(601))
        try await record("d")
        #expect(try await test.names(.events) == ["b", "d"])
    }

    @Test func eachNewEventForgetsAFewOldOnes() async throws {
        for index in 0..<10 { try await record("old\(index)") }
        test.time.advance(by: .seconds(3_601))
        for (index, left) in [6, 2, 0].enumerated() {
            try await record("new\(index)")
            #expect(try await test.names(.events).count { $0.hasPrefix("old") } == left)
        }
    }
}
