import Foundation
import Randomness
import Testing

@testable import JSONModel

@Suite("Any input")
struct JSONFuzzTests {
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\\u", "\\n", "\\", "true",
        "false", "null", "0", "-", "-0", "1.5", "1e9", "1E+2", ".", "e", "01", " ", "\n", "\t", "\u{1}", "é", "NaN",
        "\"a\":1", "{\"a\":1}", "[1,2]", "\"\"", "12345678901234567890", "0.1e-400",
    ]

    /// Pieces of JSON in any order, or a good text that was damaged.
    private static func text(_ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        if Bool.random(using: &random) {
            for _ in 0..<Int.random(in: 0..<10, using: &random) {
                bytes += (pieces.randomElement(using: &random) ?? "").utf8
            }
            return bytes
        }
        bytes = JSONValue.random(depth: 3, using: &random).serialized()
        for _ in 0..<Int.random(in: 0..<3, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            default: bytes = Array(bytes.prefix(place)) + (pieces.randomElement(using: &random) ?? "").utf8
            }
        }
        return bytes
    }

    @Test("is read or refused, and what was read is written in one way only")
    func decoder() {
        Fuzz.run(3_000) { random in
            let bytes = Self.text(&random)
            let value = try? JSONValue(parsing: bytes)
            Fuzz.keep(["json": .string(Data(bytes).base64EncodedString()), "result": value ?? "refused"])
            guard let value else { return true }
            let written = value.serialized()
            return try JSONValue(parsing: written).serialized() == written
        }
    }

    /// Few keys, so that patches hit what is there.
    static func document(depth: Int, _ random: inout SeededRandom) -> JSONValue {
        let scalars: [JSONValue] = [.null, true, 0, 1, 2.5, "x", ""]
        let count = Int.random(in: 0..<4, using: &random)
        switch Int.random(in: 0..<(depth > 0 ? 4 : 1), using: &random) {
        case 0: return scalars.randomElement(using: &random) ?? .null
        case 1: return .array((0..<count).map { _ in document(depth: depth - 1, &random) })
        default:
            return .object(
                JSONObject((0..<count).map { _ in (key(&random), document(depth: depth - 1, &random)) }))
        }
    }

    private static func key(_ random: inout SeededRandom) -> String {
        ["a", "b", "c", "", "0", "a/b", "m~n"].randomElement(using: &random) ?? "a"
    }

    private static func pointer(_ random: inout SeededRandom) -> JSONValue {
        let tokens = ["a", "b", "c", "", "0", "1", "2", "-", "01", "a~1b", "m~0n", "~"]
        let count = Int.random(in: 0..<4, using: &random)
        return .string((0..<count).map { _ in "/" + (tokens.randomElement(using: &random) ?? "a") }.joined())
    }

    private static func operation(_ random: inout SeededRandom) -> JSONValue {
        let name = ["add", "remove", "replace", "move", "copy", "test"].randomElement(using: &random) ?? "add"
        var operation: JSONValue = ["op": .string(name), "path": pointer(&random)]
        if ["move", "copy"].contains(name) { operation["from"] = pointer(&random) }
        if ["add", "replace", "test"].contains(name) { operation["value"] = document(depth: 1, &random) }
        return operation
    }

    @Test("is patched by JSON patches or refused, whole or not at all")
    func patches() {
        Fuzz.run(3_000) { random in
            let document = Self.document(depth: 3, &random)
            let operations = (0..<Int.random(in: 0..<4, using: &random)).map { _ in Self.operation(&random) }
            let result = try? JSONPatch(.array(operations)).applied(to: document)
            Fuzz.keep(["document": document, "patch": .array(operations), "result": result ?? "refused"])
            guard let result else { return true }
            // One operation after the other gives the same.
            let steps = try operations.reduce(document) { try JSONPatch([$1]).applied(to: $0) }
            return steps == result
        }
    }

    @Test("is merged with patches, and the same patch again changes nothing")
    func merges() {
        Fuzz.run(3_000) { random in
            let document = Self.document(depth: 3, &random)
            let patch = Self.document(depth: 3, &random)
            let result = document.merging(patch: patch)
            Fuzz.keep(["document": document, "merge": patch, "result": result])
            return result.merging(patch: patch) == result
        }
    }

    @Test("is a pointer as it is written, or none")
    func pointers() {
        Fuzz.run(3_000) { random in
            guard let text = Self.pointer(&random).stringValue, let pointer = JSONPointer(parsing: text) else {
                return true
            }
            return pointer.description == text
        }
    }
}
