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

    /// A volume over the machine's own temporary directory hides the pod's: then it is the one.
    private var temporary: String {
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
            isConfined: isConfined, binds: binds, hasInput: container["stdin"]?.boolValue ?? false,
            isTerminal: container["tty"]?.boolValue ?? false)
    }

    private var binds: [ProcessLaunch.Bind] {
        let model =
            modelDirectory.map {
                [ProcessLaunch.Bind(source: $0, target: manifest.modelPath, isReadOnly: true)]
            } ?? []
        return model + volumes
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
