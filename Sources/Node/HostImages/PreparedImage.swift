/// A host image that is installed: what a process needs to run from it.
package struct PreparedImage: Sendable, Hashable {
    /// The program and its first arguments, for containers that give no command; the program by its absolute path.
    package var entrypoint: [String]
    /// Directories to look programs up in, before the machine's own.
    package var path: [String]
    package var environment: [String: String]
    /// Holds everything that is installed. Absolute.
    package var root: String

    /// All that a process needs to see of it: `root`, and the Python that it was made with, where that is no part of the
    /// system.
    package var directories: [String] { [root] + PythonPlace.directories(of: root) }

    package init(entrypoint: [String], path: [String], environment: [String: String], root: String) {
        self.entrypoint = entrypoint
        self.path = path
        self.environment = environment
        self.root = root
    }
}

/// How far an installation is.
package struct InstallProgress: Sendable, Hashable, CustomStringConvertible {
    /// What is being done: `installing xllamacpp==2026.10.11549`.
    package var step: String
    /// The last line that the installer wrote; empty before the first.
    package var line: String
    /// Since the installation began.
    package var elapsed: Duration

    package init(step: String, line: String = "", elapsed: Duration) {
        self.step = step
        self.line = line
        self.elapsed = elapsed
    }

    /// `installing xllamacpp==2026.10.11549 (3 s): Downloading xllamacpp (34 MB)`
    package var description: String {
        "\(step) (\(elapsed.components.seconds) s)" + (line.isEmpty ? "" : ": \(line)")
    }
}
