import KubeModel

/// Bytes between a client and a port of a pod.
enum PortForward {
    /// Carries one connection until the pod's side has ended it.
    ///
    /// - Parameters:
    ///   - input: what the client sends.
    ///   - send: to the client.
    /// - Returns: why there is, or was, no connection.
    static func run(
        _ input: ByteQueue, from connect: @Sendable () async throws -> any PodConnection,
        to send: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async -> (any Error)? {
        let connection: any PodConnection
        do { connection = try await connect() } catch { return error }
        defer { connection.close() }
        return await withTaskGroup(of: (isOutput: Bool, problem: (any Error)?).self) { group in
            group.addTask {
                while let bytes = await input.pop() {
                    do { try await connection.write(bytes) } catch { return (false, nil) }
                }
                if input.isAborted { connection.close() } else { connection.finishWriting() }
                return (false, nil)
            }
            group.addTask {
                do {
                    while let bytes = try await connection.read() { try await send(bytes) }
                    return (true, nil)
                } catch { return (true, error) }
            }
            // The pod may still answer when the client has said all, but not the other way round.
            defer { group.cancelAll() }
            return await group.first { $0.isOutput }?.problem
        }
    }

    /// In the words of the kubelet.
    static func message(_ error: any Error, port: Int, _ pod: Object) -> String {
        let name = [pod.namespace, pod.name].compactMap { $0 }.joined(separator: "/")
        return "error forwarding port \(port) to pod \(name), uid \(pod.uid): \(error)"
    }
}
