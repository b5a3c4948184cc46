import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct RuntimeDuplicate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicate", abstract: "Copy a runtime under another name, to be changed by kubectl edit.")

    @Argument(help: "The runtime's name.")
    var name: String

    @Argument(help: "The copy's name.")
    var copy: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let runtime = try await RuntimeShelf(connection.client).runtime(name)
            let resource: Resource = runtime.isClusterScoped ? .clusterServingRuntimes : .servingRuntimes
            var object = Object(resource, namespace: runtime.object.namespace, name: copy)
            object.labels = runtime.object.labels
            object.annotations = runtime.annotations
            object.spec = runtime.object.spec
            _ = try await connection.client.create(resource, object)
            print("\(ServingRuntime(object).title) created: kubectl edit \(resource.plural) \(copy)")
        }
    }
}
