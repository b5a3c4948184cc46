import ArgumentParser

struct RuntimeRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove what a model server takes on this machine; the runtime stays.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { try await ImageRequest(runtime: name, verb: "remove").perform($0.client) }
    }
}
