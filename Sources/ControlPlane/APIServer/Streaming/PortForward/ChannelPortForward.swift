import KubeModel

/// Port forwarding over `v4.channel.k8s.io`, as client libraries do it: the ports are named in the URL, and each has two
/// channels, one for its bytes and one for what went wrong. One connection for each port.
struct ChannelPortForward: Sendable {
    static let protocols = ["v4.channel.k8s.io"]

    let pod: Object
    let ports: [Int]
    let connect: @Sendable (_ port: Int) async throws -> any PodConnection

    func run(over connection: any ByteConnection) async {
        let socket = WebSocketConnection(connection)
        let inputs = ports.map { _ in ByteQueue() }
        await connection.serve {
            defer { for input in inputs { input.finish() } }
            var channel: UInt8?
            while let piece = try await socket.next() {
                var bytes = piece.bytes
                if piece.isFirst { channel = nil }
                if channel == nil, !bytes.isEmpty { channel = bytes.removeFirst() }
                guard let channel, channel % 2 == 0, Int(channel / 2) < inputs.count else { continue }
                await inputs[Int(channel / 2)].push(bytes)
            }
        } _: {
            await withDiscardingTaskGroup { group in
                for (index, port) in ports.enumerated() {
                    group.addTask { await forward(port, UInt8(index * 2), inputs[index], socket) }
                }
            }
            await socket.sayGoodbye()
        }
    }

    private func forward(_ port: Int, _ channel: UInt8, _ input: ByteQueue, _ socket: WebSocketConnection) async {
        // What still comes for a connection that has ended is dropped.
        defer { input.finish() }
        // Each channel begins with its port, the smaller byte first.
        for channel in [channel, channel + 1] {
            try? await socket.send([channel, UInt8(port & 0xff), UInt8(port >> 8)])
        }
        let problem = await PortForward.run(input, from: { try await connect(port) }) { bytes in
            try await socket.send([channel] + bytes)
        }
        guard let problem else { return }
        try? await socket.send([channel + 1] + PortForward.message(problem, port: port, pod).utf8)
    }
}
