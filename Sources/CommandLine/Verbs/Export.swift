import ArgumentParser
import FoundationEssentials
import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import YAMLModel

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write what you deployed as manifests, for a cluster or another machine.",
        discussion: """
            martlet export -A                               all of it, as one stream of YAML
            martlet export -A --output-dir models           a file for each object, and a kustomization.yaml
            martlet export | kubectl --context NAME diff -f -    what would change on that cluster

            What controllers made from it is left out, and so is what Martlet brings along.
            """)

    @Option(help: "Write files below this folder, which must be new or empty.")
    var outputDir: String?

    @Flag(help: "Secrets too: connections, tokens and keys, readable by whoever has the files.")
    var secrets = false

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        if let outputDir { try Self.checkEmpty(outputDir) }
        let manifests = try await Connection.with(instance) { connection in try await self.manifests(connection) }
        guard !manifests.isEmpty else {
            let place = scope.allNamespaces ? "" : " in namespace \(scope.namespace)"
            throw CommandFailure("there is nothing of yours\(place) to export", code: 1)
        }
        if let outputDir {
            try Self.write(manifests, to: outputDir)
            print(
                "Wrote \(manifests.count) \(manifests.count == 1 ? "manifest" : "manifests") to \(outputDir). Apply them: kubectl apply -k \(outputDir)"
            )
        } else {
            print(manifests.map { $0.object.json.yaml() }.joined(separator: "---\n"), terminator: "")
        }
        for warning in manifests.flatMap({ $0.warnings }) { Terminal.write("warning: \(warning)\n", to: STDERR_FILENO) }
    }

    private func manifests(_ connection: Connection) async throws -> [ExportedManifest] {
        var found: [ExportedManifest] = []
        for resource in ExportedManifest.resources + (secrets ? [.secrets] : []) {
            let namespace = resource.isNamespaced && !scope.allNamespaces ? scope.namespace : nil
            let list = try await connection.client.list(resource, namespace: namespace, ListOptions())
            for var item in list.items {
                // Items of a list need not say what they are.
                item["apiVersion"] = .string(resource.apiVersion)
                item["kind"] = .string(resource.kind)
                if let manifest = ExportedManifest(item, resource) { found.append(manifest) }
            }
        }
        return found
    }

    private static func checkEmpty(_ folder: String) throws {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: folder)
        guard let entries, !entries.isEmpty else { return }
        throw CommandFailure("--output-dir \(folder) is not empty; name a new folder", code: 2)
    }

    /// Secrets are for their owner's eyes, and so is the whole folder where there are some.
    private static func write(_ manifests: [ExportedManifest], to folder: String) throws {
        let mode: mode_t = manifests.contains { $0.resource == .secrets } ? 0o700 : 0o755
        let kustomization: JSONValue = [
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "resources": .array(manifests.map { .string($0.path) }),
        ]
        let files = manifests.map { ($0.path, $0.object.json) } + [("kustomization.yaml", kustomization)]
        do {
            for (path, json) in files {
                let url = URL(filePath: folder).appending(path: path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: mode])
                try Data(json.yaml().utf8).write(to: url)
            }
        } catch {
            throw CommandFailure("cannot write to \(folder): \(error)", code: 1)
        }
    }
}
