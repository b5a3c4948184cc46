/// What is done to the requests of a route and to their responses.
package struct RouteFilters: Sendable, Hashable {
    package var request = HeaderChanges()
    package var response = HeaderChanges()
    /// What the server sees as Host.
    package var host: [UInt8]?
    package var path: PathRewrite?
    /// The client is sent elsewhere, and no server sees the request.
    package var redirect: Redirect?

    package init() {}

    var isEmpty: Bool { self == RouteFilters() }
}

/// Fields that are taken out of a head, and lines that are added to it.
package struct HeaderChanges: Sendable, Hashable {
    /// Names in lower case.
    package var removed: [[UInt8]] = []
    package var lines: [UInt8] = []

    package var isEmpty: Bool { removed.isEmpty && lines.isEmpty }

    mutating func remove(_ name: String) { removed.append(Array(name.lowercased().utf8)) }

    mutating func add(_ name: String, _ value: String) { lines += Array("\(name): \(value)\r\n".utf8) }

    mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }
}

/// Another path in the place of a request's.
package enum PathRewrite: Sendable, Hashable {
    case whole([UInt8])
    /// In the place of the prefix that the match used up.
    case prefix([UInt8])

    /// - Parameter prefix: how many bytes of the path the match used up.
    package func applied(to path: Span<UInt8>, prefix: Int) -> [UInt8] {
        guard case .prefix(let replacement) = self else {
            guard case .whole(let whole) = self else { return [] }
            return whole
        }
        var result = replacement
        if result.last == UInt8(ascii: "/") { result.removeLast() }
        for index in min(prefix, path.count)..<path.count { result.append(path[index]) }
        return result.isEmpty ? [UInt8(ascii: "/")] : result
    }
}

/// Where a client is sent. What is `nil` stays as the request has it.
package struct Redirect: Sendable, Hashable {
    package var status = 302
    var scheme: String?
    var host: String?
    var port: Int?
    var path: PathRewrite?

    /// - Parameters:
    ///   - host: of the request, without port.
    ///   - port: that the request names; `nil`: none.
    ///   - isSecure: whether the request came over TLS.
    ///   - prefix: how many bytes of the path the match used up.
    package func location(
        host: String, port: Int?, isSecure: Bool, path: Span<UInt8>, prefix: Int, query: Span<UInt8>
    ) -> String {
        let scheme = self.scheme ?? (isSecure ? "https" : "http")
        // A scheme of its own has a port of its own.
        let port = self.port ?? (self.scheme == nil ? port : nil)
        let isUsual = port == nil || port == 80 && scheme == "http" || port == 443 && scheme == "https"
        var target = self.path?.applied(to: path, prefix: prefix) ?? []
        if self.path == nil { for index in path.indices { target.append(path[index]) } }
        for index in query.indices { target.append(query[index]) }
        let authority = (self.host ?? host) + (isUsual ? "" : port.map { ":\($0)" } ?? "")
        return "\(scheme)://\(authority)\(String(decoding: target, as: UTF8.self))"
    }
}

/// Filters as a route's targets hold them: one pointer, whatever they say.
package final class SharedFilters: Sendable, Hashable {
    package let filters: RouteFilters

    init(_ filters: RouteFilters) { self.filters = filters }

    package static func == (left: SharedFilters, right: SharedFilters) -> Bool { left.filters == right.filters }

    package func hash(into hasher: inout Hasher) { filters.hash(into: &hasher) }
}
