import ArgumentParser
import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a model is as it is: what keeps it from being ready, and what was decided about it.",
        discussion: """
            Scaled, woken, stopped to make room, handed over, promoted, rolled back: each decision with the numbers that \
            decided, newest first.
              martlet why smollm2
              martlet why smollm2 -o json
            """)

    @Argument(help: "An InferenceService: NAME, or isvc/NAME.")
    var service: String

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @Option(name: .customLong("last"), help: "How many decisions to show.")
    var limit = 20

    @Option(name: .shortAndLong, help: "The namespace.")
    var namespace = "default"

    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if output == .wide || output == .name { throw ValidationError("-o: json or yaml") }
        if limit < 0 { throw ValidationError("--last \(limit): a number that is not negative") }
    }

    func run() async throws {
        let name = service.split(separator: "/").last.map(String.init) ?? service
        try await Connection.with(instance) { connection in
            let parts = try await ServiceParts.read(
                ObjectKey(namespace: namespace, name: name), from: connection.client)
            let explanation = Explanation(parts, limit: limit)
            if let output, let text = try output.render(explanation.json) {
                print(text)
            } else {
                print(explanation.text(now: Int64(time(nil)), .standard))
            }
        }
    }
}

extension ServiceParts {
    static func read(_ key: ObjectKey, from client: any ResourceClient) async throws -> ServiceParts {
        let service = try await client.get(.inferenceServices, key)
        let selector = LabelSelector(matching: [ServingKeys.inferenceService: key.name])
        var parts: [Object] = []
        for resource in resources {
            let options = ListOptions(labelSelector: selector)
            parts += try await client.list(resource, namespace: key.namespace, options).items
        }
        let events = try await client.list(.events, namespace: key.namespace).items
        return ServiceParts(service: service, parts: parts, allEvents: events)
    }
}
