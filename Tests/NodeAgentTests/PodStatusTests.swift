import JSONModel
import KubeModel
import Testing

@testable import NodeAgent

@Suite("A pod's status")
struct PodStatusTests {
    private func pod(_ events: [PodEvent], hasModel: Bool = false) throws -> Object {
        let pod = Object([
            "metadata": ["name": "p", "uid": "u"],
            "spec": ["containers": [["name": "c", "image": "i", "ports": [["containerPort": 80]]]]],
        ])
        var machine = PodMachine(rules: .init(), hasModel: hasModel)
        for (index, event) in events.enumerated() {
            _ = machine.handle(event, at: Moment(uptime: .seconds(index), calendar: Int64(index) * 1_000_000))
        }
        let manifest = try PodManifest(pod)
        return PodStatus(manifest: manifest, machines: PodMachines([machine]), startTime: 0).applied(to: pod, now: 0)
    }

    private func container(_ pod: Object) -> JSONValue? { pod["status", "containerStatuses"]?[0] }

    private static let ready: [PodEvent] = [
        .begin, .image(.done), .launched(launch: 1, Address(number: 127 << 24 | 1)), .report(launch: 1, .started),
        .ready(launch: 1, lastFailure: nil),
    ]

    @Test("of one that is ready")
    func ready() throws {
        let pod = try pod(Self.ready)
        #expect(pod["status", "phase"] == "Running" && pod["status", "podIP"] == "127.0.0.1")
        #expect(pod["status", "podIPs"] == [["ip": "127.0.0.1"]])
        #expect(pod.conditions.map(\.type) == ["ContainersReady", "Initialized", "PodScheduled", "Ready"])
        #expect(pod.conditions.allSatisfy { $0.isTrue })
        #expect(container(pod)?["ready"] == true && container(pod)?["started"] == true)
        #expect(container(pod)?[path: "state", "running", "startedAt"] == "1970-01-01T00:00:03Z")
        #expect(container(pod)?["containerID"] == "martlet://u/0" && container(pod)?["lastState"] == nil)
    }

    @Test(
        "while it is prepared",
        arguments: [
            (PodMachine.Preparation.working("1 of 2"), "PullingImage", "1 of 2"),
            (.failed("no such image"), "ErrImagePull", "no such image"),
        ])
    func preparing(_ image: PodMachine.Preparation, _ reason: String, _ message: String) throws {
        let pod = try pod([.begin, .image(image)])
        #expect(pod["status", "phase"] == "Pending" && pod["status", "podIP"] == nil)
        #expect(container(pod)?[path: "state", "waiting"] == ["reason": .string(reason), "message": .string(message)])
        #expect(pod.condition("Ready")?.message == "containers with unready status: [c]")
    }

    private static let models: [(PodMachine.Preparation, JSONValue)] = [
        (
            PodMachine.Preparation.working("fetched 1 MB"),
            ["waiting": ["reason": "Downloading", "message": "fetched 1 MB"]]
        ),
        (.failed("404"), ["terminated": ["exitCode": 1, "reason": "Error", "message": "404"]]),
        (.done, ["terminated": ["exitCode": 0, "reason": "Completed"]]),
    ]

    @Test(
        "while its model comes",
        arguments: models)
    func model(_ model: PodMachine.Preparation, _ state: JSONValue) throws {
        let pod = try pod([.begin, .model(model)], hasModel: true)
        let status = pod["status", "initContainerStatuses"]?[0]
        #expect(status?["name"] == "storage-initializer" && status?["state"] == state)
        #expect(pod.condition("Initialized")?.isTrue == (model == .done))
    }

    @Test("after a crash has its exit code and last words")
    func crash() throws {
        let events =
            Array(Self.ready.dropLast()) + [
                .report(launch: 1, .ended(.exited(3))),
                .gone(launch: 1, shimSignal: nil, lastLines: "boom", isOutOfMemory: false),
            ]
        let pod = try pod(events)
        let last = container(pod)?[path: "lastState", "terminated"]
        #expect(last?["exitCode"] == 3 && last?["reason"] == "Error" && last?["message"] == "boom")
        #expect(container(pod)?["restartCount"] == 1 && container(pod)?["ready"] == false)
        #expect(pod["status", "podIP"] == nil && pod["status", "phase"] == "Running")
    }

    @Test("is written as what differs, under the pod's uid")
    func patches() throws {
        let (before, after) = (try pod([.begin]), try pod(Self.ready))
        let patch = try #require(StatusPatch.patch(from: before, to: after))
        #expect(patch[path: "metadata", "uid"] == "u" && patch[path: "status", "phase"] == "Running")
        #expect(patch[path: "status", "hostIP"] == nil)
        #expect(StatusPatch.patch(from: after, to: after) == nil)
        #expect(StatusPatch.patch(from: after, to: before)?[path: "status", "podIP"] == .null)
    }

    @Test("has the times of the stages as an annotation")
    func stages() {
        let stages = PodMachine.Stages(spawn: .microseconds(2_500), load: .milliseconds(300), probe: .zero)
        #expect(
            StatusPatch.annotation(stages, key: "k")
                == ["metadata": ["annotations": ["k": #"{"load":300,"probe":0,"spawn":2.5}"#]]])
    }
}
