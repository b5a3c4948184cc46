import ArgumentParser
import Platform

struct ModelRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove models that no server uses.")

    @Argument(help: "The storageUris.")
    var uris: [String]

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        for model in try options.models(uris) {
            guard try options.library.remove(model) else {
                throw CommandFailure("\(model.uri) is in use. Delete the services that use it, then remove it.")
            }
            print("\(model.uri) removed (\(model.size))")
        }
    }
}
