import Glibc
import JSONModel
import KubeModel
import ServingAPI

/// Puts one start of a container together. Pure.
struct LaunchBuilder {
    var manifest: PodManifest
    var container: ContainerManifest
    var image: ImageEnvironment
    /// Where the model is on this machine.
    var modelDirectory: String?
    var directories: PodDirectories
    var address: Address
    /// Without namespaces, paths below the model's are replaced by the model's real ones.
    var isConfined: Bool
    /// As whom it runs in its sandbox; `nil` for Martlet's user.
    var user: Sandbox.User?
    /// Of the container's volumes.
    var volumes: [ProcessLaunch.Bind] = []

    private static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// What a container finds in its environment before its own variables: nothing of Martlet's environment.
    var fixedEnvironment: [String: String] {
        var variables = [
            "PATH": (image.path + [Self.systemPath]).joined(separator: ":"), "LANG": "C.UTF-8",
            "HOME": directories.home(manifest.uid), "TMPDIR": temporary,
            "HOSTNAME": manifest.pod.name, "POD_IP": "\(address)",
        ]
        // Servers that choose their number of threads have no cgroup to read it from.
        if let cpu = Quantity(container.json[path: "resources", "limits", "cpu"]) {
            variables["MARTLET_CPU_LIMIT"] = "\(cpu.double)"
        }
        let own = image.variables.mapValues { text in
            VariableExpansion.expand(text) { $0 == Self.cacheVariable ? cache : nil }
        }
        return variables.merging(own) { $1 }
    }

    /// What an image calls the directory that outlives the pod.
    private static let cacheVariable = "MARTLET_CACHE"

    /// Where servers may keep what they computed of this model, for the next start with the same image.
    var cache: String { directories.cache(image: container.image, model: manifest.modelTitle) }
    var isCaching: Bool { image.variables.values.contains { $0.contains("$(\(Self.cacheVariable))") } }

    /// Whether it has a root of its own, and few rights.
    var isSandboxed: Bool { isConfined && !Confinement.isRelaxed(manifest.pod) }

    /// The pod's own directory, which a sandbox has at /tmp. A volume over the machine's hides it: then it is the one.
    private var temporary: String {
        guard !isSandboxed else { return "/tmp" }
        let own = directories.temporary(manifest.uid)
        return volumes.map(\.target).first { own.hasPrefix($0.hasSuffix("/") ? $0 : "\($0)/") } ?? own
    }

    /// - Parameter environment: `fixedEnvironment` with the container's variables.
    /// - Throws: `LaunchProblem` where there is nothing to run.
    func launch(_ environment: [String: String]) throws(LaunchProblem) -> ProcessLaunch {
        let container = container.json
        let entrypoint = strings(container["command"]).isEmpty ? image.entrypoint : strings(container["command"])
        let words = entrypoint + strings(container["args"])
        guard let command = words.first, !command.isEmpty else {
            throw .configuration(
                "image \(self.container.image) has no entrypoint here: set \(self.container.path).command")
        }
        var variables = environment
        if !isConfined { variables = variables.mapValues(withRealModelPath) }
        variables[Leftovers.marker] = manifest.uid
        return ProcessLaunch(
            command: words.map { word in
                let text = VariableExpansion.expand(word) { environment[$0] }
                return (isConfined ? text : withRealModelPath(text)).filter { $0 != "\0" }
            },
            environment: variables,
            workingDirectory: container["workingDir"]?.stringValue ?? image.workingDirectory
                ?? directories.home(manifest.uid),
            isConfined: isConfined, binds: binds, sandbox: sandbox, hasInput: container["stdin"]?.boolValue ?? false,
            isTerminal: container["tty"]?.boolValue ?? false)
    }

    private var binds: [ProcessLaunch.Bind] {
        let model =
            modelDirectory.map {
                [ProcessLaunch.Bind(source: $0, target: manifest.modelPath, isReadOnly: true)]
            } ?? []
        return (isSandboxed ? own : []) + model + volumes
    }

    /// What the machine has for this container, at its own place.
    private var own: [ProcessLaunch.Bind] {
        let image = image.directories.map { ProcessLaunch.Bind(source: $0, target: $0, isReadOnly: true) }
        let kept = [directories.home(manifest.uid)] + (isCaching ? [cache] : [])
        return image + kept.map { ProcessLaunch.Bind(source: $0, target: $0, isReadOnly: false) }
    }

    private var sandbox: Sandbox? {
        guard isSandboxed else { return nil }
        let limit = Quantity(container.json[path: "resources", "limits", "memory"]).map { Int($0.double) }
        return Sandbox(
            temporary: directories.temporary(manifest.uid), sharedMemory: limit, devices: devices, user: user)
    }

    /// Those that it names, and all accelerators' for who asks for one.
    private var devices: [String] {
        let named = (manifest.pod.annotations[Confinement.devices] ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " } }.filter { $0.hasPrefix("/dev/") && !$0.contains("/../") }
        let resources = container.json[path: "resources", "limits"]?.objectValue?.keys.map(\.self) ?? []
        return named + (resources.contains { $0.contains("gpu") } ? Self.accelerators : [])
    }

    private static var accelerators: [String] {
        let nvidia = Directory.entries("/dev").filter { $0.hasPrefix("nvidia") }.sorted().map { "/dev/\($0)" }
        return nvidia + ["/dev/dri", "/dev/kfd"].filter { access($0, F_OK) == 0 }
    }

    /// What the container may use.
    var limits: Limits {
        let limits = container.json[path: "resources", "limits"]
        return Limits(
            memory: Quantity(limits?["memory"]).map { Int($0.double) }, cpu: Quantity(limits?["cpu"])?.double)
    }

    private func strings(_ list: JSONValue?) -> [String] { (list?.arrayValue ?? []).compactMap(\.stringValue) }

    /// `--model=/mnt/models/a` becomes `--model=/DIRECTORY/a`; `/mnt/models2` stays.
    private func withRealModelPath(_ text: String) -> String {
        guard let modelDirectory else { return text }
        let path = manifest.modelPath
        var parts = text.split(separator: path, omittingEmptySubsequences: false).map(String.init)[...]
        var result = parts.popFirst() ?? ""
        for part in parts {
            let goesOn = part.first.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." } ?? false
            result += (goesOn ? path : modelDirectory) + part
        }
        return result
    }
}
