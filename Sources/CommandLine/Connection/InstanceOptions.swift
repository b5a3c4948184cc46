import ArgumentParser
import Platform

/// Which Martlet a verb speaks to.
struct InstanceOptions: ParsableArguments {
    @Option(
        name: .long,
        help: """
            Where Martlet keeps everything it has. Default: $MARTLET_DATA_DIR, else $XDG_DATA_HOME/martlet, else \
            ~/.local/share/martlet.
            """)
    var dataDir: String?

    var directory: DataDirectory { DataDirectory(dataDir.map(DataDirectory.expand) ?? DataDirectory.defaultPath) }
}

/// Which objects a verb is about.
struct NamespaceOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The namespace.")
    var namespace = "default"

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false
}
