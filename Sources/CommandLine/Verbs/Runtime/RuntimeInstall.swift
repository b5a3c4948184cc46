import ArgumentParser

struct RuntimeInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Install a model server now, rather than when its first model is deployed.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) {
            try await ImageRequest(runtime: name, verb: "install").perform($0.client)
        }
    }
}
