/// What is known of a request beside its head.
package struct AccessCall: Sendable {
    /// The connection that it came on.
    package var peer: AccessPeer?
    /// It asks which models there are.
    package var isListing: Bool
    /// What its body names as `model`, where it was routed by that.
    package var model: [UInt8]?

    package init(peer: AccessPeer? = nil, isListing: Bool = false, model: [UInt8]? = nil) {
        self.peer = peer
        self.isListing = isListing
        self.model = model
    }
}
