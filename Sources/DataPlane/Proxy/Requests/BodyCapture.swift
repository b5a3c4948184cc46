import HTTPFraming
import NIOCore
import Routing

/// The bodies of one request and its answer, of a service that wants them recorded.
final class BodyCapture {
    /// Of each.
    static let longest = 64 << 10

    private(set) var request: [UInt8] = []
    private(set) var response: [UInt8] = []
    private(set) var isCut = false
    private var framing: BodyTracker

    init(_ framing: BodyFraming) { self.framing = BodyTracker(framing) }

    /// - Parameter piece: in its framing.
    func take(request piece: Span<UInt8>) {
        var taken = request
        do throws(FramingError) {
            _ = try framing.advance(over: piece) { run in
                for index in run where taken.count < Self.longest { taken.append(piece[index]) }
            }
        } catch {
            // It is refused elsewhere.
        }
        request = taken
        if request.count == Self.longest { isCut = true }
    }

    /// - Parameter piece: without its framing.
    func take(response piece: Span<UInt8>) {
        let room = Self.longest - response.count
        for index in 0..<min(room, piece.count) { response.append(piece[index]) }
        if piece.count > room { isCut = true }
    }
}

extension ClientConnection {
    /// The request's beginning has been sent.
    func beginCapture() {
        guard let exchange, exchange.capture == nil, exchange.share?.revision.recordsBodies == true, !isShadow else {
            return
        }
        let capture = BodyCapture(exchange.requestFraming)
        let sent = request
        let bytes = sent.readableBytesUInt8Span
        if exchange.headLength <= bytes.count {
            capture.take(request: bytes.extracting(exchange.headLength..<bytes.count))
        }
        self.exchange?.capture = capture
    }
}
