import ArgumentParser
import Platform

struct ModelExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model to one file, for a machine that cannot fetch it.",
        discussion:
            "On the other machine, `martlet model import FILE` takes it in: services with the same storageUri find it.")

    @Argument(help: "The storageUri.")
    var uri: String

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: String

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        guard let model = try options.models([uri]).first else { return }
        let line = ProgressLine(terminal: .standard)
        let target = DataDirectory.expand(output)
        try options.library.export(model, to: target) { line.show(uri, "wrote \($0) of \(model.size)") }
        line.finish()
        print("\(uri) exported to \(target)")
    }
}
