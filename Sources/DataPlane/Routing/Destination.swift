/// What a request's host and path ask for.
package enum Destination: Sendable, Hashable {
    /// A route (an index into the table's routes), and the part of the path that its server sees.
    case route(Int, path: Range<Int>)
    /// Rules, which look at more than the host: for `RoutingTable.rule`.
    case rules(Int)
    /// An OpenAI endpoint that is routed by the body's `model`, and the part of the path that the server sees.
    case model(path: Range<Int>)
    /// The list of models.
    case modelList
    /// One model; where its name stands in the path.
    case modelDescription(id: Range<Int>)
    /// `/serving/<namespace>/<name>`, but there is no such service; where `<namespace>/<name>` stands in the path.
    case unknownService(Range<Int>)
    case unknownHost
}

extension RoutingTable {
    /// A service's own host has the whole path to itself, and so have the rules of Gateway API routes on theirs. On every
    /// other host there are `/serving/`, `/openai/v1/` and the same without `/openai`, and then the rules for every host.
    ///
    /// - Parameters:
    ///   - host: Without port; ASCII letters in either case.
    ///   - path: Normalised, without the query.
    package func destination(host: Span<UInt8>, path: Span<UInt8>) -> Destination {
        switch hosts[host] {
        case .route(let route): return .route(route, path: 0..<path.count)
        case .rules(let rules): return .rules(rules)
        case nil: break
        }
        if let rules = wildcardRules(host) { return .rules(rules) }
        if path.starts(with: "/openai/v1/") { return openAI(path, from: "/openai".utf8.count) }
        if path.starts(with: "/v1/"), case let known = openAI(path, from: 0), known != .unknownHost { return known }
        if path.starts(with: "/serving/") { return service(path) }
        return anyHost.map { .rules($0) } ?? .unknownHost
    }

    /// - Parameter start: where `/v1/` begins.
    private func openAI(_ path: Span<UInt8>, from start: Int) -> Destination {
        let rest = start..<path.count
        let endpoint = path.extracting(rest)
        if endpoint.equals("/v1/models") || endpoint.equals("/v1/models/") { return .modelList }
        let models = "/v1/models/".utf8.count
        if endpoint.starts(with: "/v1/models/") {
            return .modelDescription(id: (rest.lowerBound + models)..<path.count)
        }
        for known in Self.endpointsByModel where endpoint.equals(known) { return .model(path: rest) }
        return .unknownHost
    }

    /// Endpoints whose body names the model in JSON: OpenAI's, Anthropic's `messages`, and those of vLLM and llama.cpp.
    private static let endpointsByModel: [StaticString] = [
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
        "/v1/messages/count_tokens", "/v1/rerank", "/v1/score", "/v1/classify", "/v1/pooling", "/v1/moderations",
        "/v1/audio/speech", "/v1/images/generations",
    ]

    /// `/serving/<namespace>/<name>/...`: the prefix is not the server's business.
    private func service(_ path: Span<UInt8>) -> Destination {
        let start = "/serving/".utf8.count
        guard let namespaceEnd = path.slash(from: start) else { return .unknownService(start..<path.count) }
        let end = path.slash(from: namespaceEnd + 1) ?? path.count
        guard let route = services[path.extracting(start..<end)] else { return .unknownService(start..<end) }
        return .route(route, path: end..<path.count)
    }
}

extension Span<UInt8> {
    fileprivate func starts(with literal: StaticString) -> Bool {
        guard literal.utf8CodeUnitCount <= count else { return false }
        // SAFETY: the index is below the literal's count.
        for index in 0..<literal.utf8CodeUnitCount where self[index] != literal.utf8Start[index] { return false }
        return true
    }

    fileprivate func equals(_ literal: StaticString) -> Bool {
        count == literal.utf8CodeUnitCount && starts(with: literal)
    }

    fileprivate func slash(from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == UInt8(ascii: "/") { return index }
            index += 1
        }
        return nil
    }
}
