import AsyncHTTPClient
import JSONModel
import NIOCore
import NIOHTTP1

/// Calls a model's chat endpoint through the gateway and streams the answer.
struct ChatClient: Sendable {
    var gateway: String
    var model: String
    /// For a protected service.
    var token: String?
    var maxTokens: Int
    var temperature: Double?

    /// The pieces of the answer as they come. Throws `CommandFailure` with what the gateway or the model said.
    func stream(_ conversation: Conversation) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            // A task of its own: the stream's consumer decides when it ends.
            let task = Task {
                do {
                    try await send(conversation) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func send(_ conversation: Conversation, _ onPiece: (String) -> Void) async throws {
        var request = HTTPClientRequest(url: "\(gateway)/openai/v1/chat/completions")
        request.method = .POST
        request.headers = ["Content-Type": "application/json"]
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(bytes: body(conversation).serialized()))
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, deadline: .distantFuture)
        } catch {
            throw CommandFailure("the gateway at \(gateway) cannot be reached: \(error)", code: 3)
        }
        guard response.status == .ok else {
            let body = try await response.body.collect(upTo: 1 << 20)
            throw CommandFailure(Self.message(Array(body.readableBytesView)) ?? "the model answered \(response.status)")
        }
        var events = EventStreamParser()
        for try await buffer in response.body {
            for data in events.append(Array(buffer.readableBytesView)) { try handle(data, onPiece) }
        }
    }

    private func handle(_ data: String, _ onPiece: (String) -> Void) throws {
        guard data != "[DONE]", let event = try? JSONValue(parsing: data) else { return }
        if let error = event[path: "error", "message"]?.stringValue { throw CommandFailure(error) }
        if let piece = event["choices"]?[0]?["delta"]?["content"]?.stringValue { onPiece(piece) }
    }

    private func body(_ conversation: Conversation) -> JSONValue {
        var body: JSONValue = [
            "model": .string(model), "messages": .array(conversation.messages), "stream": true,
            "max_tokens": .number(JSONNumber(maxTokens)),
        ]
        if let temperature { body["temperature"] = .number(JSONNumber(temperature)) }
        return body
    }

    private static func message(_ body: [UInt8]) -> String? {
        (try? JSONValue(parsing: body))?[path: "error", "message"]?.stringValue
    }
}

/// Takes server-sent events apart (WHATWG HTML, section 9.2): only `data` lines, which is all that OpenAI's API uses.
struct EventStreamParser {
    private var line: [UInt8] = []

    /// The data of each event line that is complete now.
    mutating func append(_ bytes: [UInt8]) -> [String] {
        var found: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            guard text.hasPrefix("data:") else { continue }
            found.append(String(text.dropFirst(text.hasPrefix("data: ") ? 6 : 5)))
        }
        return found
    }
}
