/// What Knative's parts ask each other with in the field K-Network-Probe: whether a request would get through to them.
package enum NetworkProbe: String, Sendable, Hashable {
    case queue, activator, probe

    /// `nil` for any other value: it is no probe then.
    init?(_ value: Span<UInt8>) {
        let range = 0..<value.count
        if value.equals("queue", in: range) {
            self = .queue
        } else if value.equals("activator", in: range) {
            self = .activator
        } else if value.equals("probe", in: range) {
            self = .probe
        } else {
            return nil
        }
    }
}
