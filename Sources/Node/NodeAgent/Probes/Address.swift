/// An IPv4 address.
struct Address: Sendable, Hashable, CustomStringConvertible {
    /// In host order.
    var number: UInt32

    var description: String {
        [24, 16, 8, 0].map { String(number >> $0 & 0xff) }.joined(separator: ".")
    }
}
