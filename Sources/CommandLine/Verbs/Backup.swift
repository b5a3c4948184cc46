import ArgumentParser
import Platform

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy everything that cannot be fetched again into one file, while Martlet runs or not.",
        discussion: """
            The file holds all objects as they are at one moment, the certificates, and the keys that seal Secrets: \
            whoever has it can read them, so it is readable by its owner only. Models and runtimes are not in it. \
            `martlet restore` puts it back.
            """)

    @Argument(help: "The file to make; it must not exist.")
    var file: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        let target = DataDirectory.expand(file)
        try instance.directory.backUp(to: target)
        print("Backed up \(instance.directory.path) to \(target). Keep it safe: it holds the keys of all Secrets.")
    }
}
