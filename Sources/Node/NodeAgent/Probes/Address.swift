/// An IPv4 address.
struct Address: Sendable, Hashable, CustomStringConvertible {
    /// In host order.
    var number: UInt32

    var description: String {
        [24, 16, 8, 0].map { String(number >> $0 & 0xff) }.joined(separator: ".")
    }
}

extension Address {
    /// `127.0.0.1`; `nil` for anything else than four numbers.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, !parts.contains(nil) else { return nil }
        self.init(number: parts.reduce(0) { $0 << 8 | UInt32($1 ?? 0) })
    }
}
