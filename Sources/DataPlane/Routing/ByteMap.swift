/// A read-only dictionary with byte strings as keys, that is asked with bytes as they were received: no String is made
/// and nothing is allocated to look a key up. ASCII letters match in either case.
struct ByteMap<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: [UInt8]
        var value: Value
    }

    private var entries: [Entry] = []
    /// Open addressing with linear probing: indices into `entries`, -1 for free ones. At most half of it is used.
    private var slots: [Int32] = [-1, -1]

    init() {}

    var isEmpty: Bool { entries.isEmpty }

    subscript(key: Span<UInt8>) -> Value? {
        var slot = Self.hash(key) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = Int(slots[slot])
            if Self.equal(entries[entry].key, key) { return entries[entry].value }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    subscript(key: String) -> Value? { self[Array(key.utf8).span] }

    /// The first value for a key stays.
    mutating func insert(_ value: Value, for key: String) {
        let bytes = Array(key.utf8)
        guard self[bytes.span] == nil else { return }
        entries.append(Entry(key: bytes, value: value))
        if entries.count * 2 > slots.count { grow() } else { place(entries.count - 1) }
    }

    func forEach(_ body: (String, Value) -> Void) {
        for entry in entries { body(String(decoding: entry.key, as: UTF8.self), entry.value) }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for index in entries.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        var slot = Self.hash(entries[index].key.span) & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index)
    }

    /// FNV-1a. The keys come from objects, not from clients: a client can only choose which chain to walk.
    private static func hash(_ key: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in key.indices { hash = (hash ^ UInt64(folded(key[index]))) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    private static func equal(_ left: [UInt8], _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in right.indices where folded(left[index]) != folded(right[index]) { return false }
        return true
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
}
