import KubeClient
import KubeModel
import Platform

/// An open line to a running Martlet.
struct Connection: Sendable {
    let client: HTTPSResourceClient
    let endpoints: InstanceEndpoints

    /// Runs `body` with a connection and closes it afterwards.
    static func with<Result>(
        _ options: InstanceOptions, _ body: (Connection) async throws -> Result
    ) async throws -> Result {
        let directory = options.directory
        guard let endpoints = directory.runningInstance() else {
            throw CommandFailure(
                "Martlet is not running on \(directory.path). Start it with: martlet up", code: 3)
        }
        let client = try HTTPSResourceClient(kubeconfig: Kubeconfig(path: directory.kubeconfig))
        do {
            let result = try await body(Connection(client: client, endpoints: endpoints))
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
