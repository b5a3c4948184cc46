import KubeClient
import KubeModel
import Platform
import ServingAPI

/// For `martlet doctor`: services that everyone who reaches the gateway may call.
enum ExposureCheck {
    /// - Returns: nothing where no Martlet runs that could be asked.
    static func findings(_ instance: InstanceOptions) async -> [Doctor.Finding] {
        (try? await Connection.with(instance) { connection in [try await finding(connection)] }) ?? []
    }

    private static func finding(_ connection: Connection) async throws -> Doctor.Finding {
        let protection = try await ServiceProtection(connection.client, domain: connection.endpoints.domain)
        let open = try await connection.client.list(.inferenceServices).items
            .filter { !$0.isClusterLocal && protection.guards(of: $0).isEmpty }
        let names = open.map { "\($0.namespace ?? "")/\($0.name)" }.joined(separator: ", ")
        guard !open.isEmpty else { return Doctor.Finding("exposure", "good", "every service is protected") }
        guard connection.endpoints.isExposed else {
            return Doctor.Finding("exposure", "good", "everyone on this machine may call \(names)")
        }
        return Doctor.Finding(
            "exposure", "lacking", "everyone on other machines may call \(names)",
            remedy: "kubectl annotate isvc NAME \(ServingKeys.enableAuth)=true")
    }
}
