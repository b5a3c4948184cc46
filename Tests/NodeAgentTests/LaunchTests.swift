import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import NodeAgent

@Suite("Variables in commands")
struct VariableExpansionTests {
    @Test(
        "are replaced as Kubernetes does it",
        arguments: [
            ("$(A)", "1"), ("x$(A)y$(A)", "x1y1"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"), ("$A", "$A"),
            ("$(A", "$(A"), ("$", "$"), ("", ""), ("$()", "$()"), ("a$$b", "a$b"), ("é$(A)é", "é1é"),
        ])
    func expansion(_ text: String, _ expected: String) {
        #expect(VariableExpansion.expand(text) { ["A": "1"][$0] } == expected)
    }
}

@Suite("Base64")
struct Base64Tests {
    @Test(
        "is read", arguments: [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9v\nYmFy", "foobar")])
    func decoding(_ text: String, _ expected: String) { #expect(Base64.decode(text) == Array(expected.utf8)) }

    @Test("is refused where it is none", arguments: ["Zm9*", "Z=g=", " "])
    func refusal(_ text: String) { #expect(Base64.decode(text) == nil) }
}

@Suite("A launch")
struct LaunchTests {
    private func builder(
        _ container: JSONValue,
        image: ImageEnvironment = .init(
            entrypoint: ["serve"], path: ["/env/bin"], directories: ["/env"]),
        isConfined: Bool = true
    ) throws -> LaunchBuilder {
        var container = container
        container["name"] = "c"
        let pod = Object(["metadata": ["name": "p", "uid": "u"], "spec": ["containers": [container]]])
        let manifest = try PodManifest(pod)
        return LaunchBuilder(
            manifest: manifest, container: manifest.containers[0], image: image, modelDirectory: "/cache/m",
            directories: PodDirectories(dataDirectory: "/data"), address: Address(number: 127 << 24 | 1),
            isConfined: isConfined)
    }

    private static let commandTable: [(JSONValue, [String])] = [
        ([:], ["serve"]), (["args": ["-p", "$(POD_IP)"]], ["serve", "-p", "127.0.0.1"]),
        (["command": ["a", "$(X)"]], ["a", "$(X)"]), (["command": ["a"], "args": ["b"]], ["a", "b"]),
    ]

    @Test(
        "runs the container's command, or the image's with the container's arguments",
        arguments: commandTable)
    func commands(_ container: JSONValue, _ words: [String]) throws {
        let builder = try builder(container)
        #expect(try builder.launch(builder.fixedEnvironment).command == words)
    }

    @Test("without any command is refused")
    func noCommand() throws {
        let builder = try builder([:], image: .init(entrypoint: []))
        #expect(throws: LaunchProblem.self) { try builder.launch([:]) }
    }

    @Test(
        "has its temporary files where no volume hides them",
        arguments: [("/tmp", "/tmp"), ("/tmp/", "/tmp/"), ("/tmpx", "/tmp/martlet-u"), ("/data", "/tmp/martlet-u")])
    func temporaryFiles(mountPath: String, expected: String) throws {
        var builder = try builder([:], image: .init(entrypoint: ["x"]))
        #expect(builder.fixedEnvironment["TMPDIR"] == "/tmp")
        builder.isConfined = false
        builder.volumes = [.init(source: "/elsewhere", target: mountPath, isReadOnly: false)]
        #expect(builder.fixedEnvironment["TMPDIR"] == expected)
    }

    @Test("has a clean environment")
    func environment() throws {
        let image = ImageEnvironment(entrypoint: ["x"], path: ["/env/bin"], variables: ["A": "1", "LANG": "de"])
        let builder = try builder(["resources": ["limits": ["cpu": "1500m"]]], image: image)
        let environment = try builder.launch(builder.fixedEnvironment).environment
        #expect(environment["PATH"]?.hasPrefix("/env/bin:/usr/local/sbin:") == true)
        #expect(environment["A"] == "1" && environment["LANG"] == "de")
        #expect(environment["HOME"] == "/data/pods/u/.home" && environment["TMPDIR"] == "/tmp")
        #expect(environment["POD_IP"] == "127.0.0.1" && environment["HOSTNAME"] == "p")
        #expect(environment["MARTLET_CPU_LIMIT"] == "1.5" && environment["MARTLET_POD_UID"] == "u")
        #expect(environment.count == 9)
    }

    @Test("of an image that keeps what it computed has a directory for each model and image")
    func cache() throws {
        let image = ImageEnvironment(
            entrypoint: ["x"], variables: ["ROOT": "$(MARTLET_CACHE)/a", "HOME_OF": "$(HOME)"])
        var builder = try builder(["image": "i"], image: image)
        let first = builder.cache
        #expect(builder.fixedEnvironment["ROOT"] == first + "/a" && first.hasPrefix("/data/computed/"))
        #expect(builder.fixedEnvironment["HOME_OF"] == "$(HOME)")
        builder.manifest.modelParts = [ModelPart(uri: "file:///other", mountPath: "/mnt/models")]
        #expect(builder.isCaching && builder.cache != first)
        builder.image = .init(entrypoint: ["x"])
        #expect(!builder.isCaching)
    }

    @Test("sees the model read-only at /mnt/models")
    func model() throws {
        let launch = try builder(["args": ["--model", "/mnt/models"]]).launch([:])
        #expect(launch.command == ["serve", "--model", "/mnt/models"])
        #expect(
            launch.shimArguments == [
                "--control", "3", "--directory", "/data/pods/u/.home", "--limit", "core=0",
                "--confine", "--bind", "/env:/env:ro", "--bind", "/data/pods/u/.home:/data/pods/u/.home",
                "--bind", "/cache/m:/mnt/models:ro", "--root", "--tmp", "/tmp/martlet-u", "--harden", "--",
                "serve", "--model", "/mnt/models",
            ])
    }

    @Test("has no more of a sandbox than it asks for")
    func relaxed() throws {
        var builder = try builder([:], image: .init(entrypoint: ["x"], directories: ["/env"]))
        builder.manifest.pod["metadata", "annotations"] = ["martlet.dev/confinement": "relaxed"]
        let launch = try builder.launch(builder.fixedEnvironment)
        #expect(launch.isConfined && launch.sandbox == nil && launch.environment["TMPDIR"] == "/tmp/martlet-u")
        #expect(!launch.shimArguments.contains("--root") && !launch.shimArguments.contains("--harden"))
    }

    @Test("has the devices and limits that it asks for")
    func resources() throws {
        let limits: JSONValue = ["limits": ["memory": "1Gi", "cpu": "500m"]]
        var builder = try builder(["resources": limits], image: .init(entrypoint: ["x"]))
        builder.manifest.pod["metadata", "annotations"] = ["martlet.dev/devices": "/dev/fuse, /etc/passwd,/dev/../etc"]
        let sandbox = try builder.launch([:]).sandbox
        #expect(sandbox?.devices == ["/dev/fuse"] && sandbox?.sharedMemory == 1 << 30)
        #expect(builder.limits == Limits(memory: 1 << 30, cpu: 0.5))
        let groups = ControlGroupTree.separate(["memory": "/m", "cpu": "/c", "pids": "/p"]).groups("a", builder.limits)
        #expect(groups.directories == ["/c/a", "/m/a", "/p/a"] && groups.outOfMemory == "/m/a/memory.oom_control")
        #expect(
            groups.settings == [
                "/c/a/cpu.cfs_quota_us=50000", "/m/a/memory.limit_in_bytes=1073741824", "/p/a/pids.max=8192",
            ])
        #expect(
            ControlGroupTree.unified("/g").groups("a", builder.limits).settings == [
                "/g/a/pids.max=8192", "/g/a/memory.max=1073741824", "/g/a/cpu.max=50000 100000",
            ])
        #expect(
            ControlGroupTree.separate(["memory": "/m", "pids": "/p"]).groups("a", Limits()).directories == ["/p/a"])
        #expect(groups.arguments(isEntered: true) == ["--cgroup", "/c/a", "--cgroup", "/m/a", "--cgroup", "/p/a"])
    }

    @Test("runs as the user that the pod names")
    func users() throws {
        var pod = Object(.pods, namespace: "default", name: "p")
        var context = SecurityContext(pod: pod, container: [:])
        #expect(try context.user(own: 0) == nil && context.user(own: 1000) == nil)
        pod.spec = ["securityContext": ["runAsUser": 7, "fsGroup": 9, "runAsNonRoot": true]]
        context = SecurityContext(pod: pod, container: [:])
        #expect(try context.user(own: 0) == .init(user: 7, group: 0, groups: [9]) && context.user(own: 7) == nil)
        #expect(throws: LaunchProblem.self) { try context.user(own: 1000) }
        context.container = ["securityContext": ["runAsUser": 0, "runAsGroup": 3]]
        #expect(throws: LaunchProblem.self) { try context.user(own: 0) }
        pod.spec = [:]
        context.pod = pod
        #expect(try context.user(own: 0) == .init(user: 0, group: 3))
        #expect(Sandbox.User(argument: "7:0:9") == .init(user: 7, group: 0, groups: [9]))
        #expect(
            SecurityContext.unmetFields(["securityContext": ["privileged": true, "capabilities": ["drop": ["ALL"]]]])
                == ["privileged"])
    }

    @Test("is read again from the command line of its shim")
    func kept() throws {
        var launch = try builder(["args": ["--", "--log", "x"], "stdin": true]).launch(["A": "1"])
        launch.keep = .init(directory: "/data/pods/u/c", log: "/data/pods/u/c/3.log")
        let read = try #require(ProcessLaunch(shimArguments: launch.shimArguments, environment: launch.environment))
        #expect(read.command == launch.command && read.keep == launch.keep && read.hasInput && !read.isTerminal)
        #expect(read.workingDirectory == launch.workingDirectory && read.isConfined)
        let state = try #require(ShimState("shim 7 99 boot\n5 started\n8 exited 3\n9 kill"))
        #expect(state.process == 7 && state.startTicks == 99 && state.startedAt == 5)
        #expect(state.ending == .ended(.exited(3)) && !state.isAlive)
        #expect(KeptShim(state: state, launch: read).attempt == 3)
        for text in ["", "shim 7", "shim x 1 b\n", "kill 7 1 b"] { #expect(ShimState(text) == nil) }
    }

    @Test(
        "without namespaces is told where the model really is",
        arguments: [
            ("/mnt/models", "/cache/m"), ("--model=/mnt/models/a.gguf", "--model=/cache/m/a.gguf"),
            ("/mnt/models2", "/mnt/models2"), ("/mnt/models:/mnt/models", "/cache/m:/cache/m"),
            ("/mnt/model", "/mnt/model"), ("/mnt/models.old", "/mnt/models.old"), ("", ""),
        ])
    func unconfined(_ word: String, _ expected: String) throws {
        let launch = try builder(["args": [.string(word)]], isConfined: false).launch(["V": word])
        #expect(launch.command == ["serve", expected] && launch.environment["V"] == expected)
        #expect(!launch.shimArguments.contains("--confine"))
    }
}

@Suite("What a pod must be")
struct PodManifestTests {
    private static let container: JSONValue = ["name": "c", "ports": [["containerPort": 8080]]]

    private static let refused: [(JSONValue, String)] = [
        (
            ["containers": [container], "initContainers": [["restartPolicy": "Always"]]],
            "spec.initContainers[0].restartPolicy"
        ),
        ([:], "spec.containers"), (["initContainers": [container]], "spec.containers"),
        (["containers": [["livenessProbe": ["exec": [:]]]]], "spec.containers[0].livenessProbe"),
    ]

    @Test(
        "to be run here",
        arguments: refused)
    func refusals(_ spec: JSONValue, _ words: String) {
        let refusal = #expect(throws: PodManifest.Refusal.self) { try PodManifest(Object(["spec": spec])) }
        #expect(refusal?.description.contains(words) == true)
    }

    @Test("has what Kubernetes' defaults say, and a TCP probe where it has none")
    func defaults() throws {
        let manifest = try PodManifest(Object(["spec": ["containers": [Self.container]]]))
        #expect(manifest.containers[0].readiness == Probe(.tcp(port: 8080)))
        #expect(
            manifest.gracePeriod == .seconds(30) && manifest.restartPolicy == .always && manifest.modelParts.isEmpty)
    }
}
