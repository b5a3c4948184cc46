import ArgumentParser
import KubeClient
import KubeModel
import Platform
import ServingAPI

struct ExposureVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exposure", abstract: "List who can reach which service, and what keeps others from calling it.")

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let services = try await connection.client.list(.inferenceServices).items
            guard !services.isEmpty else {
                print("No models yet.")
                return
            }
            let protection = try await ServiceProtection(
                connection.client, domain: connection.endpoints.domain)
            let isExposed = connection.endpoints.isExposed
            let rows = services.map { service -> [String] in
                let guards = protection.guards(of: service)
                let reach =
                    service.isClusterLocal ? "services of this Martlet" : isExposed ? "other machines" : "this machine"
                return [
                    service.namespace ?? "", service.name, reach,
                    guards.isEmpty ? "nothing: everyone may call it" : guards.joined(separator: ", "),
                ]
            }
            print(Table(header: ["NAMESPACE", "NAME", "REACHED FROM", "PROTECTED BY"], rows: rows).render())
        }
    }
}
