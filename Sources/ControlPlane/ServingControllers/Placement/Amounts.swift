import JSONModel
import KubeModel

/// Amounts of what a node has and pods hold: bytes of memory, and devices by their resource's name.
///
/// CPU is not among them: a model that nobody calls uses none, and servers that compute at once share what there is.
struct Amounts: Sendable, Hashable {
    static let memory = "memory"

    /// Never with zeros, so that equal amounts are equal.
    private var values: [String: Int] = [:]

    init() {}

    init(memory: Int, devices: [String: Int] = [:]) {
        self[Self.memory] = memory
        for (name, count) in devices { self[name] = count }
    }

    subscript(name: String) -> Int {
        get { values[name] ?? 0 }
        set { values[name] = newValue == 0 ? nil : newValue }
    }

    var names: [String] { values.keys.sorted() }

    static func + (left: Amounts, right: Amounts) -> Amounts {
        var sum = left
        for (name, amount) in right.values {
            let (total, overflows) = sum[name].addingReportingOverflow(amount)
            sum[name] = overflows ? .max : total
        }
        return sum
    }

    static func - (left: Amounts, right: Amounts) -> Amounts {
        var rest = left
        for (name, amount) in right.values {
            let (total, overflows) = rest[name].subtractingReportingOverflow(amount)
            rest[name] = overflows ? .min : total
        }
        return rest
    }

    static func += (left: inout Amounts, right: Amounts) { left = left + right }
    static func -= (left: inout Amounts, right: Amounts) { left = left - right }

    /// Of what there is too little here for `demand`. What is not demanded does not count, be it overdrawn or not.
    func lacks(_ demand: Amounts) -> [String] { demand.names.filter { demand[$0] > 0 && demand[$0] > self[$0] } }

    /// How often `demand` goes into this; `nil` where nothing is demanded.
    func fits(_ demand: Amounts) -> Int? {
        demand.names.filter { demand[$0] > 0 }.map { max(0, self[$0] / demand[$0]) }.min()
    }

    /// `3.0 GiB`, or a device's count.
    func text(_ name: String) -> String { name == Self.memory ? Self.bytes(self[name]) : "\(self[name])" }

    static func bytes(_ count: Int) -> String {
        let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        guard let (unit, name) = units.first(where: { abs(count) >= $0.0 }) else { return "\(count) B" }
        let tenths = (Double(count) / Double(unit) * 10).rounded() / 10
        return "\(tenths) \(name)"
    }
}

extension Amounts {
    /// What pods may hold together on a node; `nil` where it has not said yet.
    init?(allocatableOf node: Object) {
        guard let allocatable = node["status", "allocatable"]?.objectValue else { return nil }
        self.init(allocatable)
        guard allocatable[Self.memory] != nil else { return nil }
    }

    /// - Parameter resources: quantities by name. Names with a slash are devices.
    init(_ resources: JSONObject) {
        self.init()
        for member in resources where member.key == Self.memory || member.key.contains("/") {
            self[member.key] = Quantity(member.value)?.value ?? 0
        }
    }
}
