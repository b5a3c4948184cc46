import JSONModel
import Randomness
import Testing

@testable import KubeModel

@Suite("Any patch or selector")
struct PatchFuzzTests {
    /// A patch of a workload: a spec with nulls and directives strewn in.
    private static func patch(_ specs: inout RandomWorkload) -> JSONValue {
        strewn(specs.spec(), &specs.random)
    }

    private static func strewn(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
        switch value {
        case .object(let object):
            var result = JSONObject(object.map { ($0.key, strewn($0.value, &random)) })
            if random.below(6) == 0, let key = object.keys.first { result[key] = .null }
            switch random.below(20) {
            case 0: result["$patch"] = .string(random.one(of: ["replace", "delete", "merge", "other"]))
            case 1: result["$retainKeys"] = .array(object.keys.map { .string($0) })
            // Not beside what adds: an element that is taken out and added again has another place each time.
            case 2 where object["names"] == nil: result["$deleteFromPrimitiveList/names"] = ["a"]
            case 3: result["$setElementOrder/containers"] = [["name": "side"], ["name": "main"]]
            default: break
            }
            return .object(result)
        case .array(let elements): return .array(elements.map { strewn($0, &random) })
        default: return random.below(30) == 0 ? .null : value
        }
    }

    @Test("is merged strategically or refused; the same again changes nothing, and no directive is stored")
    func strategicMerge() {
        let schema = TestSchema.workload.asResource
        Fuzz.run(600) { random in
            var specs = RandomWorkload(random: random)
            let live: JSONValue = ["spec": specs.spec()]
            let patch: JSONValue = ["spec": Self.patch(&specs)]
            guard let once = try? schema.strategicMerge(patch, into: live) else { return nil }
            if once.text.contains("\"$") { return "\(patch.text) left a directive in \(once.text)" }
            let twice = try schema.strategicMerge(patch, into: once)
            return once == twice ? nil : "\(patch.text) of \(live.text) made \(once.text), then \(twice.text)"
        }
    }

    private static let pieces = [
        "a", "b.io/c", "=", "==", "!=", "!", "in", "notin", " ", "(", ")", ",", "x", "", "-", "é", "a/b/c", "\\", ".",
        "metadata.name", "status.phase", "exists", "\u{0}", "A", "1",
    ]

    private static func text(_ random: inout SeededRandom) -> String {
        (0..<random.below(9)).map { _ in random.one(of: pieces) }.joined()
    }

    @Test("of labels is read or refused, and written so that it is read as the same")
    func labelSelectors() {
        Fuzz.run(5_000) { random in
            let text = Self.text(&random)
            guard let selector = try? LabelSelector(parsing: text) else { return nil }
            _ = selector.matches(["a": "x", "b.io/c": ""])
            return try LabelSelector(parsing: selector.text) == selector
                ? nil : "\"\(text)\" became \"\(selector.text)\""
        }
    }

    @Test("of labels means what its parts mean")
    func labelMeaning() {
        Fuzz.run(5_000) { random in
            let labels = Dictionary(
                ["a", "b", "c"].filter { _ in random.below(2) == 0 }.map { ($0, random.one(of: ["x", "y", ""])) },
                uniquingKeysWith: { $1 })
            var (terms, isMatch): ([String], Bool) = ([], true)
            for _ in 0..<random.below(4) {
                let key = random.one(of: ["a", "b", "c"])
                let values = ["x", "y", ""].filter { _ in random.below(2) == 0 }
                let list = "(\(values.joined(separator: ", ")))"
                let isIn = labels[key].map(values.contains) ?? false
                switch random.below(6) {
                case 0 where !values.isEmpty: (terms, isMatch) = (terms + ["\(key) in \(list)"], isMatch && isIn)
                case 1 where !values.isEmpty: (terms, isMatch) = (terms + ["\(key) notin \(list)"], isMatch && !isIn)
                case 2: (terms, isMatch) = (terms + [key], isMatch && labels[key] != nil)
                case 3: (terms, isMatch) = (terms + ["!\(key)"], isMatch && labels[key] == nil)
                case 4: (terms, isMatch) = (terms + ["\(key)=x"], isMatch && labels[key] == "x")
                default: (terms, isMatch) = (terms + ["\(key)!=x"], isMatch && labels[key] != "x")
                }
            }
            let text = terms.joined(separator: ",")
            return try LabelSelector(parsing: text).matches(labels) == isMatch ? nil : "\"\(text)\" on \(labels)"
        }
    }

    @Test("of fields is read or refused, and each part either holds or does not")
    func fieldSelectors() {
        let object = Object(["metadata": ["name": "x"], "status": ["phase": "1"], "kind": "a"])
        Fuzz.run(5_000) { random in
            let text = Self.text(&random)
            guard let selector = try? FieldSelector(parsing: text) else { return nil }
            for requirement in selector.requirements {
                var (one, other) = (selector, selector)
                one.requirements = [requirement]
                other.requirements = [requirement]
                other.requirements[0].isEqual.toggle()
                if one.matches(object) == other.matches(object) { return "\"\(text)\"" }
            }
            return nil
        }
    }
}
