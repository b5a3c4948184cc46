import Foundation
import JSONModel
import KubeModel
import Randomness

@testable import APIServer

/// Random objects that the tables allow, and random damage to bytes.
extension SeededRandom {
    /// - Parameter depth: so many messages within one another at most.
    mutating func object(_ message: ProtobufMessage, depth: Int) -> JSONValue {
        var json: JSONValue = [:]
        for field in message.fields.values.sorted(by: { $0.number < $1.number }) where below(3) > 0 {
            add(field, depth, to: &json)
        }
        return json
    }

    private mutating func add(_ field: ProtobufField, _ depth: Int, to json: inout JSONValue) {
        if case .message(let place) = field.kind {
            guard depth > 0 else { return }
            if field.shape == .inline {
                for member in object(ProtobufTable.kubernetes.message(place), depth: depth - 1).objectValue ?? [:] {
                    json[member.key] = member.value
                }
                return
            }
        }
        switch field.shape {
        case .one, .inline:
            let value = value(field.kind, depth)
            json[field.name] = value == [:] && !field.keepsEmpty ? nil : value
        case .list: json[field.name] = .array((0...below(2)).map { _ in value(field.kind, depth) })
        case .map: for index in 0...below(2) { json[path: field.name, "key\(index)"] = value(field.kind, depth) }
        }
    }

    private mutating func value(_ kind: ProtobufField.Kind, _ depth: Int) -> JSONValue {
        switch kind {
        case .string: .string(["a", "ä", "with space", "x/y"][below(4)])
        case .bytes: .string(Data((0...below(8)).map { UInt8($0) }).base64EncodedString())
        case .bool: true
        case .int: .number(JSONNumber([1, -1, 80, Int.max, Int.min][below(5)]))
        case .time: .string(Timestamp.string(seconds: Int64(below(4_000_000_000))))
        case .microTime: .string(Timestamp.string(microseconds: Int64(below(Int(UInt32.max))) * 1_000_003))
        case .quantity: .string(["1", "500m", "2Gi"][below(3)])
        case .intOrString: below(2) == 0 ? .number(JSONNumber(1 + below(9))) : "25%"
        case .raw: ["any": [1, true, .null]]
        case .strings: ["one", "two"]
        case .message(let place): object(ProtobufTable.kubernetes.message(place), depth: depth - 1)
        }
    }

    mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        for _ in 0...below(3) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[place] ^= 1 << UInt8(below(8))
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(4)))
            default: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
            }
        }
    }
}
