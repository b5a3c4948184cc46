import APIServer
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import NodeAgent

@Suite("A pod of several containers", .timeLimit(.minutes(2)))
struct SeveralContainersTests {
    private static let shared: JSONValue = [["name": "shared", "mountPath": "/mnt/shared"]]

    private static func container(_ name: String, _ script: String, _ more: JSONValue = [:]) -> JSONValue {
        JSONValue.object([
            "name": .string(name), "image": "i", "command": ["sh", "-c", .string(script)], "volumeMounts": shared,
        ]).merging(patch: more)
    }

    private func create(_ world: NodeWorld, _ containers: [JSONValue], initial: [JSONValue] = []) async throws -> Object
    {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod.spec = ["nodeName": "here", "volumes": [["name": "shared", "emptyDir": [:]]]]
        pod.spec["containers"] = .array(containers)
        if !initial.isEmpty { pod.spec["initContainers"] = .array(initial) }
        return try await world.server.create(.pods, pod)
    }

    @Test("runs its init containers in order, then the others on one address, and is ready when all are")
    func order() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let server = NodeWorld.httpServer.map { JSONValue.string($0) }
            let pod = try await create(
                world,
                [
                    ["name": "web", "image": "i", "command": .array(server), "ports": [["containerPort": 8080]]],
                    Self.container("beside", "cat /mnt/shared/words; echo $POD_IP; exec sleep 1000"),
                ],
                initial: [
                    Self.container("first", "echo one >> /mnt/shared/words"),
                    Self.container("second", "echo two >> /mnt/shared/words"),
                ])
            let ready = try await world.ready("p")
            #expect(Self.states(ready, "initContainerStatuses", "terminated") == ["first", "second"])
            #expect(Self.states(ready, "containerStatuses", "running") == ["web", "beside"])
            #expect(ready.condition("Initialized")?.isTrue == true)
            let address = ready["status", "podIP"]?.stringValue ?? ""
            #expect(try await Self.log(world, pod, "beside", lines: 3) == "one\ntwo\n\(address)\n")
            let session = try await world.agent.exec(
                ["sh", "-c", "cat /mnt/shared/words"], in: "beside", of: pod, hasInput: false, isTerminal: false)
            #expect(await session.text(errors: false) == "one\ntwo\n")
            session.close()
            try await world.delete("p", grace: 1)
            try await world.gone("p")
            #expect(world.supplies.asked == [pod.uid])
        }
    }

    @Test("starts one that ends again, and leaves the others alone")
    func restart() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await create(
                world,
                [
                    Self.container("stays", "exec sleep 1000"),
                    Self.container(
                        "ends", "test -e /mnt/shared/ended && exec sleep 1000; touch /mnt/shared/ended; exit 3"),
                ])
            let pod = try await world.pod("p") {
                $0.condition("Ready")?.isTrue == true && Self.restarts($0) == ["stays": 0, "ends": 1]
            }
            let ended = pod["status", "containerStatuses"]?[1]?[path: "lastState", "terminated"]
            #expect(ended?["exitCode"] == 3)
        }
    }

    @Test("fails where an init container fails and nothing is started again")
    func initFailure() async throws {
        let world = try await NodeWorld()
        try await world.run {
            var pod = Object(.pods, namespace: "default", name: "p")
            pod.spec = ["nodeName": "here", "restartPolicy": "Never"]
            pod.spec["containers"] = [["name": "c", "image": "i", "command": ["sleep", "1000"]]]
            pod.spec["initContainers"] = [["name": "first", "image": "i", "command": ["sh", "-c", "echo no; exit 4"]]]
            _ = try await world.server.create(.pods, pod)
            let failed = try await world.pod("p") { $0["status", "phase"] == "Failed" }
            let ended = failed["status", "initContainerStatuses"]?[0]?[path: "state", "terminated"]
            #expect(ended?["exitCode"] == 4 && ended?["message"] == "no")
            #expect(failed["status", "containerStatuses"]?[0]?["state"]?["waiting"]?["reason"] == "PodInitializing")
            try await world.delete("p")
            try await world.gone("p")
        }
    }

    private static func log(
        _ world: NodeWorld, _ pod: Object, _ container: String, lines: Int
    ) async throws -> String {
        var text: [UInt8] = []
        for try await bytes in try world.agent.logs.read(pod: pod, .init(container: container, follows: true)) {
            text += bytes
            if text.count(where: { $0 == UInt8(ascii: "\n") }) >= lines { break }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func states(_ pod: Object, _ field: String, _ state: String) -> [String] {
        (pod["status", field]?.arrayValue ?? []).filter { $0["state"]?[state] != nil }
            .compactMap { $0["name"]?.stringValue }
    }

    private static func restarts(_ pod: Object) -> [String: Int] {
        let statuses = pod["status", "containerStatuses"]?.arrayValue ?? []
        return Dictionary(statuses.map { ($0["name"]?.stringValue ?? "", $0["restartCount"]?.intValue ?? 0) }) { $1 }
    }
}
