import JSONModel
package import NIOCore

/// What a step is asked.
package struct GraphCall: Sendable {
    /// Of the gateway.
    package var host: String
    /// The path with its query.
    package var target: String
    package var fields: [(name: String, value: String)]
    package var body: ByteBuffer
    /// Until the head of the answer.
    package var timeout: Duration?
}

/// The answer of a service, a node, or a graph.
package struct GraphReply: Sendable {
    package enum Body: Sendable {
        case whole(ByteBuffer)
        /// As it comes.
        case stream(any AsyncSequence<ByteBuffer, any Error> & Sendable)
    }

    package var status: Int
    package var fields: [(name: String, value: String)]
    package var body: Body

    package init(status: Int, fields: [(name: String, value: String)], body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    init(status: Int, json: JSONValue) {
        self.init(
            status: status, fields: [("Content-Type", "application/json")],
            body: .whole(ByteBuffer(bytes: json.serialized())))
    }

    /// In the form of KServe's router.
    init(status: Int, cause: String) {
        self.init(status: status, json: ["error": "Failed to process request", "cause": .string(cause)])
    }

    var isSuccess: Bool { (200..<300).contains(status) }

    /// All of the body, which is no stream any more.
    ///
    /// - Throws: `GraphFailure` where it is larger than `limit` bytes.
    mutating func collect(upTo limit: Int) async throws -> ByteBuffer {
        switch body {
        case .whole(let bytes): return bytes
        case .stream(let pieces):
            var bytes = ByteBuffer()
            for try await var piece in pieces {
                guard bytes.readableBytes + piece.readableBytes <= limit else {
                    throw GraphFailure("an answer has more than \(limit) bytes")
                }
                bytes.writeBuffer(&piece)
            }
            body = .whole(bytes)
            return bytes
        }
    }
}

/// Why a graph cannot be walked to its end.
package struct GraphFailure: Error, CustomStringConvertible {
    package let status: Int
    package let description: String

    package init(_ description: String, status: Int = 500) {
        self.status = status
        self.description = description
    }
}

/// Asks the gateway.
package protocol GraphCaller: Sendable {
    /// - Throws: where there is no answer. One with an error's status is an answer.
    func call(_ call: GraphCall) async throws -> GraphReply
}
