package import ServingAPI

/// What is known of the machine when the program starts.
package struct ServingSettings: Sendable, Hashable {
    /// Where services are found, apart from what ConfigMaps change.
    package var hosts: HostNames
    /// The node that every pod is bound to.
    package var nodeName: String

    /// - Parameters:
    ///   - domain: the suffix of every host.
    ///   - gatewayPort: the port that URLs name; 80 is left out.
    package init(domain: String = "localhost", gatewayPort: Int = 8080, nodeName: String) {
        hosts = HostNames(domain: domain, port: gatewayPort)
        self.nodeName = nodeName
    }
}
