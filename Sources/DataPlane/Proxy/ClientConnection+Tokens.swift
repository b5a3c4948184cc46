import HTTPFraming
import NIOCore

// Tokens in flight: what the requests under way will need of the replicas' KV caches, as far as is seen from here. A prompt
// counts as its body's bytes by four, from its arrival; a stream's events count as they pass.
extension ClientConnection {
    func holdPrompt() {
        guard let exchange, exchange.hasPrompt else { return }
        var bytes = request.readableBytes - exchange.headLength
        if case .length(let length) = exchange.requestFraming { bytes = Int(clamping: length) }
        hold(max(0, bytes) / 4)
    }

    /// More of a stream has passed.
    func noteGenerated() {
        guard let exchange, exchange.hasPrompt, exchange.answer.kind == .events else { return }
        let events = exchange.answer.events.events
        let new = events - exchange.eventsHeld
        guard new > 0 else { return }
        self.exchange?.eventsHeld = events
        hold(new)
    }

    func dropTokens() {
        guard let held = exchange?.tokensHeld, held > 0 else { return }
        hold(-held)
        exchange?.eventsHeld = 0
    }

    private func hold(_ tokens: Int) {
        exchange?.tokensHeld += tokens
        exchange?.counters?.hold(tokens: tokens)
    }
}
