/// The parameters of a URL, in the order they were added.
package struct Query: Sendable, Hashable {
    private var pairs: [String] = []

    package init() {}

    package var isEmpty: Bool { pairs.isEmpty }
    package var text: String { pairs.joined(separator: "&") }

    /// Adds nothing where `value` is `nil` or empty.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        pairs.append("\(name)=\(value.percentEncoded)")
    }

    package mutating func add(_ name: String, _ value: Int?) { add(name, value.map(String.init)) }

    /// Adds nothing where `value` is false: that is every parameter's default.
    package mutating func add(_ name: String, _ value: Bool) { add(name, value ? "true" : nil) }
}

extension String {
    /// Everything but RFC 3986's unreserved characters escaped: fit for a path segment or a query's value.
    package var percentEncoded: String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            if Self.isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
