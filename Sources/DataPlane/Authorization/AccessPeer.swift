import ServingAPI

/// The connection that a request came on. Made once for each connection.
package final class AccessPeer: Sendable {
    /// Of the caller: an IP address.
    package let address: String
    /// Where it was taken.
    package let localAddress: String
    package let localPort: Int
    package let isSecure: Bool
    /// The client's; `nil`: it has shown none.
    package let certificate: ClientCertificate?

    package init(
        address: String, localAddress: String = "", localPort: Int = 0, isSecure: Bool = false,
        certificate: ClientCertificate? = nil
    ) {
        self.address = address
        self.localAddress = localAddress
        self.localPort = localPort
        self.isSecure = isSecure
        self.certificate = certificate
    }
}
