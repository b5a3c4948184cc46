import Foundation
import Testing

@testable import JSONModel

/// A run of random inputs: short inside `swift test`, as long as `MARTLET_FUZZ_ITERATIONS` says otherwise. Each failure
/// names its seed; `MARTLET_FUZZ_SEED` begins with another one.
struct Fuzz {
    static let first = environment("MARTLET_FUZZ_SEED").flatMap(UInt64.init) ?? 0
    private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    /// Calls `body` with one generator after another; ends at the first input that fails.
    static func run(_ iterations: Int, _ body: (inout SeededGenerator) throws -> Bool) {
        let count = environment("MARTLET_FUZZ_ITERATIONS").flatMap(Int.init) ?? iterations
        for seed in first..<first + UInt64(count) {
            var random = SeededGenerator(seed: seed)
            do {
                guard try !body(&random) else { continue }
                Issue.record("seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            return
        }
    }

    /// Writes what was made of each input into the file that `MARTLET_FUZZ_CASES` names (it must exist), one JSON text a line, for
    /// Tests/Differential/json-cases to compare.
    static let cases: FileHandle? = environment("MARTLET_FUZZ_CASES").flatMap { path in
        FileHandle(forWritingAtPath: path)
    }

    static func keep(_ entry: @autoclosure () -> JSONValue) {
        guard let cases else { return }
        cases.write(Data(entry().serialized() + [UInt8(ascii: "\n")]))
    }
}
