import ArgumentParser
import KubeClient
import KubeModel
import Platform
import ServingAPI

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a model server wrote: martlet logs smollm2 -f",
        discussion: "The name is an InferenceService's (its newest pod is meant) or a pod's (pod/NAME).")

    @Argument(help: "An InferenceService, or pod/NAME.")
    var name: String

    @Flag(name: .shortAndLong, help: "Go on as lines come.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Of the run before the last restart.")
    var previous = false

    @Option(help: "Only so many lines from the end.")
    var tail: Int?

    @Flag(help: "With the time of each line.")
    var timestamps = false

    @Option(name: .shortAndLong, help: "The container; default: the first one.")
    var container: String?

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let pod = try await podName(connection.client)
            let options = PodLogOptions(
                container: container, follows: follow, isPrevious: previous, hasTimestamps: timestamps, tailLines: tail)
            let key = ObjectKey(namespace: scope.namespace, name: pod)
            for try await chunk in try await connection.client.logs(key, options) {
                Terminal.write(String(decoding: chunk, as: UTF8.self))
            }
        }
    }

    private func podName(_ client: any ResourceClient) async throws -> String {
        if name.hasPrefix("pod/") { return String(name.dropFirst(4)) }
        let service = name.split(separator: "/").last.map(String.init) ?? name
        let selector = LabelSelector(matching: ["serving.kserve.io/inferenceservice": service])
        let pods = try await client.list(.pods, namespace: scope.namespace, ListOptions(labelSelector: selector)).items
        let newest = pods.max { ($0.creationTimestamp ?? "", $0.name) < ($1.creationTimestamp ?? "", $1.name) }
        guard let newest else {
            _ = try await client.get(.inferenceServices, ObjectKey(namespace: scope.namespace, name: service))
            throw CommandFailure("\(service) has no pod now (it is at zero, or starting). Call it, then ask again.")
        }
        return newest.name
    }
}
