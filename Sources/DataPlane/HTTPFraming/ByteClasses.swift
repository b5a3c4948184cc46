// RFC 9110's character classes, each as two words of bits (for 0-63 and 64-127), so that a test is a shift.

/// A set of ASCII characters.
struct ByteClass: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ members: StaticString, alphanumerics: Bool = true) {
        // SAFETY: the buffer is the literal's own storage and does not leave the closure.
        members.withUTF8Buffer { for byte in $0 { insert(byte) } }
        guard alphanumerics else { return }
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { insert(byte) }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
            insert(byte)
            insert(byte & 0xDF)
        }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 == 1
    }
}

extension ByteClass {
    /// `tchar`: methods, field names, codings.
    static let token = ByteClass("!#$%&'*+-.^_`|~")
    /// A request target: RFC 3986's characters and those that clients send bare all the same. No `#`, quotes, angle
    /// brackets or backslash: servers disagree about them.
    static let target = ByteClass("-._~!$&'()*+,;=:@/?%[]^`{|}")
    /// The characters of a host name or an IPv4 address.
    static let hostName = ByteClass("-._")
    /// The characters between the brackets of an IPv6 address.
    static let hexColonDot = ByteClass(":.0123456789abcdefABCDEF", alphanumerics: false)
    /// What needs no percent-encoding anywhere.
    static let unreserved = ByteClass("-._~")
}

extension UInt8 {
    static let lineFeed: UInt8 = 10
    static let carriageReturn: UInt8 = 13
    static let space: UInt8 = 32
    static let tab: UInt8 = 9

    /// HTAB, SP, VCHAR or obs-text: what a field's value is made of.
    @inline(__always)
    var isFieldValueByte: Bool { self >= 0x20 && self != 0x7F || self == .tab }

    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    var hexDigit: Int? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
