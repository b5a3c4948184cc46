import JSONModel
import KubeClient
import KubeModel
import Logging
import Testing

@testable import KubeController

@Suite("Events and finalizers")
struct EventRecorderTests {
    private let time = ManualTime(origin: 1_767_225_600_000_000)
    private let client = ScriptedClient()

    private var recorder: EventRecorder {
        EventRecorder(client: client, component: "martlet", host: "node", time: time, logger: Logger(label: "test"))
    }

    @Test("say what happened to whom, when, and who says so")
    func content() async {
        await recorder.record(.warning, "Broken", about: pod("a", version: 3), "it broke")
        #expect(client.objects.count == 1)
        let event = client.objects[0]
        #expect(event.namespace == "default")
        #expect(event.name.hasPrefix("a."))
        #expect(event["involvedObject", "uid"] == "uid-a")
        #expect(event["type"] == "Warning")
        #expect(event["reason"] == "Broken")
        #expect(event["message"] == "it broke")
        #expect(event["count"] == 1)
        #expect(event["source"] == ["component": "martlet", "host": "node"])
        #expect(event["firstTimestamp"] == "2026-01-01T00:00:00Z")
    }

    @Test("count up when the same happens again, and stand apart when something else does")
    func aggregation() async {
        for _ in 0..<3 {
            await recorder.record(.normal, "Again", about: pod("a", version: 3), "again")
            time.advance(by: .seconds(60))
        }
        await recorder.record(.normal, "Again", about: pod("a", version: 3), "otherwise")
        #expect(client.objects.count == 2)
        let event = client.objects.first { $0["message"] == "again" }
        #expect(event?["count"] == 3)
        #expect(event?["firstTimestamp"] == "2026-01-01T00:00:00Z")
        #expect(event?["lastTimestamp"] == "2026-01-01T00:02:00Z")
    }

    @Test("a finalizer is put on once and taken off; one that is gone is no error")
    func finalizer() async throws {
        let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
        let finalizer = Finalizer("martlet.dev/test")
        _ = try await client.create(pods, pod("a", version: 1))
        let held = try await finalizer.add(to: pod("a", version: 1), pods, client)
        #expect(finalizer.isOn(held))
        #expect(try await finalizer.add(to: held, pods, client) == held)
        var missing = pod("missing", version: 1)
        missing.finalizers = [finalizer.name]
        try await finalizer.remove(from: missing, pods, client)
    }
}
