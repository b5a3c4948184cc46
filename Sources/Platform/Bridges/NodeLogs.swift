import APIServer
import KubeClient
import KubeModel
import NodeAgent

/// The node's logs, for the API server's `pods/log`.
struct NodeLogs: PodLogSource {
    let logs: PodLogs

    func logs(of pod: Object, _ options: PodLogOptions) async throws -> ByteStream { try logs.read(pod: pod, options) }
}
