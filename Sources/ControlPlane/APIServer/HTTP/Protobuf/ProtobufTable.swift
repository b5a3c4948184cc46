/// The messages of Kubernetes' protobuf, read from tables of text.
///
/// A table has one entry for each message, `Name: field field ...`; lines that begin with spaces go on with the one
/// before. Fields are numbered from 1 in their order, `7=name` goes on from 7. After the name comes the shape (`:` one,
/// `[]` a list, `{}` a map by texts) and the type: nothing for a text, a word in lower case for another scalar, else a
/// message of the same section, of `v1` or of `meta/v1`. A `!` at the end stands for `keepsEmpty`, `+Name` for a
/// message that is inline. Scripts/protobuf-tables writes them from Kubernetes' own types.
struct ProtobufTable: Sendable {
    private struct Name: Hashable {
        var section: String
        var message: String
    }

    private(set) var messages: [ProtobufMessage] = []
    private var places: [Name: Int] = [:]

    /// - Parameter sections: by apiVersion.
    init(_ sections: [(apiVersion: String, text: String)]) {
        var bodies: [(section: String, fields: [Substring])] = []
        for (section, text) in sections {
            for words in Self.entries(text) {
                let name = String(words[0].dropLast())
                places[Name(section: section, message: name)] = messages.count
                messages.append(ProtobufMessage(name: name, fields: [:]))
                bodies.append((section, Array(words.dropFirst())))
            }
        }
        for (place, body) in bodies.enumerated() { messages[place].fields = fields(body.fields, in: body.section) }
    }

    /// The message of a kind. `DeleteOptions` and `Status` are the same in every group.
    func message(apiVersion: String, kind: String) -> ProtobufMessage? {
        let section = ["DeleteOptions", "Status"].contains(kind) ? "meta/v1" : apiVersion
        return places[Name(section: section, message: kind)].map { messages[$0] }
    }

    func message(_ place: Int) -> ProtobufMessage { messages[place] }

    private func place(_ section: String, _ message: String) -> Int? {
        [section, "v1", "meta/v1"].lazy.compactMap { places[Name(section: $0, message: message)] }.first
    }

    private static func entries(_ text: String) -> [[Substring]] {
        var entries: [[Substring]] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix(" ") { entries[entries.count - 1] += words } else { entries.append(words) }
        }
        return entries
    }

    private func fields(_ words: [Substring], in section: String) -> [Int: ProtobufField] {
        var fields: [Int: ProtobufField] = [:]
        var number = 1
        for var word in words {
            if let end = word.firstIndex(of: "=") {
                number = Int(word[..<end]) ?? number
                word = word[word.index(after: end)...]
            }
            fields[number] = field(number, word, in: section)
            number += 1
        }
        return fields
    }

    private func field(_ number: Int, _ word: Substring, in section: String) -> ProtobufField {
        var rest = word
        let keepsEmpty = rest.last == "!"
        if keepsEmpty { rest.removeLast() }
        let name = rest.prefix { !":[{+".contains($0) }
        let mark = rest.dropFirst(name.count).prefix { !$0.isLetter }
        let shapes: [Substring: ProtobufField.Shape] = ["[]": .list, "{}": .map, "+": .inline]
        return ProtobufField(
            number: number, name: String(name), shape: shapes[mark] ?? .one,
            kind: kind(rest.dropFirst(name.count + mark.count), in: section), keepsEmpty: keepsEmpty)
    }

    private func kind(_ word: Substring, in section: String) -> ProtobufField.Kind {
        if let scalar = Self.scalars[word] { return scalar }
        // The tables are part of the program, and a test reads each word of them.
        guard let place = place(section, String(word)) else { preconditionFailure("\(section) has no message \(word)") }
        return .message(place)
    }

    private static let scalars: [Substring: ProtobufField.Kind] = [
        "": .string, "bytes": .bytes, "bool": .bool, "int": .int, "Time": .time, "MicroTime": .microTime,
        "Quantity": .quantity, "IntOrString": .intOrString, "Raw": .raw, "Strings": .strings,
    ]
}

extension ProtobufTable {
    /// The stable built-in kinds of Kubernetes 1.37.
    static let kubernetes = ProtobufTable([
        ("meta/v1", meta), ("v1", [core1, core2, core3].joined(separator: "\n")), ("apps/v1", apps),
        ("batch/v1", batch), ("autoscaling/v1", autoscalingV1), ("autoscaling/v2", autoscalingV2),
        ("rbac.authorization.k8s.io/v1", rbac), ("coordination.k8s.io/v1", coordination),
        ("authentication.k8s.io/v1", authentication), ("authorization.k8s.io/v1", authorization),
        ("policy/v1", policy), ("discovery.k8s.io/v1", discovery), ("networking.k8s.io/v1", networking),
        ("storage.k8s.io/v1", storage), ("scheduling.k8s.io/v1", scheduling), ("events.k8s.io/v1", events),
        ("admissionregistration.k8s.io/v1", admission),
    ])
}
