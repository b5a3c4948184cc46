import ArgumentParser
import JSONModel

struct VersionVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Option(name: .shortAndLong, help: "json or yaml instead of a line of text.")
    var output: OutputFormat?

    func run() async throws {
        let value: JSONValue = ["clientVersion": .string(Version.number)]
        print(try output?.render(value) ?? Version.text)
    }
}
