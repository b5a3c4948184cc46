import JSONModel
import KubeModel
import Synchronization
import Testing

@testable import APIServer

@Suite("Commands over streams")
struct CommandTests {
    @Test("v5: input, output, errors, sizes and the exit code", arguments: [0, 3])
    func overWebSocket(code: Int) async throws {
        let (client, server) = PipeEnd.pair()
        let process = EchoProcess(code: code)
        let session = session(.v5, server, process)
        async let run: Void = session.run(over: server)
        try await client.write(frame([4] + Array(#"{"Width":80,"Height":25}"#.utf8)))
        try await client.write(frame([0] + Array("hello".utf8)))
        try await client.write(frame([255, 0]))
        let messages = try await messages(client)
        client.close()
        await run
        #expect(String(decoding: messages[1] ?? [], as: UTF8.self) == "hello")
        #expect(String(decoding: messages[2] ?? [], as: UTF8.self) == "HELLO")
        let status = try JSONValue(parsing: messages[3] ?? [])
        #expect(status["status"]?.stringValue == (code == 0 ? "Success" : "Failure"))
        #expect(status["details"]?["causes"]?[0]?["message"]?.stringValue == (code == 0 ? nil : "\(code)"))
        #expect(process.isClosed.withLock { $0 })
    }

    @Test("a client that goes ends the command")
    func clientGone() async throws {
        let (client, server) = PipeEnd.pair()
        let process = EchoProcess()
        let session = session(.v4, server, process)
        async let run: Void = session.run(over: server)
        try await client.write(frame([0, 65]))
        _ = try await client.read()
        client.close()
        await run
        #expect(process.isClosed.withLock { $0 })
    }

    @Test("a command that cannot be started says why on the status stream")
    func failure() async throws {
        let (client, server) = PipeEnd.pair()
        let transport = ChannelTransport(WebSocketConnection(server), .v4, toClient: [.output])
        let session = CommandSession(
            command: PodCommand(container: "c", words: ["x"]), transport: transport, hasStatus: true
        ) { throw Status.internalError("no such thing") }
        async let run: Void = session.run(over: server)
        let messages = try await messages(client)
        client.close()
        await run
        #expect(try JSONValue(parsing: messages[3] ?? [])["reason"]?.stringValue == "InternalError")
    }

    @Test("base64: each message is a digit and text")
    func base64() async throws {
        let (client, server) = PipeEnd.pair()
        let transport = ChannelTransport(WebSocketConnection(server), .v4Base64, toClient: [.output])
        try await client.write(frame(Array("0aGVsbG8=".utf8)))
        #expect(try await transport.next() == CommandPiece(stream: .input, bytes: Array("hello".utf8)))
        try await transport.send(Array("hello".utf8), on: .output)
        #expect(try await client.read() == [0x81, 9] + Array("1aGVsbG8=".utf8))
        try await client.write(frame(Array("0?".utf8)))
        await #expect(throws: WebSocketViolation.self) { try await transport.next() }
    }

    @Test("SPDY: the streams are found by their headers, and end with the command")
    func overSPDY() async throws {
        let (client, server) = PipeEnd.pair()
        let transport = SPDYTransport(SPDYConnection(server))
        let deflating = HeaderCompression(.deflating)
        for (stream, type) in [(1, "error"), (3, "stdin"), (5, "stdout")] as [(UInt32, String)] {
            let block = try deflating.code(SPDYHeaders.write([("streamtype", type)]))
            try await client.write(SPDYFrame.synStream(stream: stream, isLast: false, block: block).bytes)
        }
        try await client.write(SPDYFrame.ping(1).bytes)
        try await client.write(SPDYFrame.data(stream: 3, bytes: Array("hello".utf8), isLast: false).bytes)
        #expect(try await transport.begin([.input, .output, .status], within: server))
        let process = EchoProcess(code: 4)
        let command = PodCommand(container: "c", words: ["x"], hasInput: true, hasErrors: false)
        let session = CommandSession(command: command, transport: transport, hasStatus: true) { process }
        async let run: Void = session.run(over: server)
        var data: [UInt32: [UInt8]] = [:]
        var ended: Set<UInt32> = []
        var others: [SPDYFrame] = []
        var decoder = SPDYDecoder()
        reading: while let bytes = try await client.read() {
            decoder.feed(bytes)
            while let frame = try decoder.next() {
                if case .data(let stream, let bytes, let isLast) = frame {
                    data[stream, default: []] += bytes
                    if isLast { ended.insert(stream) }
                } else if case .goAway = frame {
                    break reading
                } else {
                    others.append(frame)
                    guard case .windowUpdate = frame else { continue }
                    try await client.write(SPDYFrame.data(stream: 3, bytes: [], isLast: true).bytes)
                }
            }
        }
        client.close()
        await run
        #expect(String(decoding: data[5] ?? [], as: UTF8.self) == "hello")
        #expect(String(decoding: data[1] ?? [], as: UTF8.self).contains("NonZeroExitCode"))
        #expect(ended == [1, 5])
        #expect(others.contains(.ping(1)))
        #expect(others.contains(.windowUpdate(stream: 3, delta: 5)))
    }

    @Test(
        "sizes are read, nonsense is not",
        arguments: [
            (#"{"Width":80,"Height":25}"#, true), (#"{"Width":0,"Height":25}"#, false), ("{}", false), ("x", false),
            (#"{"Width":80,"Height":70000}"#, false),
        ])
    func sizes(text: String, isSize: Bool) {
        #expect((CommandSession.size(Array(text.utf8)) != nil) == isSize)
    }

    private func session(
        _ version: ChannelTransport.Version, _ connection: PipeEnd, _ process: EchoProcess
    ) -> CommandSession {
        let transport = ChannelTransport(WebSocketConnection(connection), version, toClient: [.output, .errors])
        let command = PodCommand(container: "c", words: ["x"], hasInput: true)
        return CommandSession(command: command, transport: transport, hasStatus: true) { process }
    }

    /// What the server says on each stream until it says goodbye.
    private func messages(_ client: PipeEnd) async throws -> [UInt8: [UInt8]] {
        var messages: [UInt8: [UInt8]] = [:]
        while let bytes = try await client.read() {
            guard bytes[0] == 0x82 else { break }
            let start = bytes[1] < 126 ? 2 : 4
            messages[bytes[start], default: []] += bytes[(start + 1)...]
        }
        return messages
    }

    /// A client's binary message, masked with zeros.
    private func frame(_ payload: [UInt8]) -> [UInt8] {
        [0x82, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }
}
