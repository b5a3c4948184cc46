/// A hash of a header's value, the same for every request in this process. Equal hashes only mean that two callers share
/// a line in a queue: it decides nothing else.
package enum HeaderHash {
    /// FNV-1a over the last 64 bytes: where a long token has its signature.
    package static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in max(0, bytes.count - 64)..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
