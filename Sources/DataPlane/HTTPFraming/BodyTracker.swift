/// Finds the end of a body in the bytes as they pass.
package struct BodyTracker: Sendable {
    package let framing: BodyFraming
    /// Of a body with a length: what is left of it.
    private var remaining: Int
    private var chunks: ChunkedTracker

    /// - Parameter keepsTrailers: Whether `trailerLines` is wanted.
    package init(_ framing: BodyFraming, keepsTrailers: Bool = false) {
        self.framing = framing
        chunks = ChunkedTracker(keepsTrailers: keepsTrailers)
        if case .length(let length) = framing { remaining = length } else { remaining = 0 }
    }

    /// Whether the message has ended. A body until the connection's end never says so.
    package var isComplete: Bool {
        switch framing {
        case .none: true
        case .length: remaining == 0
        case .chunked: chunks.isComplete
        case .untilClose: false
        }
    }

    /// The fields after the last chunk, each with its CRLF.
    package var trailerLines: [UInt8] { chunks.trailerLines }

    /// Goes over bytes that were received.
    ///
    /// - Returns: How many of them belong to the message; the others begin the next one.
    package mutating func advance(over bytes: Span<UInt8>) throws(FramingError) -> Int {
        switch framing {
        case .none: return 0
        case .untilClose: return bytes.count
        case .length:
            let count = min(remaining, bytes.count)
            remaining -= count
            return count
        case .chunked:
            var index = 0
            while index < bytes.count, !chunks.isComplete { index = try chunks.run(in: bytes, from: index).end }
            return index
        }
    }

    /// As `advance`, and tells which of the bytes are data and which are framing.
    package mutating func advance(
        over bytes: Span<UInt8>, data: (Range<Int>) -> Void
    ) throws(FramingError) -> Int {
        guard framing == .chunked else {
            let count = try advance(over: bytes)
            data(0..<count)
            return count
        }
        var index = 0
        while index < bytes.count, !chunks.isComplete {
            let run = try chunks.run(in: bytes, from: index)
            if run.isData { data(index..<run.end) }
            index = run.end
        }
        return index
    }

    /// How many bytes can be added here without breaking the framing: all for a body until the end, the rest of what
    /// was announced, or, for chunks, what a chunk of its own may hold.
    package var room: Room {
        switch framing {
        case .none: .none
        case .untilClose: .any
        case .length: .bytes(remaining)
        case .chunked:
            switch chunks.openChunk {
            case 0: .newChunk
            case let open?: .bytes(open)
            case nil: .none
            }
        }
    }

    package enum Room: Sendable, Hashable {
        case none, any, newChunk
        case bytes(Int)
    }
}
