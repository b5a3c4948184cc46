/// Whether the JSON object that a request's body is asks for a stream: the member `stream` of the object itself, with the
/// value `true`. The bytes come in any pieces; nothing is kept.
package struct StreamFlagScanner: Sendable, Hashable {
    private enum State: Sendable, Hashable {
        case structure
        /// In a string; `matched` bytes of `stream` so far, `nil` where it is another one.
        case string(matched: UInt8?)
        case escape
        /// After the string `stream` of the outermost object.
        case afterName
        /// After its colon; `matched` bytes of `true`.
        case value(matched: UInt8)
    }

    private var state = State.structure
    private var depth = 0
    package private(set) var isSet = false

    package init() {}

    package mutating func scan(_ bytes: Span<UInt8>) {
        for index in bytes.indices { take(bytes[index]) }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .structure: takeStructure(byte)
        case .string(let matched): takeString(byte, matched)
        case .escape: state = .string(matched: nil)
        case .afterName:
            if byte == UInt8(ascii: ":") { state = .value(matched: 0) } else if !byte.isSpace { takeStructure(byte) }
        case .value(let matched): takeValue(byte, matched)
        }
    }

    private mutating func takeStructure(_ byte: UInt8) {
        state = .structure
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "\""): state = .string(matched: depth == 1 ? 0 : nil)
        default: break
        }
    }

    private mutating func takeString(_ byte: UInt8, _ matched: UInt8?) {
        if byte == UInt8(ascii: "\"") {
            state = matched == 6 ? .afterName : .structure
        } else if byte == UInt8(ascii: "\\") {
            state = .escape
        } else if let matched, matched < 6, byte == Self.byte(matched, of: "stream") {
            state = .string(matched: matched + 1)
        } else {
            state = .string(matched: nil)
        }
    }

    private mutating func takeValue(_ byte: UInt8, _ matched: UInt8) {
        if matched == 0, byte.isSpace { return }
        guard byte == Self.byte(matched, of: "true") else {
            isSet = false
            takeStructure(byte)
            return
        }
        if matched == 3 {
            isSet = true
            state = .structure
        } else {
            state = .value(matched: matched + 1)
        }
    }

    /// - Parameter index: Below the literal's count.
    private static func byte(_ index: UInt8, of literal: StaticString) -> UInt8 {
        // SAFETY: the index is below the literal's count.
        literal.utf8Start[Int(index)]
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
