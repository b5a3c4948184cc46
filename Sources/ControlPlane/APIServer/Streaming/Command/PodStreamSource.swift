package import KubeModel

/// Where commands in pods and connections to their ports come from: the node that runs them. Platform joins it to the
/// server. Nothing of it is called before the caller was found to be allowed to.
package protocol PodStreamSource: Sendable {
    /// Starts a command beside the main process of a running container: in its environment, its working directory, its
    /// view of the file system, and a session of its own.
    ///
    /// - Throws: `Status`: no such container, not running, the command cannot be executed.
    func exec(_ command: PodCommand, in pod: Object) async throws -> any PodProcess

    /// The main process of a container, its output from now on. Closing it does not end it.
    ///
    /// - Throws: `Status`.
    func attach(_ options: PodCommand, to pod: Object) async throws -> any PodProcess

    /// A connection to a port of a running pod.
    ///
    /// - Throws: an error whose description says why there is none.
    func connect(to port: Int, of pod: Object) async throws -> any PodConnection
}

/// What `pods/exec` and `pods/attach` ask for.
package struct PodCommand: Sendable, Hashable {
    /// One of the pod's containers.
    package var container: String
    /// Empty for attach.
    package var words: [String]
    package var hasInput: Bool
    package var hasOutput: Bool
    /// Errors are part of the output on a terminal.
    package var hasErrors: Bool
    package var isTerminal: Bool

    package init(
        container: String, words: [String] = [], hasInput: Bool = false, hasOutput: Bool = true,
        hasErrors: Bool = true, isTerminal: Bool = false
    ) {
        self.container = container
        self.words = words
        self.hasInput = hasInput
        self.hasOutput = hasOutput
        self.hasErrors = hasErrors
        self.isTerminal = isTerminal
    }
}

/// A process in a container, with its streams.
package protocol PodProcess: Sendable {
    /// What it wrote, as much as there is; `nil` at the end or when the task is cancelled. What is not read stays with
    /// the process.
    ///
    /// - Parameter errors: of the standard error instead of the standard output.
    func read(errors: Bool) async -> [UInt8]?
    /// Comes back when the process' standard input has taken the bytes; what it no longer takes is dropped.
    func write(_ bytes: [UInt8]) async
    func finishInput()
    func resize(columns: Int, rows: Int)
    /// Waits for its end. The code as a shell has it; `nil` where none is known.
    func exitCode() async -> Int?
    /// Nobody is interested any more: a command that was started by `exec` is killed.
    func close()
}

/// A connection to a port of a pod.
package protocol PodConnection: Sendable {
    /// `nil` at the end.
    func read() async throws -> [UInt8]?
    func write(_ bytes: [UInt8]) async throws
    /// No more will be written.
    func finishWriting()
    func close()
}

/// No node: every call fails.
package struct NoPodStreams: PodStreamSource {
    private static let failure = Status(
        code: 501, reason: "NotImplemented", message: "no node is joined to this server: its pods cannot be reached")

    package init() {}

    package func exec(_ command: PodCommand, in pod: Object) async throws -> any PodProcess { throw Self.failure }
    package func attach(_ options: PodCommand, to pod: Object) async throws -> any PodProcess { throw Self.failure }
    package func connect(to port: Int, of pod: Object) async throws -> any PodConnection { throw Self.failure }
}
