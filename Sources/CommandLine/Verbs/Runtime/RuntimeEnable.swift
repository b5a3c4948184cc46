import ArgumentParser

struct RuntimeEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let services use a runtime again.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws { try await switchRuntime(name, isDisabled: false, instance) }
}
