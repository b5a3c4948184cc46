/// What to run, and how: the input of the shim.
struct ProcessLaunch: Sendable, Hashable {
    /// A directory or file of this machine that the process sees elsewhere.
    struct Bind: Sendable, Hashable {
        var source: String
        var target: String
        var isReadOnly: Bool
    }

    /// Where a process that outlives Martlet is found again.
    struct Keep: Sendable, Hashable {
        /// Of the shim's state and socket.
        var directory: String
        /// Takes the output while there is no Martlet.
        var log: String
    }

    /// The command and its arguments; the command is looked up in the environment's PATH unless it has a slash.
    var command: [String]
    /// All of it: nothing is inherited from Martlet.
    var environment: [String: String]
    var workingDirectory: String
    /// In namespaces of its own, where `binds` are seen. Without, `binds` are left out.
    var isConfined: Bool
    var binds: [Bind] = []
    /// `nil` for a process that sees the whole machine and has all of Martlet's rights.
    var sandbox: Sandbox?
    var groups = ControlGroups()
    /// The shim of a container that runs, whose namespaces are entered instead of new ones.
    var entered: Int32?
    /// Whether the standard input can be written to; it is empty otherwise.
    var hasInput = false
    /// The standard streams are a terminal.
    var isTerminal = false
    /// `nil` for a process that ends with Martlet.
    var keep: Keep?

    /// The shim's numbers of its descriptors: the connection to us, and our ends of the process' streams.
    static let (control, output, error, input): (Int32, Int32, Int32, Int32) = (3, 4, 5, 6)

    /// The shim's command line, without its own name.
    var shimArguments: [String] {
        var words = ["--control", "\(Self.control)"]
        if let keep {
            words += ["--keep", keep.directory, "--log", keep.log, "--output", "\(Self.output)"]
            if !isTerminal { words += ["--error", "\(Self.error)"] }
            if hasInput { words += ["--input", "\(Self.input)"] }
        }
        words += ["--directory", workingDirectory, "--limit", "core=0"]
        if let entered {
            words += ["--enter", "\(entered)"]
        } else if isConfined {
            words.append("--confine")
            for bind in binds {
                words += ["--bind", "\(bind.source):\(bind.target)\(bind.isReadOnly ? ":ro" : "")"]
            }
            words += sandbox?.arguments ?? []
        }
        if let sandbox, isConfined {
            words.append("--harden")
            if let user = sandbox.user { words += ["--user", user.argument] }
        }
        words += groups.arguments(isEntered: entered != nil)
        if isTerminal { words.append("--terminal") }
        return words + ["--"] + command
    }
}

extension ProcessLaunch {
    /// From the shim's command line, without its own name; `nil` where it is none of this version's.
    init?(shimArguments words: some Sequence<String>, environment: [String: String]) {
        var words = Array(words)[...]
        self.init(command: [], environment: environment, workingDirectory: "/", isConfined: false)
        var (directory, log): (String?, String?)
        while let option = words.popFirst(), option != "--" {
            switch option {
            case "--confine": isConfined = true
            case "--terminal": isTerminal = true
            case "--input": (hasInput, words) = (true, words.dropFirst())
            case "--directory": workingDirectory = words.popFirst() ?? "/"
            case "--root": sandbox = Sandbox(temporary: "")
            case "--harden": break
            case "--user": sandbox?.user = words.popFirst().flatMap { Sandbox.User(argument: $0) }
            case "--cgroup": groups.directories += [words.popFirst()].compactMap { $0 }
            case "--keep": directory = words.popFirst()
            case "--log": log = words.popFirst()
            default: words = words.dropFirst()
            }
        }
        guard let directory, let log, !words.isEmpty else { return nil }
        command = Array(words)
        keep = Keep(directory: directory, log: log)
    }
}
