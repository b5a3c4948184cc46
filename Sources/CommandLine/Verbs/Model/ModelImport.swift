import ArgumentParser
import Platform

struct ModelImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in models that `martlet model export` wrote.")

    @Argument(help: "The files.")
    var files: [String]

    @OptionGroup var options: LibraryOptions

    func run() async throws {
        for file in files {
            let line = ProgressLine(terminal: .standard)
            let uri = try options.library.importModel(from: DataDirectory.expand(file)) {
                line.show(file, "read \($0)")
            }
            line.finish()
            print("\(uri) imported")
        }
    }
}
