package import KubeModel
package import ServingAPI

/// What an image is on this machine, as far as a process needs it.
package struct ImageEnvironment: Sendable, Hashable {
    /// What runs where the container names no command of its own.
    package var entrypoint: [String]
    /// Where its commands are found, before the machine's.
    package var path: [String]
    package var variables: [String: String]
    /// `nil` for a directory of the pod's own.
    package var workingDirectory: String?
    /// What it is made of on this machine, beside the system's own folders.
    package var directories: [String]

    package init(
        entrypoint: [String], path: [String] = [], variables: [String: String] = [:], workingDirectory: String? = nil,
        directories: [String] = []
    ) {
        self.directories = directories
        self.entrypoint = entrypoint
        self.path = path
        self.variables = variables
        self.workingDirectory = workingDirectory
    }
}

/// Installs what container images stand for.
package protocol PodImages: Sendable {
    /// Installs what `image` is on this machine, unless it is there already; then it answers at once. Calls for the
    /// same image share one installation. Cancelling gives up waiting.
    ///
    /// - Parameter progress: called from anywhere, as often as there is news.
    /// - Throws: an error whose description says what went wrong and what to do.
    func resolve(_ image: String, progress: @escaping @Sendable (String) -> Void) async throws -> ImageEnvironment
}

/// A pod's model on this machine.
package struct PodModel: Sendable, Hashable {
    package var directory: String
    /// What whoever runs it should know.
    package var warnings: [String]

    package init(directory: String, warnings: [String] = []) {
        self.directory = directory
        self.warnings = warnings
    }
}

/// Fetches models.
package protocol PodModels: Sendable {
    /// The directory with a pod's model; at once where it is here already. Calls for the same model share one download.
    /// Cancelling gives up waiting.
    ///
    /// - Parameters:
    ///   - parts: where the model comes from; not empty.
    ///   - pod: whose credentials are used.
    ///   - progress: called from anywhere, as often as there is news: `fetched 34.1 MB of 98.0 MB (12.3 MB/s)`.
    /// - Throws: an error whose description says what went wrong and what to do.
    func acquire(
        _ parts: [ModelPart], for pod: Object, progress: @escaping @Sendable (String) -> Void
    ) async throws -> PodModel
}

/// Who sends requests to pods, and knows when none is under way any more.
package protocol DrainGate: Sendable {
    /// Returns when no request is in flight to the pod and none will be sent to it again: at once, if it has none.
    func drained(podUID: String, address: String) async

    /// Ends what is still under way to the pod, so that whoever called sees it: the pod's time is over.
    func cut(podUID: String) async
}
