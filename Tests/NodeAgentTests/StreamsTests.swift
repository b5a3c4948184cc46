import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import NodeAgent

@Suite("Streams of containers", .serialized)
struct StreamsTests {
    @Test("a command has the container's environment, its input and its exit code")
    func exec() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create(
                "a", command: ["sleep", "1000"],
                changes: ["env": [["name": "COLOUR", "value": "blue"]], "ports": .null])
            let pod = try await world.ready("a")
            let session = try await world.agent.exec(
                ["sh", "-c", "echo $COLOUR; cat; echo bad >&2; exit 7"], in: "c", of: pod, hasInput: true,
                isTerminal: false)
            await session.write(Array("hello\n".utf8))
            session.finishInput()
            #expect(await text(session, errors: false) == "blue\nhello\n")
            #expect(await text(session, errors: true) == "bad\n")
            #expect(await session.exitCode() == 7)
        }
    }

    @Test("a command on a terminal knows its size")
    func terminal() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("a", command: ["sleep", "1000"], changes: ["ports": .null])
            let pod = try await world.ready("a")
            let session = try await world.agent.exec(
                ["sh", "-c", "read line; stty size"], in: "c", of: pod, hasInput: true, isTerminal: true)
            session.resize(columns: 101, rows: 33)
            await session.write(Array("\n".utf8))
            #expect(await text(session, errors: false).contains("33 101"))
            #expect(await session.exitCode() == 0)
        }
    }

    @Test("a command that is not there, and a pod that does not run, are told")
    func failures() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let started = try await world.create("a", command: ["sleep", "1000"], changes: ["ports": .null])
            let pod = try await world.ready("a")
            await #expect(throws: Status.self) {
                try await world.agent.exec(["no-such"], in: "c", of: pod, hasInput: false, isTerminal: false)
            }
            await #expect(throws: Status.self) {
                try await world.agent.exec(["ls"], in: "other", of: pod, hasInput: false, isTerminal: false)
            }
            var other = started
            other["metadata", "uid"] = "another"
            await #expect(throws: Status.self) { try await world.agent.connect(to: 80, of: other) }
        }
    }

    @Test("closing a session kills its command, and what is left of its group")
    func closing() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("a", command: ["sleep", "1000"], changes: ["ports": .null])
            let pod = try await world.ready("a")
            let session = try await world.agent.exec(
                ["sh", "-c", "echo started; sleep 1000"], in: "c", of: pod, hasInput: false, isTerminal: false)
            #expect(await session.read(errors: false).map { String(decoding: $0, as: UTF8.self) } == "started\n")
            session.close()
            #expect(await session.exitCode() == nil)
        }
    }

    @Test("attached, one sees what the main process says from now on, and is heard by it")
    func attach() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("a", command: ["cat"], changes: ["stdin": true, "ports": .null])
            let pod = try await world.ready("a")
            let session = try await world.agent.attach(to: "c", of: pod)
            await session.write(Array("hello\n".utf8))
            #expect(await session.read(errors: false).map { String(decoding: $0, as: UTF8.self) } == "hello\n")
        }
    }

    @Test("a probe may be a command in the container")
    func execProbe() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let probe: JSONValue = [
                "exec": ["command": ["sh", "-c", "test -e $HOME/ready || { echo not yet; exit 1; }"]]
            ]
            _ = try await world.create(
                "a", command: ["sh", "-c", "sleep 0.3; touch $HOME/ready; sleep 1000"],
                changes: ["readinessProbe": probe, "ports": .null])
            _ = try await world.ready("a")
        }
    }

    @Test("volumes are seen where they are mounted, with what is in them")
    func volumes() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.server.create(
                .configMaps,
                Object(.configMaps, namespace: "default", name: "settings", ["data": ["a": "1", "b": "2"]]))
            _ = try await world.server.create(
                .secrets, Object(.secrets, namespace: "default", name: "key", ["data": ["token": "aGVsbG8="]]))
            let volumes: JSONValue = [
                ["name": "settings", "configMap": ["name": "settings", "items": [["key": "b", "path": "x/b"]]]],
                ["name": "key", "secret": ["secretName": "key"]], ["name": "scratch", "emptyDir": [:]],
                [
                    "name": "me",
                    "downwardAPI": ["items": [["path": "name", "fieldRef": ["fieldPath": "metadata.name"]]]],
                ],
            ]
            let mounts: JSONValue = [
                ["name": "settings", "mountPath": "/etc/settings"], ["name": "key", "mountPath": "/etc/key"],
                ["name": "scratch", "mountPath": "/opt/scratch"], ["name": "me", "mountPath": "/etc/me"],
            ]
            _ = try await world.create(
                "a", command: ["sleep", "1000"], changes: ["volumeMounts": mounts, "ports": .null],
                spec: ["volumes": volumes])
            let pod = try await world.ready("a")
            let session = try await world.agent.exec(
                [
                    "sh", "-c",
                    "cat /etc/settings/x/b /etc/key/token /etc/me/name; echo 5 > /opt/scratch/f; cat /opt/scratch/f;"
                        + " touch /etc/key/no 2>/dev/null || echo read-only",
                ], in: "c", of: pod, hasInput: false, isTerminal: false)
            #expect(await text(session, errors: false) == "2helloa5\nread-only\n")
        }
    }

    @Test("a connection to a port carries bytes, and a closed port says so")
    func connection() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("a", command: NodeWorld.httpServer)
            let pod = try await world.ready("a")
            let stream = try await world.agent.connect(to: 8080, of: pod)
            try await stream.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
            var answer: [UInt8] = []
            while let bytes = try await stream.read() { answer += bytes }
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 200"))
            let problem = await #expect(throws: PosixError.self) { try await world.agent.connect(to: 9, of: pod) }
            #expect(problem?.code == ECONNREFUSED)
        }
    }

    private func text(_ session: ContainerSession, errors: Bool) async -> String {
        var bytes: [UInt8] = []
        while let part = await session.read(errors: errors) { bytes += part }
        return String(decoding: bytes, as: UTF8.self)
    }
}
