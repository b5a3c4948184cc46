import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import CommandLine

@Suite("Why a model is as it is")
struct ExplanationTests {
    private func object(_ kind: String, _ name: String, _ status: JSONValue) -> Object {
        var object = Object(["kind": .string(kind), "metadata": ["name": .string(name), "namespace": "default"]])
        object.status = status
        return object
    }

    private func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSONValue {
        ["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]
    }

    private func event(_ time: String, _ reason: String, _ kind: String, _ message: String) -> Object {
        Object([
            "kind": "Event", "type": "Normal", "reason": .string(reason), "message": .string(message),
            "lastTimestamp": .string(time), "involvedObject": ["kind": .string(kind), "name": "tiny"],
        ])
    }

    private let terminal = Terminal(isInteractive: false, colours: false)

    @Test("what is not well stands from the service down to the pod, and the last of it has the remedy")
    func causes() {
        let shortage = "0/1 nodes are available: 1 Insufficient memory."
        let service = object(
            "InferenceService", "tiny",
            [
                "conditions": [
                    condition("PredictorReady", "Unknown", "Unschedulable", shortage),
                    condition("Ready", "Unknown", "Unschedulable", shortage),
                ]
            ])
        let pod = object(
            "Pod", "tiny-pod", ["conditions": [condition("PodScheduled", "False", "Unschedulable", shortage)]])
        let explanation = Explanation(ServiceParts(service: service, parts: [pod], events: []), limit: 20)
        #expect(explanation.state == "not ready: \(shortage)")
        #expect(explanation.causes.map(\.condition.type) == ["PredictorReady", "PodScheduled"])
        #expect(explanation.remedy?.contains("--memory-limit") == true)
        #expect(explanation.json["causes"]?[1]?["kind"] == "Pod")
    }

    @Test("decisions stand newest first, each once, with their ages")
    func decisions() {
        let service = object("InferenceService", "tiny", ["conditions": [condition("Ready", "True", "", "")]])
        let events = [
            event("2026-01-01T00:00:10Z", "Scaled", "PodAutoscaler", "1 to 2: why"),
            event("2026-01-01T00:00:10Z", "Scaled", "InferenceService", "1 to 2: why"),
            event("2026-01-01T00:00:40Z", "Evicted", "Revision", "made room"),
        ]
        let explanation = Explanation(ServiceParts(service: service, parts: [], events: events), limit: 20)
        #expect(explanation.causes.isEmpty && explanation.remedy == nil)
        let text = explanation.text(now: 1_767_225_650, terminal)
        #expect(
            text == """
                tiny is ready, at zero: a request will start it

                What was decided:
                     10s  Evicted  revision/tiny: made room
                     40s  Scaled  podautoscaler/tiny: 1 to 2: why
                """)
    }
}
