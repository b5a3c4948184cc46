import Foundation
import JSONModel
import Randomness
import Testing

/// A run of random inputs: short inside `swift test`, as long as `MARTLET_FUZZ_ITERATIONS` says otherwise. A failure
/// names its seed; `MARTLET_FUZZ_SEED` begins with another one.
enum Fuzz {
    /// Calls `body` with one generator after another; ends at the first input that fails.
    ///
    /// - Parameter body: says what is wrong, or `nil`.
    static func run(_ iterations: Int, _ body: (inout SeededRandom) throws -> String?) {
        let first = FuzzRun.seed ?? 0
        for seed in first..<first + UInt64(FuzzRun.iterations(iterations)) {
            var random = SeededRandom(seed: seed)
            do {
                guard let problem = try body(&random) else { continue }
                Issue.record("seed \(seed): \(problem)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            return
        }
    }
}

/// Random specs of `TestSchema.workload`, from few words, so that they meet.
struct RandomWorkload {
    var random: SeededRandom

    mutating func spec() -> JSONValue {
        var spec: JSONValue = [:]
        let members: [String: JSONValue] = [
            "replicas": .number(JSONNumber(random.below(3))), "paused": .bool(random.below(2) == 0),
            "selector": ["matchLabels": ["app": word()]], "names": set(), "free": ["x": word(), "y": ["z": word()]],
            "strategy": ["type": "RollingUpdate", "maxSurge": random.below(2) == 0 ? 1 : "25%"],
            "containers": .array(containers()),
        ]
        for key in members.keys.sorted() where random.below(2) == 0 { spec[key] = members[key] }
        return spec
    }

    private mutating func word() -> JSONValue { .string(random.one(of: ["a", "b", "c"])) }

    private mutating func set() -> JSONValue {
        .array(["a", "b", "c"].filter { _ in random.below(2) == 0 }.map { .string($0) })
    }

    private mutating func containers() -> [JSONValue] {
        ["main", "side", "third"].filter { _ in random.below(2) == 0 }.map { name in
            var container: JSONValue = ["name": .string(name)]
            if random.below(2) == 0 { container["image"] = word() }
            if random.below(3) == 0 { container["args"] = .array([word(), word()]) }
            if random.below(2) == 0 { container["env"] = .array(environment()) }
            if random.below(3) == 0 { container[path: "resources", "limits"] = ["cpu": word()] }
            if random.below(3) == 0 {
                container["ports"] = [["containerPort": .number(JSONNumber(80 + random.below(2))), "protocol": "TCP"]]
            }
            return container
        }
    }

    private mutating func environment() -> [JSONValue] {
        ["A", "B"].filter { _ in random.below(2) == 0 }.map { ["name": .string($0), "value": word()] }
    }
}
