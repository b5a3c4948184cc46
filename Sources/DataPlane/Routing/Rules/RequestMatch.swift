import HTTPFraming
import ServingAPI

/// What a request must be like for a rule to take it: all of it must hold.
struct RequestMatch: Sendable, Hashable {
    enum Path: Sendable, Hashable {
        case any
        case exact([UInt8])
        /// Whole segments, without a slash at the end: `/abc` takes `/abc` and `/abc/d`, not `/abcd`.
        case prefix([UInt8])
        case pattern(RegularExpression)
    }

    enum Text: Sendable, Hashable {
        case exact([UInt8])
        case pattern(RegularExpression)
    }

    /// A header, or a parameter of the query.
    struct Named: Sendable, Hashable {
        /// Of a header in lower case.
        var name: [UInt8]
        var value: Text
    }

    var path = Path.any
    var method: [UInt8]?
    var fields: [Named] = []
    var parameters: [Named] = []

    /// Whether it takes every request.
    var isCatchAll: Bool { path == .any && method == nil && fields.isEmpty && parameters.isEmpty }

    /// How much of a path the match has used up, for rewriting: the prefix, else all of it.
    func prefixLength(of path: Span<UInt8>) -> Int {
        switch self.path {
        case .any: 0
        case .prefix(let prefix): prefix.count
        case .exact, .pattern: path.count
        }
    }

    /// - Parameters:
    ///   - bytes: what the request was parsed from.
    ///   - path: normalised, without the query.
    func takes(_ request: RequestParser, _ bytes: Span<UInt8>, path: Span<UInt8>) -> Bool {
        guard takes(path) else { return false }
        if let method, !bytes.extracting(request.head.methodRange).isEqual(to: method) { return false }
        for field in fields where !Self.has(field, request, bytes) { return false }
        for parameter in parameters where !bytes.extracting(request.head.query).hasParameter(parameter) { return false }
        return true
    }

    private func takes(_ path: Span<UInt8>) -> Bool {
        switch self.path {
        case .any: return true
        case .exact(let exact): return path.isEqual(to: exact) || path.isEmpty && exact.count == 1
        case .prefix(let prefix):
            guard path.count >= prefix.count, path.extracting(0..<prefix.count).isEqual(to: prefix) else {
                return false
            }
            return path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/")
        case .pattern(let pattern): return pattern.matches(path)
        }
    }

    /// One line with the value is enough where there are several.
    private static func has(_ wanted: Named, _ request: RequestParser, _ bytes: Span<UInt8>) -> Bool {
        for field in request.fields where !field.isDropped {
            guard bytes.extracting(field.name).isEqual(toLowerCase: wanted.name) else { continue }
            if wanted.value.takes(bytes.extracting(field.value)) { return true }
        }
        return false
    }
}

extension RequestMatch.Text {
    func takes(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .exact(let exact): text.isEqual(to: exact)
        case .pattern(let pattern): pattern.matches(text)
        }
    }
}

extension Span<UInt8> {
    func isEqual(to bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in indices where self[index] != bytes[index] { return false }
        return true
    }

    /// - Parameter bytes: in lower case.
    func isEqual(toLowerCase bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in indices {
            let byte = self[index]
            if (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) != bytes[index] { return false }
        }
        return true
    }
}
