/// W3C Trace Context: which trace a request belongs to, and which span of it is its parent.
package struct TraceContext: Sendable, Hashable {
    package var traceHigh: UInt64
    package var traceLow: UInt64
    package var span: UInt64
    package var isSampled: Bool

    package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// - Parameter value: of `traceparent`: `00-<32 digits>-<16 digits>-<2 digits>`. Of a version that is not known yet, as
    ///   much as version 00 has.
    /// - Returns: `nil` where it is malformed, or all zeros: the request begins a trace of its own then.
    package init?(_ value: Span<UInt8>) {
        guard value.count >= 55, value[2] == UInt8(ascii: "-"), value[35] == UInt8(ascii: "-"),
            value[52] == UInt8(ascii: "-"), let version = value.lowerHex(0..<2), version != 0xFF,
            version > 0 ? value.count == 55 || value[55] == UInt8(ascii: "-") : value.count == 55,
            let high = value.lowerHex(3..<19), let low = value.lowerHex(19..<35), high | low != 0,
            let span = value.lowerHex(36..<52), span != 0, let flags = value.lowerHex(53..<55)
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, isSampled: flags & 1 == 1)
    }

    /// 32 hexadecimal digits.
    package var traceID: String { Self.digits(traceHigh) + Self.digits(traceLow) }

    /// 16 hexadecimal digits.
    package static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    /// The whole line of a head.
    package var line: String { "traceparent: 00-\(traceID)-\(Self.digits(span))-\(isSampled ? "01" : "00")\r\n" }
}

extension Span<UInt8> {
    /// Lower case only, as the specification wants it.
    fileprivate func lowerHex(_ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            let byte = self[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
