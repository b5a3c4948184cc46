import JSONModel
import Testing

@testable import KubeModel

@Suite("Server-side apply, whatever is applied,")
struct ApplyPropertyTests {
    private static func apply(
        _ spec: JSONValue, to live: Object?, by manager: String, force: Bool = false
    ) throws(Status) -> Object {
        try ServerSideApply.apply(
            config: TestSchema.workload(spec), to: live, manager: manager, force: force, subresource: nil,
            schema: TestSchema.workload, now: "T")
    }

    private static func applied(_ spec: JSONValue, to live: Object?, by manager: String) -> Object? {
        try? apply(spec, to: live, by: manager)
    }

    @Test("is idempotent: the same configuration again changes nothing, managedFields included")
    func idempotent() {
        Fuzz.run(25) { random in
            var specs = RandomWorkload(random: random)
            var live: Object?
            for manager in ["a", "b", "a", "c"] {
                live = try Self.apply(specs.spec(), to: live, by: manager, force: true)
            }
            let last = specs.spec()
            let once = try Self.apply(last, to: live, by: "b", force: true)
            let twice = try Self.apply(last, to: once, by: "b")
            return once == twice ? nil : "\(last.text) made \(once.json.text), then \(twice.json.text)"
        }
    }

    @Test("sets all that was applied")
    func complete() {
        Fuzz.run(60) { random in
            var specs = RandomWorkload(random: random)
            let live = try Self.apply(specs.spec(), to: nil, by: "a")
            let spec = specs.spec()
            let result = try Self.apply(spec, to: live, by: "b", force: true)
            return result.spec.contains(spec, TestSchema.workload.properties["spec"])
                ? nil : "\(spec.text) is not in \(result.spec.text)"
        }
    }

    @Test("does not depend on the order of two managers who want nothing of each other's")
    func orderIndependent() {
        Fuzz.run(100) { random in
            var specs = RandomWorkload(random: random)
            let (first, second) = (specs.spec(), specs.spec())
            let there = Self.applied(second, to: try Self.apply(first, to: nil, by: "a"), by: "b")
            let back = Self.applied(first, to: try Self.apply(second, to: nil, by: "b"), by: "a")
            guard let there, let back else {
                return (there == nil) == (back == nil)
                    ? nil : "only one order of \(first.text), \(second.text) conflicts"
            }
            guard there.spec.unordered == back.spec.unordered else {
                return "\(first.text) and \(second.text) made \(there.spec.text) or \(back.spec.text)"
            }
            return Self.owners(there) == Self.owners(back) ? nil : "\(first.text), \(second.text): other owners"
        }
    }

    @Test("leaves what the others own when a manager wants nothing any more")
    func withdraws() {
        Fuzz.run(100) { random in
            var specs = RandomWorkload(random: random)
            let (first, second) = (specs.spec(), specs.spec())
            let alone = try Self.apply(second, to: nil, by: "b")
            // As in Kubernetes, nobody owns a list without elements: it stays.
            if (first.text + second.text).contains("[]") { return nil }
            guard let both = Self.applied(first, to: alone, by: "a") else { return nil }
            let left = try Self.apply([:], to: both, by: "a")
            return left.spec.unordered == alone.spec.unordered
                ? nil : "\(first.text) withdrawn from \(second.text) left \(left.spec.text)"
        }
    }

    @Test("takes with force what it wants, and then nothing is in conflict")
    func force() {
        Fuzz.run(60) { random in
            var specs = RandomWorkload(random: random)
            let (first, second) = (specs.spec(), specs.spec())
            let forced = try Self.apply(second, to: try Self.apply(first, to: nil, by: "a"), by: "b", force: true)
            guard let again = Self.applied(second, to: forced, by: "b") else {
                return "\(second.text) conflicts with itself"
            }
            return again == forced ? nil : "\(second.text) changed \(forced.json.text)"
        }
    }

    private static func owners(_ object: Object) -> [String: JSONValue] {
        let entries = object["metadata", "managedFields"]?.arrayValue ?? []
        return Dictionary(
            entries.map { ($0["manager"]?.stringValue ?? "", $0["fieldsV1"] ?? [:]) }, uniquingKeysWith: { $1 })
    }
}

extension JSONValue {
    /// The same whatever order the elements of its lists have.
    fileprivate var unordered: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.unordered).sorted { $0.text < $1.text })
        case .object(let object): .object(JSONObject(object.map { ($0.key, $0.value.unordered) }))
        default: self
        }
    }

    /// Whether `part` was applied to this: its scalars and atomic lists are here, its elements among the elements.
    fileprivate func contains(_ part: JSONValue, _ schema: Schema?) -> Bool {
        switch (self, part) {
        case (.object(let all), .object(let some)):
            return some.allSatisfy { all[$0.key]?.contains($0.value, schema?.properties[$0.key]) ?? false }
        case (.array(let all), .array(let some)) where schema?.listType == .map:
            return some.allSatisfy { element in all.contains { $0.contains(element, schema?.items.first) } }
        case (.array(let all), .array(let some)) where schema?.listType == .set:
            return some.allSatisfy(all.contains)
        default: return self == part
        }
    }
}
