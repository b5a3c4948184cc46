/// Numbers of one series, one for each tick of its segment, compressed as in Gorilla (Pelkonen et al., VLDB 2015): a number
/// is the exclusive or with the one before, and of that only the bits that are not zero. One that did not change is one bit.
/// What was not there at a tick is `absent`.
struct ValueStream: Sendable {
    /// A NaN of its own, so that a NaN that was measured is not taken for it.
    static let absent = UInt64(0x7FF8_0000_0000_0DED)

    private(set) var bytes: [UInt8] = []
    private var bitCount: UInt32 = 0
    private(set) var count: UInt16 = 0
    /// The bits of the last number.
    private(set) var last: UInt64 = 0
    /// The window of the last number that opened one: how many zeros lead, how many bits follow.
    private var leading: UInt8 = 0
    private var width: UInt8 = 0

    mutating func append(_ bits: UInt64) {
        let difference = bits ^ last
        if count == 0 {
            write(bits, 64)
        } else if difference == 0 {
            write(0, 1)
        } else {
            writeDifference(difference)
        }
        last = bits
        count += 1
    }

    private mutating func writeDifference(_ difference: UInt64) {
        let leads = UInt8(min(31, difference.leadingZeroBitCount))
        let trails = UInt8(difference.trailingZeroBitCount)
        if width > 0, leads >= leading, trails >= 64 - leading - width {
            write(0b10, 2)
        } else {
            (leading, width) = (leads, 64 - leads - trails)
            write(0b11, 2)
            write(UInt64(leading), 5)
            write(UInt64(width - 1), 6)
        }
        write(difference >> UInt64(64 - leading - width), width)
    }

    /// - Parameter bits: the lowest `count` of them, the highest first.
    private mutating func write(_ bits: UInt64, _ count: UInt8) {
        var left = Int(count)
        while left > 0 {
            let free = 8 - Int(bitCount & 7)
            if free == 8 { bytes.append(0) }
            let taken = min(free, left)
            let piece = (bits >> UInt64(left - taken)) & ((1 << UInt64(taken)) - 1)
            bytes[bytes.count - 1] |= UInt8(piece << UInt64(free - taken))
            bitCount += UInt32(taken)
            left -= taken
        }
    }
}

/// Reads what a `ValueStream` wrote.
struct ValueReader: IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var position = 0
    private var left: Int
    private var isFirst = true
    private var last: UInt64 = 0
    private var leading = 0
    private var width = 0

    init(_ bytes: ArraySlice<UInt8>, count: Int) {
        self.bytes = bytes
        left = count
    }

    /// `nil` at the end, or where bits are missing.
    mutating func next() -> UInt64? {
        guard left > 0 else { return nil }
        left -= 1
        if isFirst {
            isFirst = false
            guard let bits = read(64) else { return nil }
            last = bits
            return bits
        }
        guard let changed = read(1) else { return nil }
        guard changed == 1 else { return last }
        guard let opens = read(1) else { return nil }
        if opens == 1 {
            guard let zeros = read(5), let bits = read(6) else { return nil }
            (leading, width) = (Int(zeros), Int(bits) + 1)
        }
        guard width > 0, leading + width <= 64, let difference = read(width) else { return nil }
        last ^= difference << UInt64(64 - leading - width)
        return last
    }

    private mutating func read(_ count: Int) -> UInt64? {
        guard position + count <= bytes.count * 8 else { return nil }
        var (value, left) = (UInt64(0), count)
        while left > 0 {
            let free = 8 - position & 7
            let taken = min(free, left)
            let byte = UInt64(bytes[bytes.startIndex + position >> 3])
            value = value << UInt64(taken) | (byte >> UInt64(free - taken)) & ((1 << UInt64(taken)) - 1)
            position += taken
            left -= taken
        }
        return value
    }
}
