/// Walks over a JSON string from after its opening quote to its closing one, and keeps what it says if asked to.
struct StringScanner: Sendable {
    private enum State: Sendable, Hashable {
        case plain
        case escape
        case hex(digits: Int, value: UInt32)
    }

    private(set) var bytes: [UInt8] = []
    private(set) var isComplete = false
    private(set) var isMalformed = false
    private(set) var isTooLong = false
    private let keepsBytes: Bool
    private var state = State.plain
    private var highSurrogate: UInt32?

    init(keepsBytes: Bool) { self.keepsBytes = keepsBytes }

    /// - Returns: The index after the last byte that belongs to the string.
    mutating func scan(_ input: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, !isComplete, !isMalformed {
            if !keepsBytes, state == .plain { index = Self.skipPlain(input, from: index) }
            guard index < input.count else { break }
            take(input[index])
            index += 1
        }
        return index
    }

    /// The loop that a long prompt is walked over in.
    private static func skipPlain(_ input: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index += 1
        }
        return index
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .plain: takePlain(byte)
        case .escape: takeEscape(byte)
        case .hex(let digits, let value): takeHex(byte, digits: digits, value: value)
        }
    }

    private mutating func takePlain(_ byte: UInt8) {
        if byte == UInt8(ascii: "\\") {
            state = .escape
        } else if byte == UInt8(ascii: "\"") {
            flushSurrogate()
            isComplete = true
        } else if byte < 0x20 {
            isMalformed = true
        } else {
            keep(byte)
        }
    }

    private mutating func takeEscape(_ byte: UInt8) {
        state = .plain
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): keep(byte)
        case UInt8(ascii: "b"): keep(0x08)
        case UInt8(ascii: "f"): keep(0x0C)
        case UInt8(ascii: "n"): keep(0x0A)
        case UInt8(ascii: "r"): keep(0x0D)
        case UInt8(ascii: "t"): keep(0x09)
        case UInt8(ascii: "u"): state = .hex(digits: 0, value: 0)
        default: isMalformed = true
        }
    }

    private mutating func takeHex(_ byte: UInt8, digits: Int, value: UInt32) {
        guard let digit = Self.hexDigit(byte) else {
            isMalformed = true
            return
        }
        let value = value << 4 | digit
        if digits < 3 {
            state = .hex(digits: digits + 1, value: value)
            return
        }
        state = .plain
        keep(unit: value)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// A code unit of UTF-16. A half of a pair without the other becomes U+FFFD.
    private mutating func keep(unit: UInt32) {
        if let high = highSurrogate, 0xDC00...0xDFFF ~= unit {
            highSurrogate = nil
            append(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00))
            return
        }
        flushSurrogate()
        if 0xD800...0xDBFF ~= unit { highSurrogate = unit } else { append(unit) }
    }

    private mutating func keep(_ byte: UInt8) {
        flushSurrogate()
        appendByte(byte)
    }

    private mutating func flushSurrogate() {
        guard highSurrogate != nil else { return }
        highSurrogate = nil
        append(0xFFFD)
    }

    private mutating func append(_ scalar: UInt32) {
        for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
            appendByte(byte)
        }
    }

    private mutating func appendByte(_ byte: UInt8) {
        guard keepsBytes, !isTooLong else { return }
        if bytes.count < 512 { bytes.append(byte) } else { isTooLong = true }
    }
}
