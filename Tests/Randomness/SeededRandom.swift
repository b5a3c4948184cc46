/// The same numbers for the same seed, everywhere: SplitMix64, as Steele, Lea and Flood describe it (2014).
///
/// A test that draws its seed prints it where it fails; `MARTLET_FUZZ_SEED` gives it back.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64 = FuzzRun.seed ?? .random(in: 0...UInt64.max)) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below `count`.
    package mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

    package mutating func one<Element>(of choices: [Element]) -> Element { choices[below(choices.count)] }
}
