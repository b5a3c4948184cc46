import APIServer
import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI
import Testing

@testable import NodeAgent

@Suite("The node", .timeLimit(.minutes(2)))
struct NodeAgentTests {
    private static let health: JSONValue = [
        "readinessProbe": ["httpGet": ["path": "/health", "port": 8080], "periodSeconds": 5]
    ]

    @Test("runs a pod until it is ready, and removes it when it is deleted")
    func life() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let created = try await world.create("p", command: NodeWorld.httpServer, changes: Self.health)
            let pod = try await world.ready("p")
            #expect(pod["status", "phase"] == "Running")
            #expect(pod["status", "podIP"]?.stringValue?.hasPrefix("127.77.") == true)
            #expect(NodeWorld.container(pod)["restartCount"] == 0)
            let staged = try await world.pod("p") { $0.annotations[ServingKeys.startStages] != nil }
            let stages = try JSONValue(parsing: staged.annotations[ServingKeys.startStages] ?? "")
            #expect(stages["spawn"]?.doubleValue ?? 1_000 < 500)
            try await world.delete("p")
            try await world.gone("p")
            #expect(world.supplies.asked == [created.uid])
            #expect(!Directory.entries("\(world.scratch.path)/pods").contains(created.uid))
        }
    }

    @Test("shows the model at /mnt/models, and how it comes")
    func model() async throws {
        let world = try await NodeWorld()
        _ = try world.scratch.write("weights", "42")
        try await world.run {
            let command = ["sh", "-c", "cat /mnt/models/weights; echo; exec sleep 1000"]
            let pod = try await world.create(
                "p", command: command, changes: ["ports": .null],
                annotations: .object([ServingKeys.storageSourceURI: "pypi://x"]))
            let ready = try await world.ready("p")
            #expect(
                ready["status", "initContainerStatuses"]?[0]?[path: "state", "terminated"]
                    == ["exitCode": 0, "reason": "Completed"])
            #expect(try await Self.firstLine(world, pod) == "42\n")
        }
    }

    @Test("says what a container said before it ended, and starts it again, ever more slowly")
    func crash() async throws {
        let time = ManualTime()
        let world = try await NodeWorld(time: time)
        try await world.run {
            _ = try await world.create("p", command: ["sh", "-c", "echo boom >&2; exit 3"])
            for delay in [10, 20] {
                let pod = try await world.pod("p") {
                    let waiting = NodeWorld.container($0)[path: "state", "waiting"]
                    return waiting?["message"]?.stringValue?.contains("back-off \(delay)s") == true
                }
                let ended = NodeWorld.container(pod)[path: "lastState", "terminated"]
                #expect(ended?["exitCode"] == 3 && ended?["message"] == "boom" && ended?["reason"] == "Error")
                // The timer is set when the status is decided, and may not be sleeping yet.
                while time.nextMoment == nil || time.sleeperCount == 0 { await Task.yield() }
                time.advance(by: .seconds(delay))
            }
            let pod = try await world.pod("p") { NodeWorld.container($0)["restartCount"]?.intValue ?? 0 >= 3 }
            #expect(pod.condition("Ready")?.isFalse == true)
            try await world.delete("p")
            try await world.gone("p")
        }
    }

    @Test("starts a container that died at once again, at a fresh address")
    func restart() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("p", command: NodeWorld.httpServer)
            let first = try await world.ready("p")
            let process = try #require(Self.process(of: first.uid))
            kill(process, SIGKILL)
            let second = try await world.pod("p") {
                $0.condition("Ready")?.isTrue == true && NodeWorld.container($0)["restartCount"] == 1
            }
            #expect(second["status", "podIP"] != first["status", "podIP"])
            #expect(NodeWorld.container(second)[path: "lastState", "terminated", "exitCode"] == 137)
        }
    }

    @Test("restarts a container whose liveness probe fails")
    func liveness() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let probe: JSONValue = ["httpGet": ["port": 8080], "periodSeconds": 1, "failureThreshold": 1]
            let server =
                "import http.server as h, os; h.HTTPServer((os.environ['POD_IP'], 8080), h.BaseHTTPRequestHandler).serve_forever()"
            let pod = try await world.create(
                "p", command: ["python3", "-IS", "-c", server],
                changes: ["livenessProbe": probe, "readinessProbe": ["tcpSocket": ["port": 8080]]])
            // The handler knows no GET: 501.
            let restarted = try await world.pod("p") { NodeWorld.container($0)["restartCount"] == 1 }
            let end = NodeWorld.container(restarted)[path: "lastState", "terminated", "message"]?.stringValue
            #expect(end?.contains("Liveness probe failed: ") == true)
            #expect(try await world.event("Unhealthy", pod).contains("Liveness probe failed"))
        }
    }

    @Test("goes on without namespaces where there are none, and says so")
    func unconfined() async throws {
        let scratch = try Scratch()
        let shim = try scratch.write(
            "shim",
            """
            #!/bin/bash
            if [[ " $* " = *" --confine "* ]]; then echo failed confine 1 >&3; exit 0; fi
            exec \(Scratch.shimPath) "$@"
            """)
        chmod(shim, 0o755)
        _ = try scratch.write("weights", "42")
        let world = try await NodeWorld(scratch: scratch, shimPath: shim)
        try await world.run {
            let pod = try await world.create(
                "p", command: ["sh", "-c", "cat /mnt/models/weights; echo; exec sleep 1000"],
                changes: ["ports": .null, "securityContext": ["privileged": true]],
                annotations: .object([ServingKeys.storageSourceURI: "pypi://x"]))
            let ready = try await world.ready("p")
            #expect(ready.condition("martlet.dev/Confined")?.reason == "NamespacesRefused")
            #expect(try await world.event("NotConfined", pod).contains("/mnt/models"))
            #expect(
                try await world.event("NotSupported", pod).contains("spec.containers[0].securityContext.privileged"))
            #expect(try await Self.firstLine(world, pod) == "42\n")
        }
    }

    @Test("waits for requests in flight before SIGTERM")
    func draining() async throws {
        let world = try await NodeWorld()
        world.supplies.closeDrain()
        try await world.run {
            _ = try await world.create("p", command: NodeWorld.httpServer)
            let pod = try await world.ready("p")
            try await world.delete("p")
            while world.supplies.asked.isEmpty { await Task.yield() }
            #expect(Self.process(of: pod.uid) != nil)
            world.supplies.openDrain()
            try await world.gone("p")
            #expect(Self.process(of: pod.uid) == nil)
        }
    }

    @Test("says what is wrong with an image, a model, a variable, a command or a pod")
    func problems() async throws {
        let world = try await NodeWorld()
        try await world.run {
            _ = try await world.create("image", command: [], changes: ["image": "missing"])
            var pod = try await world.pod("image") { Self.waiting($0) == "ErrImagePull" }
            #expect(Self.message(pod)?.contains("no HostImage") == true)

            let reference: JSONValue = ["secretKeyRef": ["name": "s", "key": "k"]]
            _ = try await world.create(
                "variable", command: ["true"], changes: ["env": [["name": "A", "valueFrom": reference]]])
            pod = try await world.pod("variable") { Self.waiting($0) == "CreateContainerConfigError" }
            #expect(Self.message(pod)?.contains("s") == true)

            _ = try await world.create("command", command: ["no-such-command"])
            pod = try await world.pod("command") { Self.waiting($0) == "CrashLoopBackOff" }
            #expect(NodeWorld.container(pod)[path: "lastState", "terminated", "reason"] == "StartError")

            _ = try await world.create(
                "pod", command: ["true"], changes: ["livenessProbe": ["grpc": ["port": 1]]])
            pod = try await world.pod("pod") { $0["status", "phase"] == "Failed" }
            #expect(pod["status", "message"]?.stringValue?.contains("grpc probes") == true)
        }
    }

    @Test("starts pods of an earlier run afresh, and kills what is left of them")
    func recovery() async throws {
        let scratch = try Scratch()
        let first = try await NodeWorld(scratch: scratch)
        var before: Object?
        try await first.run {
            _ = try await first.create("p", command: NodeWorld.httpServer)
            before = try await first.ready("p")
        }
        let stopped = try await first.server.get(.pods, ObjectKey(namespace: "default", name: "p"))
        #expect(stopped.condition("Ready")?.isFalse == true && stopped["status", "podIP"] == nil)
        #expect(Self.process(of: stopped.uid) == nil)
        let survivor = try Running(
            ["sleep", "1000"], in: try Scratch(), isConfined: false, environment: [Leftovers.marker: stopped.uid])
        try await survivor.started()
        let second = try await NodeWorld(scratch: scratch)
        try await second.run {
            let after = try await second.ready("p")
            #expect(after.uid == before?.uid && NodeWorld.container(after)["restartCount"] == 1)
        }
        #expect(await survivor.rest().last == .gone(shimSignal: SIGKILL))
    }

    @Test("goes on with pods of an earlier run that was killed: same processes, ready at once")
    func adoption() async throws {
        let scratch = try Scratch()
        let first = try await NodeWorld(scratch: scratch)
        var before: Object?
        try await first.run(keepsPods: true) {
            _ = try await first.create("p", command: NodeWorld.httpServer)
            before = try await first.ready("p")
        }
        let pod = try #require(before)
        let process = Self.process(of: pod.uid)
        #expect(process != nil)
        let second = try await NodeWorld(scratch: scratch)
        try await second.run {
            let after = try await second.server.get(.pods, pod.key)
            #expect(after.condition("Ready")?.isTrue == true)
            #expect(after["status", "podIP"] == before?["status", "podIP"])
            #expect(NodeWorld.container(after)["restartCount"] == 0 && Self.process(of: pod.uid) == process)
            // Its runner may not have begun yet.
            var running: ContainerSession?
            while running == nil {
                running = try? await second.agent.exec(
                    ["sh", "-c", "echo $POD_IP"], in: "c", of: after, hasInput: false, isTerminal: false)
            }
            let session = try #require(running)
            #expect(await session.text(errors: false) == "\(after["status", "podIP"]?.stringValue ?? "")\n")
            // It is as any other: what ends is started again, what is deleted ends.
            kill(try #require(process), SIGKILL)
            let restarted = try await second.pod("p") {
                NodeWorld.container($0)["restartCount"] == 1 && $0.condition("Ready")?.isTrue == true
            }
            #expect(
                NodeWorld.container(restarted)[path: "lastState", "terminated", "exitCode"] == 137)
            try await second.delete("p")
            try await second.gone("p")
        }
        #expect(Self.process(of: pod.uid) == nil)
    }

    @Test("says how a container ended while nobody was there")
    func endedMeanwhile() async throws {
        let scratch = try Scratch()
        let first = try await NodeWorld(scratch: scratch)
        try await first.run(keepsPods: true) {
            _ = try await first.create(
                "p", command: ["sh", "-c", "while [ ! -e $HOME/stop ]; do sleep 0.01; done; exit 3"],
                changes: ["ports": .null], spec: ["restartPolicy": "Never"])
            _ = try await first.ready("p")
        }
        let pod = try await first.server.get(.pods, ObjectKey(namespace: "default", name: "p"))
        _ = try scratch.write("pods/\(pod.uid)/.home/stop", "")
        while ShimState.read(in: "\(scratch.path)/pods/\(pod.uid)/c")?.ending == nil { await Task.yield() }
        let second = try await NodeWorld(scratch: scratch)
        try await second.run {
            let ended = try await second.pod("p") { $0["status", "phase"] == "Failed" }
            #expect(NodeWorld.container(ended)[path: "state", "terminated", "exitCode"] == 3)
        }
    }

    @Test("a thousand lines a second of two streams reach the log in order")
    func logs() async throws {
        let world = try await NodeWorld()
        try await world.run {
            let script = "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; echo end >&2"
            let pod = try await world.create(
                "p", command: ["sh", "-c", script], spec: ["restartPolicy": "Never"])
            let ended = try await world.pod("p") { $0["status", "phase"] == "Succeeded" }
            #expect(NodeWorld.container(ended)[path: "state", "terminated", "reason"] == "Completed")
            var text: [UInt8] = []
            for try await bytes in try world.agent.logs.read(pod: pod, .init()) { text += bytes }
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter { $0 != "end" }
            #expect(lines == (0..<5000).map { "line \($0)" })
        }
    }

    /// As soon as it is written.
    private static func firstLine(_ world: NodeWorld, _ pod: Object) async throws -> String {
        var text: [UInt8] = []
        for try await bytes in try world.agent.logs.read(pod: pod, .init(follows: true)) {
            text += bytes
            if text.contains(UInt8(ascii: "\n")) { break }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A process of the pod, other than its shim.
    private static func process(of uid: String) -> pid_t? {
        Directory.entries("/proc").compactMap { pid_t($0) }.first { process in
            guard let environment = Directory.contents("/proc/\(process)/environ"),
                let line = Directory.contents("/proc/\(process)/cmdline"),
                let name = line.split(separator: 0).first
            else { return false }
            return String(decoding: environment, as: UTF8.self).contains(uid)
                && String(decoding: name, as: UTF8.self).hasPrefix("python3")
        }
    }

    private static func waiting(_ pod: Object) -> String? {
        NodeWorld.container(pod)[path: "state", "waiting", "reason"]?.stringValue
    }

    private static func message(_ pod: Object) -> String? {
        NodeWorld.container(pod)[path: "state", "waiting", "message"]?.stringValue
    }
}
