import JSONModel

/// Strikes secrets out of bodies before they are recorded: values of members that are called like secrets, and what looks
/// like a token anywhere in a text. It is a net, not a wall: prompts are kept as they are.
package enum Redaction {
    static let mark = "[redacted]"

    private static let names: Set = [
        "api_key", "apikey", "api-key", "x-api-key", "authorization", "password", "passwd", "secret", "client_secret",
        "private_key", "access_token", "refresh_token", "id_token", "token", "credential", "credentials",
    ]
    private static let beginnings = ["sk-", "ghp_", "hf_", "xoxb-", "AKIA", "eyJ"]

    /// - Returns: `nil` for what is no text.
    package static func text(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        if let json = try? JSONValue(parsing: bytes), json.objectValue != nil || json.arrayValue != nil {
            return redacted(json).text
        }
        return redacted(text)
    }

    private static func redacted(_ json: JSONValue) -> JSONValue {
        switch json {
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { member in
                        let isSecret = names.contains(member.key.lowercased()) && member.value.stringValue != nil
                        return (member.key, isSecret ? .string(mark) : redacted(member.value))
                    }))
        case .array(let elements): return .array(elements.map(redacted))
        case .string(let text): return .string(redacted(text))
        default: return json
        }
    }

    /// Words of at least twenty characters that begin as tokens do, and what follows `Bearer`.
    private static func redacted(_ text: String) -> String {
        guard text.contains("Bearer ") || beginnings.contains(where: text.contains) else { return text }
        var (result, word, before) = ("", "", "")
        func strike(_ word: String) -> String {
            let isToken = word.count >= 20 && beginnings.contains(where: word.hasPrefix)
            return isToken || (before == "Bearer" && word.count >= 8) ? mark : word
        }
        for character in text {
            if character.isLetter || character.isNumber || "-_.+/=".contains(character) {
                word.append(character)
            } else {
                result += strike(word)
                if !word.isEmpty { before = word }
                word = ""
                result.append(character)
            }
        }
        return result + strike(word)
    }
}
