import ArgumentParser

/// Model servers: what there is, what is installed here.
struct RuntimeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runtime", abstract: "Show, install and copy model servers: martlet runtime list",
        subcommands: [
            RuntimeList.self, RuntimeDescribe.self, RuntimeInstall.self, RuntimeRemove.self, RuntimeEnable.self,
            RuntimeDisable.self, RuntimeDuplicate.self,
        ])
}
