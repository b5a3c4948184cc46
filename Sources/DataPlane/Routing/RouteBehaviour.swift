/// What a route says of sessions and of trying again. One pointer: few routes say anything.
package final class RouteBehaviour: Sendable, Hashable {
    /// Who stays with which replica; `nil`: what the revision says.
    package let session: SessionRule?
    /// Which answers are asked for again; `nil`: none.
    package let retry: RetryRule?

    /// - Returns: `nil` where there is nothing to say.
    init?(session: SessionRule?, retry: RetryRule?) {
        guard session != nil || retry != nil else { return nil }
        self.session = session
        self.retry = retry
    }

    package static func == (left: RouteBehaviour, right: RouteBehaviour) -> Bool {
        left.session == right.session && left.retry == right.retry
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(session)
        hasher.combine(retry)
    }
}
