import Foundation
import Randomness
import Testing

@testable import JSONModel

/// A run of random inputs: short inside `swift test`, as long as `MARTLET_FUZZ_ITERATIONS` says otherwise. Each failure
/// names its seed; `MARTLET_FUZZ_SEED` begins with another one.
struct Fuzz {
    /// Calls `body` with one generator after another; ends at the first input that fails.
    static func run(_ iterations: Int, _ body: (inout SeededRandom) throws -> Bool) {
        let first = FuzzRun.seed ?? 0
        for seed in first..<first + UInt64(FuzzRun.iterations(iterations)) {
            var random = SeededRandom(seed: seed)
            do {
                guard try !body(&random) else { continue }
                Issue.record("seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            return
        }
    }

    /// Writes what was made of each input into the file that `MARTLET_FUZZ_CASES` names (it must exist), one JSON text a
    /// line, for Tests/Differential/json-cases to compare.
    static let cases: FileHandle? = ProcessInfo.processInfo.environment["MARTLET_FUZZ_CASES"].flatMap { path in
        FileHandle(forWritingAtPath: path)
    }

    static func keep(_ entry: @autoclosure () -> JSONValue) {
        guard let cases else { return }
        cases.write(Data(entry().serialized() + [UInt8(ascii: "\n")]))
    }
}
