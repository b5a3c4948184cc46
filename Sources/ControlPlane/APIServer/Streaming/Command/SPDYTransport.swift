/// `v4.channel.k8s.io` and its forerunners over SPDY: the client opens one stream for each, by its header `streamtype`.
actor SPDYTransport: CommandTransport {
    /// The protocols, in the server's order. The first forerunner has no name.
    static let protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", ""]

    private static let names: [String: CommandStream] = [
        "stdin": .input, "stdout": .output, "stderr": .errors, "error": .status, "resize": .size,
    ]

    private let connection: SPDYConnection
    private var streams: [CommandStream: UInt32] = [:]
    /// Came before all streams were open.
    private var early: [CommandPiece] = []

    init(_ connection: SPDYConnection) { self.connection = connection }

    /// Waits until the client has opened the streams: as in Kubernetes, half a minute at the most.
    ///
    /// - Returns: whether it did; the connection is closed otherwise.
    func begin(_ expected: Set<CommandStream>, within connection: any ByteConnection) async throws -> Bool {
        let hasBegun = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await self.open(expected) }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                connection.close()
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        if !hasBegun { connection.close() }
        return hasBegun
    }

    private func open(_ expected: Set<CommandStream>) async throws -> Bool {
        while Set(streams.keys) != expected {
            guard let event = try await connection.next() else { return false }
            if let piece = await take(event, expected) { early.append(piece) }
            guard early.count <= 64 else { return false }
        }
        return true
    }

    func next() async throws -> CommandPiece? {
        if !early.isEmpty { return early.removeFirst() }
        while let event = try await connection.next() {
            if let piece = await take(event, []) { return piece }
        }
        return nil
    }

    func send(_ bytes: [UInt8], on stream: CommandStream) async throws {
        guard let number = streams[stream] else { return }
        try await connection.send(bytes, on: number)
    }

    func finish() async {
        for stream in [CommandStream.output, .errors, .status] {
            guard let number = streams[stream] else { continue }
            try? await connection.send([], on: number, isLast: true)
        }
        await connection.sayGoodbye()
    }

    private func take(_ event: SPDYConnection.Event, _ expected: Set<CommandStream>) async -> CommandPiece? {
        switch event {
        case .opened(let number, let headers):
            if let stream = headers["streamtype"].flatMap({ Self.names[$0] }), expected.contains(stream),
                streams[stream] == nil
            {
                streams[stream] = number
            } else {
                await connection.reset(number, status: 3)
            }
            return nil
        case .data(let number, let bytes, let isLast):
            return streams.first { $0.value == number }.map {
                CommandPiece(stream: $0.key, bytes: bytes, isLast: isLast)
            }
        case .reset(let number):
            return streams.first { $0.value == number && $0.key == .input }.map { _ in
                CommandPiece(stream: .input, bytes: [], isLast: true)
            }
        }
    }
}
