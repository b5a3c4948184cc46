import ArgumentParser
import Platform

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a data directory what it was when a backup was made. Martlet must not run on it.",
        discussion: """
            Clients list everything again: resourceVersions go on far beyond those of before. Models and runtimes are \
            fetched again where they are not there.
            """)

    @Argument(help: "A file that `martlet backup` made.")
    var file: String

    @Flag(help: "Set aside what is in the data directory, in a folder there; nothing is deleted.")
    var force = false

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        let directory = instance.directory
        let aside = try directory.restore(
            from: DataDirectory.expand(file), version: Version.number, isForced: force)
        if let aside { print("What was there is in \(aside)") }
        print("Restored \(directory.path). Start it with: martlet up")
    }
}
