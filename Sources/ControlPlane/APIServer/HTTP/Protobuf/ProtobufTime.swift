import JSONModel
import KubeModel

/// `metav1.Time` and `metav1.MicroTime` on the wire: 1: seconds since 1970, 2: nanoseconds. An empty message is no time.
struct ProtobufTime: Sendable {
    /// The years 1 to 9999: what RFC 3339 can say.
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    private var seconds: Int64?
    private var nanoseconds: Int64 = 0

    init(_ bytes: ArraySlice<UInt8>) throws {
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            let integer = Int64(try value.integer())
            if number == 1 { seconds = integer } else { nanoseconds = integer }
        }
        guard Self.range.contains(seconds ?? 0), (0..<1_000_000_000).contains(nanoseconds) else {
            throw ProtobufReader.Malformed()
        }
    }

    /// - Parameter text: RFC 3339; `nil` where it is not.
    init?(text: String) {
        guard let seconds = Timestamp.seconds(text) else { return nil }
        self.seconds = seconds
        let fraction = text.drop { $0 != "." }.dropFirst().prefix { $0.isASCII && $0.isNumber }.prefix(9)
        let digits = fraction + String(repeating: "0", count: 9 - fraction.count)
        nanoseconds = Int64(digits) ?? 0
    }

    var text: JSONValue { seconds.map { .string(Timestamp.string(seconds: $0)) } ?? .null }

    var microText: JSONValue {
        seconds.map { .string(Timestamp.string(microseconds: $0 * 1_000_000 + nanoseconds / 1_000)) } ?? .null
    }

    func write(_ writer: inout ProtobufWriter) {
        writer.append(1, integer: Int(seconds ?? 0))
        writer.append(2, integer: Int(nanoseconds))
    }
}
