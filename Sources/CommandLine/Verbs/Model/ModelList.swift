import ArgumentParser
import FoundationEssentials
import JSONModel
import Platform

struct ModelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the models on this machine.")

    @Option(name: .shortAndLong, help: "json or yaml instead of a table.")
    var output: OutputFormat?

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        let models = options.library.models
        if let output, let text = try output.render(.array(models.map(Self.json))) { return print(text) }
        guard !models.isEmpty else { return Terminal.write("no models on this machine\n", to: 2) }
        let now = Int64(Date().timeIntervalSince1970)
        let rows = models.map { model in
            [
                model.uri, model.size, Elapsed.text(.seconds(max(0, now - model.lastUsed))), Self.state(model),
                model.path,
            ]
        }
        print(Table(header: ["URI", "SIZE", "LAST USED", "STATE", "PATH"], rows: rows).render())
    }

    private static func state(_ model: LibraryModel) -> String {
        if !model.isWhole { return "Damaged" }
        return model.pickles.isEmpty ? "Whole" : "Whole,RunsCode"
    }

    private static func json(_ model: LibraryModel) -> JSONValue {
        [
            "uri": .string(model.uri), "path": .string(model.path),
            "bytes": .number(JSONNumber(Int(model.byteCount))), "fetched": .string(model.fetched),
            "whole": .bool(model.isWhole), "pickles": .array(model.pickles.map { .string($0) }),
        ]
    }
}
