import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct Describe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how an object is doing, what went wrong, and what happened: martlet describe isvc smollm2")

    @Argument(help: "KIND NAME..., or KIND/NAME...")
    var objects: [String]

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        let arguments = try ResourceArgument.parse(objects)
        try await Connection.with(instance) { connection in
            var sections: [String] = []
            for argument in arguments {
                for object in try await find(argument, connection.client) {
                    let events = try await events(of: object, connection.client)
                    sections.append(Description(object, events: events, terminal: .standard).text)
                }
            }
            print(sections.joined(separator: "\n\n"))
        }
    }

    private func find(_ argument: ResourceArgument, _ client: any ResourceClient) async throws -> [Object] {
        let namespace = argument.resource.isNamespaced && !scope.allNamespaces ? scope.namespace : nil
        guard let name = argument.name else {
            return try await client.list(argument.resource, namespace: namespace).items
        }
        return [try await client.get(argument.resource, ObjectKey(namespace: namespace, name: name))]
    }

    private func events(of object: Object, _ client: any ResourceClient) async throws -> [Object] {
        guard let namespace = object.namespace else { return [] }
        let all = try await client.list(.events, namespace: namespace).items
        return all.filter { $0["involvedObject", "uid"]?.stringValue == object.uid }
            .sorted { ($0["lastTimestamp"]?.stringValue ?? "") < ($1["lastTimestamp"]?.stringValue ?? "") }
    }
}
