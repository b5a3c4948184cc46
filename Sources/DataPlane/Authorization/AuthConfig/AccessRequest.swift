import HTTPFraming
import JSONModel
import ServingAPI

/// A request's head, as rules look at it. Made only where a rule has to look.
package struct AccessRequest: Sendable {
    package let method: String
    /// Without the query.
    package let path: String
    package let query: String
    /// Names in lower case, in their order.
    package let headers: [(name: String, value: String)]
    /// `nil` where nobody knows of it.
    package let peer: AccessPeer?

    /// - Parameter head: as it is sent to the server: in its one form, and without what clients may not say.
    package init(head: Span<UInt8>, peer: AccessPeer? = nil) {
        self.peer = peer
        let lines = String(copying: head).split(separator: "\r\n", omittingEmptySubsequences: true)
        let words = (lines.first ?? "").split(separator: " ")
        method = words.first.map(String.init) ?? ""
        let target = (words.count > 1 ? words[1] : "/").split(separator: "?", maxSplits: 1)
        path = target.first.map(String.init) ?? "/"
        query = target.count > 1 ? String(target[1]) : ""
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingSpaces
            return (line[..<colon].lowercased(), String(value))
        }
    }

    /// The values of a header, joined as HTTP joins them; `nil` where there is none.
    package func header(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    /// - Returns: `nil` where there is none, and where there are several: nobody can tell which one is meant.
    func credential(at place: AuthRules.CredentialPlace) -> String? {
        switch place {
        case .authorization(let prefix):
            guard let value = only("authorization") else { return nil }
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == prefix.lowercased() else { return nil }
            return Self.nonEmpty(String(parts[1].trimmingSpaces))
        case .header(let name): return only(name).flatMap(Self.nonEmpty)
        case .query(let name): return Self.parameter(name, in: query, separator: "&").flatMap { Self.unescaped($0) }
        case .cookie(let name): return Self.parameter(name, in: header("cookie") ?? "", separator: ";")
        }
    }

    private func only(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    private static func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

    static func parameter(_ name: String, in text: String, separator: Character) -> String? {
        let values = text.split(separator: separator).compactMap { part -> String? in
            let pair = part.trimmingSpaces.split(separator: "=", maxSplits: 1)
            return pair.count == 2 && pair[0] == name ? String(pair[1]) : nil
        }
        return values.count == 1 ? values[0] : nil
    }

    /// - Parameter plusIsSpace: as in queries and forms.
    package static func unescaped(_ text: String, plusIsSpace: Bool = true) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension StringProtocol where SubSequence == Substring {
    var trimmingSpaces: Substring {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
