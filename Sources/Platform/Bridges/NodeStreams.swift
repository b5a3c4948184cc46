import APIServer
import KubeModel
import NodeAgent

/// Commands in this node's pods and connections to their ports, for the API server.
struct NodeStreams: PodStreamSource {
    let node: NodeAgent

    func exec(_ command: PodCommand, in pod: Object) async throws -> any PodProcess {
        try await node.exec(
            command.words, in: command.container, of: pod, hasInput: command.hasInput, isTerminal: command.isTerminal)
    }

    func attach(_ options: PodCommand, to pod: Object) async throws -> any PodProcess {
        try await node.attach(to: options.container, of: pod)
    }

    func connect(to port: Int, of pod: Object) async throws -> any PodConnection {
        try await node.connect(to: port, of: pod)
    }
}

extension ContainerSession: PodProcess {}
extension PodStream: PodConnection {}
