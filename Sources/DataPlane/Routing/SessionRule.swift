import JSONModel
import KubeModel

/// By what a route or a service knows which requests belong together, so that one replica gets them.
package struct SessionRule: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        /// The name in lower case.
        case header([UInt8])
        case cookie([UInt8])
        /// The client's address.
        case address
    }

    package var source: Source
    /// The gateway gives each client the name of its replica, in a cookie or a header; otherwise the client has a name of
    /// its own for its session, and the same name leads to the same replica as long as the replicas are the same.
    package var isPinned: Bool
    /// Of the cookie; `nil`: until the browser is closed.
    package var lifetime: Duration?
    /// As it is written to clients.
    package var name: String

    /// What the annotation `martlet.dev/session-affinity` says: `header=<name>`, `cookie=<name>` or `client-ip`.
    package init?(annotation: String) {
        isPinned = false
        let parts = annotation.split(separator: "=", maxSplits: 1)
        name = parts.count == 2 ? String(parts[1]) : ""
        switch (parts.first, parts.count) {
        case ("client-ip", 1): source = .address
        case ("header", 2): source = .header(Array(name.lowercased().utf8))
        case ("cookie", 2): source = .cookie(Array(name.utf8))
        default: return nil
        }
    }

    /// `sessionPersistence` of a Gateway API route's rule.
    init?(persistence json: JSONValue?) {
        guard let json else { return nil }
        isPinned = true
        let given = json["sessionName"]?.stringValue ?? ""
        name = Self.isName(given) ? given : "martlet-session"
        let isHeader = json["type"]?.stringValue == "Header"
        source = isHeader ? .header(Array(name.lowercased().utf8)) : .cookie(Array(name.utf8))
        let isPermanent = json[path: "cookieConfig", "lifetimeType"]?.stringValue == "Permanent"
        lifetime =
            isPermanent
            ? json["absoluteTimeout"]?.stringValue.flatMap(GoDuration.seconds).map { .seconds($0) } : nil
    }

    /// It is written into heads: nothing may stand in it that ends a line or a cookie.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 128
            && text.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// The line that tells a client which replica it is with.
    package func line(replica: UInt64) -> [UInt8] {
        let value = String(replica, radix: 16)
        guard case .cookie = source else { return Array("\(name): \(value)\r\n".utf8) }
        let age = lifetime.map { "; Max-Age=\($0.components.seconds)" } ?? ""
        return Array("Set-Cookie: \(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(age)\r\n".utf8)
    }

    /// - Parameter head: of a request, with its lines' ends.
    /// - Returns: what it says its session is; `nil`: nothing.
    package func value(in head: Span<UInt8>) -> [UInt8]? {
        switch source {
        case .header(let name): return head.field(named: name)
        case .cookie(let name):
            guard let cookies = head.field(named: Array("cookie".utf8)) else { return nil }
            return cookies.split(separator: UInt8(ascii: ";")).lazy.compactMap { part -> [UInt8]? in
                let pair = part.drop { $0 == 0x20 }
                guard pair.starts(with: name), pair.dropFirst(name.count).first == UInt8(ascii: "=") else { return nil }
                return Array(pair.dropFirst(name.count + 1))
            }.first
        case .address: return nil
        }
    }
}

/// When a server's answer is not passed on, but asked for again: `retry` of an HTTPRoute's rule.
package struct RetryRule: Sendable, Hashable {
    package var codes: [Int]
    package var attempts: Int
    package var backoff: Duration

    init?(_ json: JSONValue?) {
        guard let json else { return nil }
        codes = json["codes"]?.arrayValue?.compactMap(\.intValue) ?? []
        attempts = min(max(0, json["attempts"]?.intValue ?? 1), 10)
        backoff = .seconds(json["backoff"]?.stringValue.flatMap(GoDuration.seconds) ?? 0.05)
    }
}

extension Span<UInt8> {
    /// The value of a head's field, without the white space around it; of several, the first.
    fileprivate func field(named name: [UInt8]) -> [UInt8]? {
        var start = 0
        while let end = lineEnd(from: start) {
            let isNamed =
                end - start > name.count && self[start + name.count] == UInt8(ascii: ":")
                && extracting(start..<(start + name.count)).isEqual(toLowerCase: name)
            if isNamed {
                var value: [UInt8] = []
                for index in (start + name.count + 1)..<end { value.append(self[index]) }
                while value.last == 0x20 || value.last == 0x09 { value.removeLast() }
                return Array(value.drop { $0 == 0x20 || $0 == 0x09 })
            }
            start = end + 2
        }
        return nil
    }

    private func lineEnd(from start: Int) -> Int? {
        var index = start
        while index + 1 < count {
            if self[index] == 0x0D, self[index + 1] == 0x0A { return index }
            index += 1
        }
        return nil
    }
}
