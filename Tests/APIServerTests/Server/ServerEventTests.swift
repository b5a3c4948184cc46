import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

@Suite("Events end")
struct ServerEventExpiryTests {
    @Test("an hour after they were last seen, without another one coming")
    func expiry() async throws {
        let test = try await TestServer()
        for number in 0..<3 {
            let event = Object(
                .events, namespace: "default", name: "e\(number)",
                [
                    "involvedObject": ["kind": "Pod", "name": "a", "namespace": "default"], "reason": "Test",
                    "lastTimestamp": .string(test.time.timestamp), "type": "Normal",
                ])
            _ = try await test.server.create(.events, event)
            test.time.advance(by: .seconds(1_200))
        }
        #expect(try await test.server.forgetExpiredEvents() == 0)
        test.time.advance(by: .seconds(60))
        #expect(try await test.server.forgetExpiredEvents() == 1)
        test.time.advance(by: .seconds(7_200))
        #expect(try await test.server.forgetExpiredEvents() == 2)
        #expect(try await test.server.list(.events, namespace: "default").items.isEmpty)
    }
}
