/// From one type to another, and what can be asked of values of several types.
enum Conversion {
    /// `nil` where the function is none of these, or takes no such value.
    static func apply(_ name: String, _ all: [CELValue]) throws(CELError) -> CELValue? {
        guard all.count == 1 else { return nil }
        let value = all[0]
        switch name {
        case "size": return size(value).map { .int(Int64($0)) }
        case "type": return .type(value.typeName)
        case "dyn": return value
        case "string": return textOrNil(value).map { .string($0) }
        case "int": return try int(value)
        case "uint": return try uint(value)
        case "double": return try double(value)
        case "bool": return try bool(value)
        case "bytes":
            if case .string(let text) = value { return .bytes(Array(text.utf8)) }
            if case .bytes = value { return value }
        case "timestamp":
            if case .string(let text) = value { return .timestamp(try Moment.timestamp(text)) }
            if case .timestamp = value { return value }
        case "duration":
            if case .string(let text) = value { return .duration(try Moment.duration(text)) }
            if case .duration = value { return value }
        default: break
        }
        return nil
    }

    private static func size(_ value: CELValue) -> Int? {
        switch value {
        case .string(let text): text.unicodeScalars.count
        case .bytes(let bytes): bytes.count
        case .list(let elements): elements.count
        case .map(let members): members.count
        default: nil
        }
    }

    /// For messages.
    static func text(_ value: CELValue) -> String { textOrNil(value) ?? value.typeName }

    static func textOrNil(_ value: CELValue) -> String? {
        switch value {
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .uint(let uint): String(uint)
        case .double(let double): double == double.rounded() && abs(double) < 1e15 ? String(Int64(double)) : "\(double)"
        case .string(let text): text
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .timestamp(let time): Moment.text(timestamp: time)
        case .duration(let time): Moment.text(duration: time)
        case .type(let name): name
        default: nil
        }
    }

    private static func int(_ value: CELValue) throws(CELError) -> CELValue? {
        switch value {
        case .int: return value
        case .uint(let uint): return .int(try fit(Int64(exactly: uint)))
        case .double(let double): return .int(try fit(Int64(exactly: double.rounded(.towardZero))))
        case .string(let text): return .int(try fit(Int64(text)))
        case .timestamp(let time): return .int(Int64((Double(time) / 1e9).rounded(.down)))
        default: return nil
        }
    }

    private static func uint(_ value: CELValue) throws(CELError) -> CELValue? {
        switch value {
        case .uint: return value
        case .int(let int): return .uint(try fit(UInt64(exactly: int)))
        case .double(let double): return .uint(try fit(UInt64(exactly: double.rounded(.towardZero))))
        case .string(let text): return .uint(try fit(UInt64(text)))
        default: return nil
        }
    }

    private static func double(_ value: CELValue) throws(CELError) -> CELValue? {
        if case .string(let text) = value { return .double(try fit(Double(text))) }
        return value.number.map { .double($0) }
    }

    private static func bool(_ value: CELValue) throws(CELError) -> CELValue? {
        switch value {
        case .bool: return value
        case .string(let text) where ["true", "True", "TRUE", "t", "1"].contains(text): return .bool(true)
        case .string(let text) where ["false", "False", "FALSE", "f", "0"].contains(text): return .bool(false)
        case .string: throw CELError("type conversion error from string to bool")
        default: return nil
        }
    }

    private static func fit<Number>(_ number: Number?) throws(CELError) -> Number {
        guard let number else { throw CELError("type conversion error: the value does not fit") }
        return number
    }
}
