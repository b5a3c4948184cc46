import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import Platform
import ServingAPI

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say whether Martlet runs, where it listens, and how its models are.")

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let services = try await connection.client.list(.inferenceServices).items
            if let output, let text = try output.render(json(connection, services)) {
                print(text)
                return
            }
            let endpoints = connection.endpoints
            print("Martlet runs (process \(endpoints.processID))")
            let tls = endpoints.gatewayTLS.map { ", \($0)" } ?? ""
            print("  API \(endpoints.api)   gateway \(endpoints.gateway)\(tls)   admin \(endpoints.admin)")
            guard !services.isEmpty else {
                print("No models yet. Deploy one: martlet apply -f Examples/smollm2.yaml")
                return
            }
            let rows = services.map(row)
            print(Table(header: ["NAMESPACE", "NAME", "READY", "URL", "STATE"], rows: rows).render())
            for service in services { if let warning = await connection.exposure(of: service) { print(warning) } }
        }
    }

    private func row(_ service: Object) -> [String] {
        let ready = service.condition("Ready")
        let why = [ready?.reason, ready?.message].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
        return [
            service.namespace ?? "", service.name, ready?.status ?? "Unknown",
            service["status", "url"]?.stringValue ?? "", ready?.isTrue == true ? replicas(service) : why,
        ]
    }

    private func replicas(_ service: Object) -> String {
        let copies = service["status", "modelStatus", "copies", "totalCopies"]?.intValue ?? 0
        return copies == 0 ? "at zero" : "\(copies) running"
    }

    private func json(_ connection: Connection, _ services: [Object]) -> JSONValue {
        [
            "endpoints": connection.endpoints.json,
            "models": .array(
                services.map { service in
                    [
                        "namespace": .string(service.namespace ?? ""), "name": .string(service.name),
                        "ready": .string(service.condition("Ready")?.status ?? "Unknown"),
                        "url": service["status", "url"] ?? .null,
                    ]
                }),
        ]
    }
}
