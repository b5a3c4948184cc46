import ArgumentParser
import JSONModel
import KubeClient
import KubeModel

struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show objects: martlet get isvc, martlet get pods -o wide, martlet get isvc/smollm2 -o yaml")

    @Argument(help: "KIND, KIND NAME..., or KIND/NAME...")
    var objects: [String]

    @Option(name: .shortAndLong, help: "json, yaml, wide or name.")
    var output: OutputFormat?

    @Option(name: [.customShort("l"), .long], help: "Only objects with these labels: app=web,tier!=test")
    var selector: String?

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        let arguments = try ResourceArgument.parse(objects)
        try await Connection.with(instance) { connection in
            if let output, output != .wide {
                try await printObjects(arguments, output, connection)
            } else {
                try await printTables(arguments, connection)
            }
        }
    }

    private func namespace(_ resource: Resource) -> String? {
        resource.isNamespaced && !scope.allNamespaces ? scope.namespace : nil
    }

    private func printObjects(
        _ arguments: [ResourceArgument], _ output: OutputFormat, _ connection: Connection
    ) async throws {
        var found: [Object] = []
        for argument in arguments {
            if let name = argument.name {
                let key = ObjectKey(namespace: namespace(argument.resource), name: name)
                found.append(try await connection.client.get(argument.resource, key))
            } else {
                let options = ListOptions(labelSelector: try LabelSelector(parsing: selector ?? ""))
                let list = try await connection.client.list(
                    argument.resource, namespace: namespace(argument.resource), options)
                found += list.items
            }
        }
        if output == .name {
            for object in found { print("\(object.kind.lowercased())/\(object.name)") }
            return
        }
        let isSingle = arguments.count == 1 && arguments[0].name != nil
        let list: JSONValue = [
            "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(found.map(\.json)),
        ]
        print(try output.render(isSingle ? found.first?.json ?? list : list) ?? "")
    }

    private func printTables(_ arguments: [ResourceArgument], _ connection: Connection) async throws {
        for argument in arguments {
            let options = ListOptions(labelSelector: try LabelSelector(parsing: selector ?? ""))
            let table = try await connection.client.table(
                argument.resource, namespace: namespace(argument.resource), name: argument.name, options)
            let rendered = ObjectTable(
                table, isWide: output == .wide, showsNamespace: scope.allNamespaces && argument.resource.isNamespaced)
            guard let rendered else {
                let place = scope.allNamespaces ? "" : " in namespace \(scope.namespace)"
                Terminal.write("no \(argument.resource.plural)\(place)\n", to: 2)
                continue
            }
            print(rendered.text)
        }
    }
}
