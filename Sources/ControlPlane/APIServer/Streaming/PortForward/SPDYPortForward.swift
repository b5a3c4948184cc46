import KubeModel

/// `portforward.k8s.io`: the client opens a pair of streams for each connection, told apart by `requestid`: one for its
/// bytes, one for what went wrong. A pod that takes no more of one connection holds up the others of the same client once
/// 256 KiB wait for it.
struct SPDYPortForward: Sendable {
    static let name = "portforward.k8s.io"
    /// The same within a WebSocket, as kubectl does it since 1.31.
    static let tunnelName = "SPDY/3.1+portforward.k8s.io"

    let pod: Object
    let connect: @Sendable (_ port: Int) async throws -> any PodConnection

    /// One forwarded connection, as far as the client has opened it.
    private struct Pair {
        var port: Int
        var data: UInt32?
        var errors: UInt32?
        let input = ByteQueue()
    }

    func run(over connection: any ByteConnection) async {
        let spdy = SPDYConnection(connection)
        await connection.serve {
            try await withThrowingDiscardingTaskGroup { group in
                var pairs: [String: Pair] = [:]
                // Of streams that were taken up, and of those that were only opened.
                var inputs: [UInt32: ByteQueue] = [:]
                defer {
                    for input in inputs.values { input.finish() }
                    group.cancelAll()
                }
                while let event = try await spdy.next() {
                    switch event {
                    case .opened(let stream, let headers):
                        guard let (id, pair) = Self.joined(stream, headers, pairs) else {
                            await spdy.reset(stream, status: 3)
                            continue
                        }
                        pairs[id] = pair
                        if let data = pair.data { inputs[data] = pair.input }
                        guard let data = pair.data, let errors = pair.errors else { continue }
                        pairs[id] = nil
                        group.addTask { await forward(pair, data: data, errors: errors, spdy) }
                    case .data(let stream, let bytes, let isLast):
                        // Nothing would take them yet, and all other streams would wait.
                        if !bytes.isEmpty, let half = pairs.first(where: { $0.value.data == stream }) {
                            pairs[half.key] = nil
                            inputs[stream] = nil
                            await spdy.reset(stream, status: 3)
                            continue
                        }
                        await inputs[stream]?.push(bytes)
                        if isLast { inputs.removeValue(forKey: stream)?.finish() }
                    case .reset(let stream):
                        inputs.removeValue(forKey: stream)?.abort()
                        if let half = pairs.first(where: { $0.value.data == stream || $0.value.errors == stream }) {
                            pairs[half.key] = nil
                        }
                    }
                }
            }
        } _: {
            // The client ends it.
            try? await Task.sleep(for: .seconds(31_536_000))
        }
    }

    /// The pair that a new stream belongs to; `nil` for a stream that means nothing here.
    private static func joined(
        _ stream: UInt32, _ headers: [String: String], _ pairs: [String: Pair]
    ) -> (id: String, Pair)? {
        guard let port = headers["port"].flatMap(Int.init), (1...65_535).contains(port), pairs.count < 1_000
        else { return nil }
        // Clients older than Kubernetes 1.2 have no requestid: their error stream comes just before.
        let id = headers["requestid"] ?? "port \(port)"
        var pair = pairs[id] ?? Pair(port: port)
        switch headers["streamtype"] {
        case "data" where pair.data == nil: pair.data = stream
        case "error" where pair.errors == nil: pair.errors = stream
        default: return nil
        }
        return (id, pair)
    }

    private func forward(_ pair: Pair, data: UInt32, errors: UInt32, _ spdy: SPDYConnection) async {
        let problem = await PortForward.run(pair.input, from: { try await connect(pair.port) }) { bytes in
            try await spdy.send(bytes, on: data)
        }
        pair.input.finish()
        if let problem {
            let text = PortForward.message(problem, port: pair.port, pod)
            try? await spdy.send(Array(text.utf8), on: errors)
        }
        for stream in [data, errors] {
            try? await spdy.send([], on: stream, isLast: true)
            await spdy.forget(stream)
        }
    }
}
