import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Lets services use a runtime, or not.
func switchRuntime(_ name: String, isDisabled: Bool, _ instance: InstanceOptions) async throws {
    try await Connection.with(instance) { connection in
        let runtime = try await RuntimeShelf(connection.client).runtime(name)
        let patch: JSONValue = ["spec": ["disabled": .bool(isDisabled)]]
        let resource: Resource = runtime.isClusterScoped ? .clusterServingRuntimes : .servingRuntimes
        _ = try await connection.client.patch(resource, runtime.key, .merge(patch))
        print("\(runtime.title) \(isDisabled ? "disabled" : "enabled")")
    }
}
