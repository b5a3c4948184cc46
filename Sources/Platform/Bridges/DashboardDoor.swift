import APIServer
import Dashboard
import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ServingAPI

/// The API server, as the dashboard asks it in the name of who is logged in.
struct DashboardDoor: KubeDoor {
    let api: InProcessAPI
    let access: AccessControl
    /// With full access: for names only.
    let client: any ResourceClient

    func identity(ofToken token: String) async throws -> Identity { try await access.review(token: token).identity }

    func send(_ request: KubeRequest, as identity: Identity) async throws -> JSONValue {
        try await api.send(request, as: identity)
    }

    func stream(
        _ request: KubeRequest, as identity: Identity, write: ([UInt8]) async throws -> Void
    ) async throws {
        try await api.stream(request, as: identity, write: write)
    }

    func namespaces() async -> [String] { ((try? await client.list(.namespaces).items) ?? []).map(\.name) }
}
