import Randomness
import Testing

@testable import Observability

@Suite("Compressed numbers")
struct ValueStreamTests {
    private static func read(_ stream: ValueStream) -> [UInt64] {
        var reader = ValueReader(stream.bytes[...], count: Int(stream.count))
        var values: [UInt64] = []
        while let value = reader.next() { values.append(value) }
        return values
    }

    @Test("What goes in comes out, bit by bit, whatever it is")
    func roundTrip() {
        var random = SeededRandom()
        for _ in 0..<200 {
            var stream = ValueStream()
            var value = 0.0
            let values: [UInt64] = (0..<(1 + random.below(200))).map { _ in
                switch random.below(6) {
                case 0: break
                case 1: value += Double(random.below(100))
                case 2: value = Double(random.below(1_000)) / 7
                case 3: value = Double(bitPattern: random.next())
                case 4: return ValueStream.absent
                default: value = -value
                }
                return value.bitPattern
            }
            for value in values { stream.append(value) }
            #expect(Self.read(stream) == values, "seed \(random.seed)")
        }
    }

    @Test("A number that does not change costs one bit")
    func constant() {
        var stream = ValueStream()
        for _ in 0..<801 { stream.append(42.5.bitPattern) }
        #expect(stream.bytes.count == 8 + 100)
    }

    @Test("A counter of whole numbers costs about two bytes")
    func counter() {
        var (stream, value) = (ValueStream(), 0.0)
        for tick in 0..<720 {
            value += Double(tick % 13)
            stream.append(value.bitPattern)
        }
        #expect(stream.bytes.count < 720 * 5 / 2)
    }

    @Test("What is cut off ends early and invents nothing")
    func cut() {
        var stream = ValueStream()
        for value in [1.0, 2, 3, 500] { stream.append(value.bitPattern) }
        var reader = ValueReader(stream.bytes.dropLast(3), count: 4)
        var values: [Double] = []
        while let bits = reader.next() { values.append(Double(bitPattern: bits)) }
        #expect(values == Array([1.0, 2, 3, 500].prefix(values.count)))
        #expect(values.count < 4)
    }
}
