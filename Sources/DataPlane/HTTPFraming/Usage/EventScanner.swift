/// Counts the server-sent events of a stream, in the bytes as they pass. Nothing is kept and nothing allocated, and the
/// counts do not depend on how the bytes are cut.
package struct EventScanner: Sendable, Hashable {
    /// Where in a line: how much of `data:` and then of `[DONE]` has matched.
    private enum Line: Sendable, Hashable {
        case name(matched: UInt8)
        /// After `data:`; `matched` bytes of `[DONE]`.
        case done(matched: UInt8)
        case other
    }

    private var line = Line.name(matched: 0)
    private var isLineEmpty = true
    private var isAfterEvent = true
    /// The open event has data other than `[DONE]`.
    private var hasData = false
    /// Events that are complete and have data. `[DONE]`, OpenAI's mark of the end, is none.
    package private(set) var events = 0

    package init() {}

    /// Whether the stream stands at its beginning or after an empty line.
    package var isBetweenEvents: Bool { isAfterEvent && isLineEmpty }

    package mutating func scan(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            // The text of a long event is passed over at once.
            if line == .other, !isLineEmpty { index = bytes.index(of: .lineFeed, from: index) ?? bytes.count }
            guard index < bytes.count else { return }
            take(bytes[index])
            index += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case .lineFeed: endLine()
        case .carriageReturn: break
        default:
            isLineEmpty = false
            isAfterEvent = false
            advance(byte)
        }
    }

    private mutating func endLine() {
        if case .done(let matched) = line, 1..<6 ~= matched { hasData = true }
        if isLineEmpty, hasData {
            events += 1
            hasData = false
        }
        isAfterEvent = isLineEmpty
        isLineEmpty = true
        line = .name(matched: 0)
    }

    private mutating func advance(_ byte: UInt8) {
        switch line {
        case .name(let matched):
            guard byte == Self.byte(matched, of: "data:") else {
                line = .other
                return
            }
            line = matched == 4 ? .done(matched: 0) : .name(matched: matched + 1)
        case .done(0) where byte == .space: break
        case .done(let matched):
            if matched < 6, byte == Self.byte(matched, of: "[DONE]") {
                line = .done(matched: matched + 1)
            } else {
                hasData = true
                line = .other
            }
        case .other: break
        }
    }

    /// - Parameter index: Below the literal's count.
    private static func byte(_ index: UInt8, of literal: StaticString) -> UInt8 {
        // SAFETY: the index is below the literal's count.
        literal.utf8Start[Int(index)]
    }
}
