/// What a Prefer field (RFC 7240) asks of the gateway: `Prefer: wait=30, progress, priority=sheddable`. What it does not know it passes over.
package struct RequestPreferences: Sendable, Hashable {
    /// Seconds that the caller is willing to wait for the model to start.
    package var wait: Int?
    /// The caller wants events that tell how far the model's start is.
    package var progress = false

    /// How much the request matters to its caller.
    package var priority: Priority?

    package enum Priority: Sendable, Hashable { case critical, standard, sheddable }

    package init() {}

    mutating func read(_ value: Range<Int>, in bytes: Span<UInt8>) {
        bytes.forEachElement(of: value) { element in
            if bytes.equals("progress", in: element) {
                progress = true
            } else if bytes.equals("priority=critical", in: element) {
                priority = .critical
            } else if bytes.equals("priority=standard", in: element) {
                priority = .standard
            } else if bytes.equals("priority=sheddable", in: element) {
                priority = .sheddable
            } else if bytes.hasPrefix("wait=", in: element) {
                wait = Self.number((element.lowerBound + 5)..<element.upperBound, in: bytes) ?? wait
            }
        }
    }

    /// At most six digits: eleven days.
    private static func number(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        guard 1...6 ~= range.count else { return nil }
        var number = 0
        for index in range {
            guard bytes[index].isDigit else { return nil }
            number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return number
    }
}
