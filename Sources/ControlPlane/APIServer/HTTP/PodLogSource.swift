package import KubeClient
package import KubeModel

/// Where the logs of pods come from: the node that runs them. Platform joins it to the server.
package protocol PodLogSource: Sendable {
    /// The bytes of the log, as they are or become there; the stream ends with the log, or when it does not follow, with
    /// what there is now. Cancelling the task that reads it ends it.
    ///
    /// - Parameters:
    ///   - pod: as the API has it.
    ///   - options: `container` is one of the pod's containers.
    /// - Throws: `Status`, for instance 400 while the container has not started.
    func logs(of pod: Object, _ options: PodLogOptions) async throws -> ByteStream
}
