import Foundation

/// Random numbers that can be had again from their seed.
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64 = .random(in: 0...UInt64.max)) {
        self.seed = seed
        state = seed
    }

    /// How often to try: `MARTLET_FUZZ_ITERATIONS` if that is set.
    func iterations(_ usual: Int) -> Int {
        ProcessInfo.processInfo.environment["MARTLET_FUZZ_ITERATIONS"].flatMap(Int.init) ?? usual
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
