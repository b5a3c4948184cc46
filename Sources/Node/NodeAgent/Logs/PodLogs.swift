import JSONModel
package import KubeClient
import KubeController
package import KubeModel

/// The logs of this node's containers.
package struct PodLogs: Sendable {
    private let directory: PodDirectories
    private let signals: LogSignals
    private let limits: LogFile.Limits
    private let time: any TimeSource

    init(
        directory: PodDirectories, signals: LogSignals, limits: LogFile.Limits = .init(), time: any TimeSource
    ) {
        self.directory = directory
        self.signals = signals
        self.limits = limits
        self.time = time
    }

    /// The log of one container as bytes, in parts of any size; read only as fast as the stream is. Ends when all is
    /// read, or with `follows` when the container ends or the reading task is cancelled.
    ///
    /// - Throws: `Status`, in the words of the kubelet: no such container, not started yet, no previous start.
    package func read(pod: Object, _ options: PodLogOptions) throws(Status) -> AsyncThrowingStream<[UInt8], any Error> {
        let container = try self.container(of: pod, options.container)
        let attempts = directory.attempts(pod: pod.uid, container: container)
        guard let latest = attempts.last else {
            throw .badRequest(
                "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: ContainerCreating")
        }
        guard !options.isPrevious || attempts.count > 1 else {
            throw .badRequest(
                "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
        }
        let attempt = options.isPrevious ? attempts[attempts.count - 2] : latest
        let path = directory.log(pod: pod.uid, container: container, attempt: attempt)
        let reader = LogReader(
            path: path, options: options, signals: signals, limits: limits, now: time.microsecondsSince1970 * 1_000)
        return AsyncThrowingStream { await reader.next() }
    }

    private func container(of pod: Object, _ name: String?) throws(Status) -> String {
        let names = Self.names("containers", pod)
        guard let name else {
            guard names.count == 1 else {
                throw .badRequest(
                    "a container name must be specified for pod \(pod.name), choose one of: \(names)")
            }
            return names[0]
        }
        let all = Self.names("initContainers", pod) + names
        guard all.contains(name) else {
            throw .badRequest("container \(name) is not valid for pod \(pod.name): it has \(all)")
        }
        return name
    }

    private static func names(_ field: String, _ pod: Object) -> [String] {
        (pod["spec", field]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }
}
