import ArgumentParser
import KubeClient
import KubeModel

struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Delete objects: martlet delete isvc smollm2")

    @Argument(help: "KIND NAME..., or KIND/NAME...")
    var objects: [String] = []

    @Option(name: [.customShort("f"), .customLong("filename")], help: "Delete what these manifests name.")
    var files: [String] = []

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    @Flag(help: "It is no error if an object is not there.")
    var ignoreNotFound = false

    func validate() throws {
        guard objects.isEmpty != files.isEmpty else {
            throw ValidationError("name objects (isvc smollm2) or manifests (-f), not both")
        }
    }

    func run() async throws {
        let targets = try self.targets()
        try await Connection.with(instance) { connection in
            for (resource, key) in targets {
                do {
                    try await connection.client.delete(resource, key)
                    print("\(resource.kind.lowercased())/\(key.name) deleted")
                } catch let status as Status where status.isNotFound && ignoreNotFound {
                    continue
                }
            }
        }
    }

    private func targets() throws -> [(Resource, ObjectKey)] {
        if !files.isEmpty {
            return try ManifestCheck.check(try ManifestReader.read(files), namespace: scope.namespace)
                .map { ($0.resource, $0.document.object.key) }
        }
        return try ResourceArgument.parse(objects).map { argument in
            guard let name = argument.name else {
                throw CommandFailure("name what to delete: martlet delete \(argument.resource.plural) NAME", code: 2)
            }
            let namespace = argument.resource.isNamespaced ? scope.namespace : nil
            return (argument.resource, ObjectKey(namespace: namespace, name: name))
        }
    }
}
