import FoundationEssentials

/// How long the fuzzers run, and from where: short within `swift test`, else as the environment says.
package enum FuzzRun {
    /// `MARTLET_FUZZ_SEED`: the seed to begin with.
    package static let seed = number("MARTLET_FUZZ_SEED").flatMap(UInt64.init)

    /// `MARTLET_FUZZ_ITERATIONS`, or else `usual`.
    package static func iterations(_ usual: Int) -> Int { number("MARTLET_FUZZ_ITERATIONS").flatMap(Int.init) ?? usual }

    private static func number(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
