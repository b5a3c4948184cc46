/// The line that is logged for each request: `logging.request-log-template` of Knative's `config-observability`, which is
/// a Go template. What it may contain is what such logs are made of: fields, headers, `js` and `html` around them.
package struct RequestLogTemplate: Sendable, Hashable {
    package struct Problem: Error, Sendable {
        package let why: String
    }

    package enum Field: Sendable, Hashable {
        case method, uri, version, host, client, userAgent, referer, length
        /// Knative's log prints the list that `index` finds, in brackets; `.Get` the first one.
        case header(String, isList: Bool)
        case status, size, latency
        case revision, namespace, service, configuration, podName, podIP
        case trace
    }

    package enum Escape: Sendable, Hashable { case none, script, markup }

    package enum Part: Sendable, Hashable {
        case text(String)
        case value(Field, Escape)
    }

    package let parts: [Part]

    private static let fields: [String: Field] = [
        ".Request.Method": .method, ".Request.RequestURI": .uri, ".Request.Proto": .version, ".Request.Host": .host,
        ".Request.RemoteAddr": .client, ".Request.UserAgent": .userAgent, ".Request.Referer": .referer,
        ".Request.ContentLength": .length, ".Response.Code": .status, ".Response.Size": .size,
        ".Response.Latency": .latency, ".Revision.Name": .revision, ".Revision.Namespace": .namespace,
        ".Revision.Service": .service, ".Revision.Configuration": .configuration, ".Revision.PodName": .podName,
        ".Revision.PodIP": .podIP, ".TraceID": .trace,
    ]

    package init(_ text: String) throws(Problem) {
        var parts: [Part] = []
        for part in Placeholders.parts(text) {
            if !part.isPlaceholder {
                if !part.source.isEmpty { parts.append(.text(part.source)) }
                continue
            }
            guard let (field, escape) = Self.read(part.text) else {
                let known = Self.fields.keys.sorted().joined(separator: ", ")
                throw Problem(
                    why: "unknown \(part.source); known are \(known), index .Request.Header \"X\" and "
                        + ".Request.Header.Get \"X\", with js or html before them")
            }
            parts.append(.value(field, escape))
        }
        if parts.contains(where: { if case .text(let text) = $0 { text.contains("\n") } else { false } }) {
            throw Problem(why: "must be one line: log collectors take each line for an entry")
        }
        self.parts = parts
    }

    private static func read(_ text: Substring) -> (Field, Escape)? {
        var words = text.split(whereSeparator: \.isWhitespace)[...]
        let escapes: [Substring: Escape] = ["js": .script, "html": .markup]
        let escape = words.first.flatMap { escapes[$0] }
        if escape != nil { words = words.dropFirst() }
        // `js (index .Request.Header "X")`
        let inner = words.map { String($0.filter { $0 != "(" && $0 != ")" }) }
        return field(inner).map { ($0, escape ?? .none) }
    }

    private static func field(_ words: [String]) -> Field? {
        if words.count == 1 { return fields[words[0]] }
        let isList = words.count == 3 && words[0] == "index" && words[1] == ".Request.Header"
        guard isList || words.count == 2 && words[0] == ".Request.Header.Get", let last = words.last,
            let name = quoted(last)
        else { return nil }
        return .header(name.lowercased(), isList: isList)
    }

    private static func quoted(_ text: String) -> String? {
        guard text.utf8.count > 2, text.first == "\"", text.last == "\"" else { return nil }
        return String(text.dropFirst().dropLast())
    }
}

extension RequestLogTemplate.Escape {
    /// As Go's `js` and `html`.
    package func callAsFunction(_ text: String) -> String {
        self == .none ? text : text.unicodeScalars.map { self == .script ? Self.script($0) : Self.markup($0) }.joined()
    }

    private static func script(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\\\"
        case "'": "\\'"
        case "\"": "\\\""
        case "<": "\\u003C"
        case ">": "\\u003E"
        case "&": "\\u0026"
        case "=": "\\u003D"
        case "\u{0}"..."\u{1F}", "\u{7F}":
            "\\u" + (scalar.value < 16 ? "000" : "00") + String(scalar.value, radix: 16).uppercased()
        default: String(scalar)
        }
    }

    private static func markup(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "&#34;"
        case "'": "&#39;"
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\u{0}": "\u{FFFD}"
        default: String(scalar)
        }
    }
}
