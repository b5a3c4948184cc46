import JSONModel
import Randomness

extension JSONValue {
    static func random(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(Int.random(in: -1_000_000...1_000_000, using: &random)))
        case 3: return .number(JSONNumber(Double.random(in: -1e9...1e9, using: &random)))
        case 4: return .string(text(using: &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                        (text(using: &random), .random(depth: depth - 1, using: &random))
                    }))
        }
    }

    private static func text(using random: inout SeededRandom) -> String {
        let alphabet: [Character] = [
            "a", "b", "/", "~", "\"", "\\", "\n", "\u{1}", "é", "€", "😀", " ", "{", "e\u{301}",
        ]
        return String(
            (0..<Int.random(in: 0..<8, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
    }
}
