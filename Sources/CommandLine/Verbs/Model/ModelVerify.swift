import ArgumentParser
import Platform

struct ModelVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read models anew and compare them with what was fetched.")

    @Argument(help: "The storageUris; all models if none is given.")
    var uris: [String] = []

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        let models = uris.isEmpty ? options.library.models : try options.models(uris)
        var isWrong = false
        for model in models {
            let line = ProgressLine(terminal: .standard)
            let problems = try options.library.verify(model) { line.show(model.uri, "verified \($0) of \(model.size)") }
            line.finish()
            for problem in problems { print("\(model.uri): \(problem)") }
            if problems.isEmpty { print("\(model.uri): whole") } else { isWrong = true }
        }
        if isWrong {
            throw CommandFailure(
                "Remove damaged models with `martlet model remove`; they are fetched again when needed.")
        }
    }
}
