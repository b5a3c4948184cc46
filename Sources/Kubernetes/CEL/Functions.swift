/// The functions of the language, and of the libraries that Kubernetes adds to it as far as they are here.
enum Functions {
    /// All that there are; a function that is none is an error before anything is evaluated.
    static let names: Set<String> = [
        "size", "type", "dyn", "int", "uint", "double", "string", "bool", "bytes", "timestamp", "duration",
        "contains", "startsWith", "endsWith", "matches", "find", "findAll", "charAt", "indexOf", "lastIndexOf", "join",
        "lowerAscii", "upperAscii", "replace", "split", "substring", "trim", "reverse",
        "isSorted", "sum", "min", "max", "distinct", "flatten", "slice", "first", "last",
        "sets.contains", "sets.equivalent", "sets.intersects", "math.greatest", "math.least", "math.abs",
        "optional.of", "optional.none", "optional.ofNonZeroValue", "hasValue", "value", "orValue", "or",
        "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours",
        "getMinutes", "getSeconds", "getMilliseconds", "isIP", "isCIDR", "isURL",
    ]

    private static let spaces: Set<String> = ["sets", "math", "optional"]

    /// `sets` of `sets.contains(...)`, which is no variable.
    static func space(_ target: Expression, _ function: String, _ variables: Set<String>) -> String? {
        guard case .identifier(let name) = target, spaces.contains(name), !variables.contains(name) else { return nil }
        return name
    }

    /// `nil` where the function takes no such values.
    static func apply(_ name: String, _ target: CELValue?, _ arguments: [CELValue]) throws(CELError) -> CELValue? {
        let all = (target.map { [$0] } ?? []) + arguments
        if let result = try Conversion.apply(name, all) { return result }
        switch all.first {
        case .string(let text):
            if all.count == 1, let result = NetworkFunctions.apply(name, text) { return result }
            return try TextFunctions.apply(name, text, Array(all.dropFirst()))
        case .list(let elements): return try ListFunctions.apply(name, elements, Array(all.dropFirst()))
        case .timestamp(let time): return TimeFunctions.apply(name, timestamp: time, Array(all.dropFirst()))
        case .duration(let time): return TimeFunctions.apply(name, duration: time)
        case .optional(let inner): return try optional(name, inner, Array(all.dropFirst()))
        default: break
        }
        return try inSpace(name, all)
    }

    private static func inSpace(_ name: String, _ all: [CELValue]) throws(CELError) -> CELValue? {
        switch (name, all.first) {
        case ("math.greatest", .some): return ListFunctions.extreme(all, isMaximum: true)
        case ("math.least", .some): return ListFunctions.extreme(all, isMaximum: false)
        case ("math.abs", .int(let value)?) where value != .min: return .int(abs(value))
        case ("math.abs", .double(let value)?): return .double(abs(value))
        case ("optional.of", let value?): return .optional(value)
        case ("optional.none", nil): return .optional(nil)
        case ("optional.ofNonZeroValue", let value?): return .optional(isZero(value) ? nil : value)
        default: return nil
        }
    }

    private static func optional(_ name: String, _ inner: CELValue?, _ rest: [CELValue]) throws(CELError) -> CELValue? {
        switch (name, rest.first) {
        case ("hasValue", nil): return .bool(inner != nil)
        case ("value", nil):
            guard let inner else { throw CELError("optional.none() dereference") }
            return inner
        case ("orValue", let other?): return inner ?? other
        case ("or", .optional(let other)?): return .optional(inner ?? other)
        default: return nil
        }
    }

    private static func isZero(_ value: CELValue) -> Bool {
        [.null, .bool(false), .int(0), .uint(0), .double(0), .string(""), .bytes([]), .list([]), .map([:])].contains(
            value)
    }
}
