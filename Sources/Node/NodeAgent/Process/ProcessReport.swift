/// What the shim says of its process, one line each on the status pipe.
enum ProcessReport: Sendable, Hashable {
    /// The command was executed.
    case started
    /// Nothing runs.
    case failed(step: Step, error: Int32)
    /// It runs without a part of its confinement, which the system refuses.
    case without(String, error: Int32)
    /// A process of it was killed for want of memory.
    case outOfMemory
    case ended(ProcessEnding)

    /// Where starting failed. New words of a newer shim are kept as they are.
    struct Step: Sendable, Hashable {
        var word: String
        /// The system refuses the namespaces.
        static let confine = Step(word: "confine")
        /// What is to be bound is not there.
        static let bind = Step(word: "bind")
        /// The user cannot be had.
        static let user = Step(word: "user")
        static let exec = Step(word: "exec")
        static let directory = Step(word: "directory")
    }

    /// `nil` for a line that the shim never writes.
    init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("started", 1): self = .started
        case ("failed", 3):
            guard let error = Int32(words[2]) else { return nil }
            self = .failed(step: Step(word: String(words[1])), error: error)
        case ("without", 3):
            guard let error = Int32(words[2]) else { return nil }
            self = .without(String(words[1]), error: error)
        case ("out-of-memory", 1): self = .outOfMemory
        case ("exited", 2):
            guard let code = Int32(words[1]) else { return nil }
            self = .ended(.exited(code))
        case ("killed", 2):
            guard let signal = Int32(words[1]) else { return nil }
            self = .ended(.killed(signal: signal))
        default: return nil
        }
    }
}

/// How a process came to its end.
enum ProcessEnding: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)

    /// As a shell and Kubernetes have it: 128 + signal for a process that was killed.
    var exitCode: Int {
        switch self {
        case .exited(let code): Int(code)
        case .killed(let signal): 128 + Int(signal)
        }
    }

    var signal: Int? { if case .killed(let signal) = self { Int(signal) } else { nil } }
}
