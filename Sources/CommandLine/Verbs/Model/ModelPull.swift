import ArgumentParser
import Platform

struct ModelPull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Fetch models: martlet model pull hf://OWNER/MODEL s3://BUCKET/PATH")

    @Argument(help: "The storageUris, as services have them.")
    var uris: [String]

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        for uri in uris {
            let line = ProgressLine(terminal: .standard)
            let path = try await options.library.pull(uri) { line.show(uri, $0) }
            line.finish()
            print(path)
        }
    }
}
