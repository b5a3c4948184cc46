import HTTPFraming
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Takes a body out of its HTTP/1.1 framing: what is left goes into DATA frames.
struct BodyPieces {
    private var body: BodyTracker

    init(_ framing: BodyFraming) { body = BodyTracker(framing, keepsTrailers: true) }

    var isComplete: Bool { body.isComplete }
    var isUntilClose: Bool { body.framing == .untilClose }

    /// - Returns: The frames for these bytes. When the body is complete with them the last frame ends the stream.
    mutating func frames(for buffer: ByteBuffer) throws(FramingError) -> [HTTP2Frame.FramePayload] {
        let bytes = buffer.readableBytesUInt8Span
        var pieces: [ByteBuffer] = []
        _ = try body.advance(over: bytes) { range in
            guard !range.isEmpty else { return }
            if let piece = buffer.getSlice(at: buffer.readerIndex + range.lowerBound, length: range.count) {
                pieces.append(piece)
            }
        }
        return frames(pieces)
    }

    private func frames(_ pieces: [ByteBuffer]) -> [HTTP2Frame.FramePayload] {
        let trailers = body.trailerLines
        var frames = pieces.enumerated().map { index, piece in
            let isLast = body.isComplete && trailers.isEmpty && index == pieces.count - 1
            return HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(piece), endStream: isLast))
        }
        guard body.isComplete else { return frames }
        if !trailers.isEmpty {
            frames.append(.headers(.init(headers: HPACKHeaders(trailerLines: trailers), endStream: true)))
        } else if pieces.isEmpty {
            frames.append(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)))
        }
        return frames
    }
}
