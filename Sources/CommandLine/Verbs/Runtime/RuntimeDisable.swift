import ArgumentParser

struct RuntimeDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep services from using a runtime; those that do already go on.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws { try await switchRuntime(name, isDisabled: true, instance) }
}
