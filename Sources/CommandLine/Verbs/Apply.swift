import ArgumentParser
import Glibc
import KubeClient
import KubeModel

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create or change objects as manifests say.",
        discussion: "All manifests are checked first; if one is wrong, nothing is changed.")

    @Option(name: [.customShort("f"), .customLong("filename")], help: "A file, a folder, or - for standard input.")
    var files: [String]

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    @Flag(help: "Check on the server, change nothing.")
    var dryRun = false

    func run() async throws {
        let checked = try ManifestCheck.check(try ManifestReader.read(files), namespace: scope.namespace)
        guard !checked.isEmpty else { throw CommandFailure("no objects in \(files.joined(separator: ", "))", code: 2) }
        try await Connection.with(instance) { connection in
            try await rehearse(checked, connection.client)
            for (resource, document) in checked {
                let outcome = try await apply(document.object, resource, connection.client, isDryRun: dryRun)
                if let warning = await connection.exposure(of: document.object) {
                    Terminal.write(warning + "\n", to: STDERR_FILENO)
                }
                print("\(resource.kind.lowercased())/\(document.object.name) \(outcome)\(dryRun ? " (dry run)" : "")")
            }
        }
    }

    /// Has the server check every object, so that a bad one is found before a good one is written.
    private func rehearse(
        _ checked: [(resource: Resource, document: ManifestDocument)], _ client: any ResourceClient
    ) async throws {
        let newNamespaces = Set(checked.filter { $0.resource.kind == "Namespace" }.map(\.document.object.name))
        var problems: [String] = []
        for (resource, document) in checked where !newNamespaces.contains(document.object.namespace ?? "") {
            do {
                _ = try await apply(document.object, resource, client, isDryRun: true)
            } catch let status as Status {
                problems.append("\(document.source): \(status.details)")
            }
        }
        guard problems.isEmpty else {
            throw CommandFailure((problems + ["nothing was changed"]).joined(separator: "\n"))
        }
    }

    private func apply(
        _ object: Object, _ resource: Resource, _ client: any ResourceClient, isDryRun: Bool
    ) async throws -> String {
        let before = try? await client.get(resource, object.key)
        let options = WriteOptions(fieldManager: "martlet", isDryRun: isDryRun, fieldValidation: "Strict")
        let after = try await client.patch(
            resource, object.key, .apply(object.json, force: true), subresource: nil, options)
        guard let before else { return "created" }
        return before.resourceVersion == after.resourceVersion ? "unchanged" : "configured"
    }
}
