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
    let headers: [(name: String, value: String)]

    /// - Parameter head: as it is sent to the server: in its one form, and without what clients may not say.
    package init(head: Span<UInt8>) {
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
    func header(_ name: String) -> String? {
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
        case .query(let name): return Self.parameter(name, in: query, separator: "&").flatMap(Self.unescaped)
        case .cookie(let name): return Self.parameter(name, in: header("cookie") ?? "", separator: ";")
        }
    }

    private func only(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    private static func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func parameter(_ name: String, in text: String, separator: Character) -> String? {
        let values = text.split(separator: separator).compactMap { part -> String? in
            let pair = part.trimmingSpaces.split(separator: "=", maxSplits: 1)
            return pair.count == 2 && pair[0] == name ? String(pair[1]) : nil
        }
        return values.count == 1 ? values[0] : nil
    }

    private static func unescaped(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
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

    /// The authorization JSON before anything is known of the caller.
    var json: JSONValue {
        let fields = Set(headers.map(\.name)).sorted().map { ($0, JSONValue.string(header($0) ?? "")) }
        let forwarded = (header("x-forwarded-for") ?? "").split(separator: ",").last.map { String($0.trimmingSpaces) }
        let host = header("host") ?? ""
        let full = query.isEmpty ? path : "\(path)?\(query)"
        let request: JSONValue = [
            "method": .string(method), "path": .string(full), "url_path": .string(path), "query": .string(query),
            "host": .string(host), "headers": .object(JSONObject(fields)),
            "scheme": .string(header("x-forwarded-proto") ?? "http"),
        ]
        let source: JSONValue = ["address": .string(forwarded ?? "")]
        return [
            "request": request, "source": source, "destination": [:], "metadata": [:],
            "context": ["request": ["http": request], "source": source], "auth": ["identity": .null],
        ]
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
