import Glibc

/// Some addresses of the Internet: `10.0.0.0/8`, `2001:db8::/32`, or one.
package struct AddressBlock: Sendable, Hashable {
    /// IPv4 as it is mapped into IPv6.
    private let bytes: [UInt8]
    private let length: Int

    /// - Returns: `nil` for what is no address or block of them.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (bytes, isIPv4) = Self.bytes(String(parts[0])) else { return nil }
        let longest = isIPv4 ? 32 : 128
        let length = parts.count == 1 ? longest : Int(parts[1])
        guard let length, 0...longest ~= length else { return nil }
        self.bytes = bytes
        self.length = length + (isIPv4 ? 96 : 0)
    }

    package func contains(_ address: String) -> Bool {
        guard let (other, _) = Self.bytes(address) else { return false }
        for index in 0..<16 {
            let bits = min(8, length - index * 8)
            guard bits > 0 else { return true }
            guard (bytes[index] ^ other[index]) >> (8 - bits) == 0 else { return false }
        }
        return true
    }

    private static func bytes(_ text: String) -> (bytes: [UInt8], isIPv4: Bool)? {
        var (short, long) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &short) == 1 {
            let value = UInt32(bigEndian: short.s_addr)
            let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]
            return (mapped + (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }, true)
        }
        guard inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        // SAFETY: an in6_addr has 16 bytes, which are copied.
        return (withUnsafeBytes(of: long) { Array($0) }, false)
    }
}
