/// How the gateway says that a request waits for a revision that has no endpoint.
package protocol WakeSignal: Sendable {
    /// Called from an event loop, when the first request begins to wait and again while there is still no endpoint.
    /// Returns at once; waking a revision that is starting already does nothing.
    func wake(namespace: String, revision: String)
}
