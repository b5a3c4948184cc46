/// What to run, and how: the input of the shim.
struct ProcessLaunch: Sendable, Hashable {
    /// A directory or file of this machine that the process sees elsewhere.
    struct Bind: Sendable, Hashable {
        var source: String
        var target: String
        var isReadOnly: Bool
    }

    /// The command and its arguments; the command is looked up in the environment's PATH unless it has a slash.
    var command: [String]
    /// All of it: nothing is inherited from Martlet.
    var environment: [String: String]
    var workingDirectory: String
    /// In namespaces of its own, where `binds` are seen. Without, `binds` are left out.
    var isConfined: Bool
    var binds: [Bind] = []
    /// The shim of a container that runs, whose namespaces are entered instead of new ones.
    var entered: Int32?
    /// Whether the standard input can be written to; it is empty otherwise.
    var hasInput = false
    /// The standard streams are a terminal.
    var isTerminal = false

    /// The shim's command line, without its own name.
    ///
    /// - Parameters: the shim's numbers of the two descriptors.
    func shimArguments(lifeline: Int32, status: Int32) -> [String] {
        var words = ["--lifeline", "\(lifeline)", "--status", "\(status)", "--directory", workingDirectory]
        words += ["--limit", "core=0"]
        if let entered {
            words += ["--enter", "\(entered)"]
        } else if isConfined {
            words.append("--confine")
            for bind in binds {
                words += ["--bind", "\(bind.source):\(bind.target)\(bind.isReadOnly ? ":ro" : "")"]
            }
        }
        if isTerminal { words.append("--terminal") }
        return words + ["--"] + command
    }
}
