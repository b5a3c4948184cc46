import JSONModel

/// A short text that is the same for values that say the same (FNV-1a of their canonical JSON).
enum Fingerprint {
    static func text(of value: JSONValue) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in value.serialized() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash % 3_656_158_440_062_976, radix: 36)
    }
}
