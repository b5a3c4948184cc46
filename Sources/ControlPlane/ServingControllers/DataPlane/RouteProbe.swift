/// Asks the data plane what it serves now: nothing is ready before.
package protocol RouteProbe: Sendable {
    /// Whether a request for `host` (without a port) may be sent to `revision`, be it running or at zero.
    func serves(host: String, namespace: String, revision: String) -> Bool
    /// Whether the requests for `host` are split over just these revisions, with just these shares in percent.
    func splits(host: String, namespace: String, shares: [String: Int]) -> Bool
    /// Whether requests for `host` go where those for `target`, another host, go.
    func leads(host: String, to target: String) -> Bool
}
