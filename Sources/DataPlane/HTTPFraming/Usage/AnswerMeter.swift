/// What an answer's body is, as far as it can be measured.
package enum AnswerKind: UInt8, Sendable, Hashable {
    /// `text/event-stream`
    case events
    /// `application/json`
    case json
    case other
}

/// Measures an answer of a model server while its body passes: when the first token came, and how many there were.
package struct AnswerMeter: Sendable, Hashable {
    package let kind: AnswerKind
    package private(set) var events = EventScanner()
    private var tokens = TokenScanner()
    /// Of a body that is not made of events, the first bytes are its first token.
    private var hasBytes = false

    package init(_ kind: AnswerKind = .other) { self.kind = kind }

    /// - Parameter bytes: Of the body, without its framing.
    /// - Returns: Whether the first token is among them.
    package mutating func scan(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty, kind != .other else { return false }
        let hadToken = hasToken
        switch kind {
        case .events:
            events.scan(bytes)
            tokens.scan(bytes)
        case .json: tokens.scan(bytes)
        case .other: break
        }
        hasBytes = true
        return !hadToken && hasToken
    }

    package var hasToken: Bool { kind == .events ? events.events > 0 : hasBytes }

    /// What the server said last; where a stream says nothing, each of its events counts as a token.
    package var counts: TokenCounts {
        var counts = tokens.counts
        if kind == .events, counts.completion == nil { counts.completion = events.events }
        return counts
    }
}
