import NIOCore
import NIOSSL
import Routing
import Synchronization

/// Which certificate is shown to whom: one that was given for the host that the client names (SNI), else one that is
/// made for it, if the gateway serves that host, else the one for this machine.
///
/// Each handshake shows the one of its time, so that certificates change while connections go on.
final class ServedCertificates: Sendable {
    private struct State {
        var given: [String: NIOSSLContextConfigurationOverride] = [:]
        var made: [String: (shown: NIOSSLContextConfigurationOverride, at: NIODeadline)] = [:]
        var table = RoutingTable()
    }

    /// A made certificate lives a year; it is made anew long before.
    private static let lifetime = TimeAmount.hours(24 * 30)
    private static let machine = "localhost"

    private let settings: GatewayTLS
    private let state = Mutex(State())

    init(_ settings: GatewayTLS) { self.settings = settings }

    /// - Returns: For those that cannot be used, why; by their index.
    func give(_ certificates: [GatewayCertificate]) -> [Int: any Error] {
        var given: [String: NIOSSLContextConfigurationOverride] = [:]
        var failures: [Int: any Error] = [:]
        for (index, certificate) in certificates.enumerated() {
            do {
                let shown = try certificate.shown()
                for name in certificate.names where given[name] == nil { given[name] = shown }
            } catch {
                failures[index] = error
            }
        }
        state.withLock { [given] in $0.given = given }
        return failures
    }

    /// Which hosts are served. What was made for others is forgotten.
    func serve(_ table: RoutingTable) {
        state.withLock { state in
            state.table = table
            state.made = state.made.filter { $0.key == Self.machine || table.hasHost($0.key) }
        }
    }

    func shown(to host: String?, at now: NIODeadline) throws -> NIOSSLContextConfigurationOverride {
        let name = Self.normalised(host)
        let (found, isServed) = state.withLock { state in
            (state.given[name] ?? state.given[Self.wildcard(name)], state.table.hasHost(name))
        }
        return try found ?? made(for: isServed ? name : Self.machine, at: now)
    }

    private func made(for name: String, at now: NIODeadline) throws -> NIOSSLContextConfigurationOverride {
        if let made = state.withLock({ $0.made[name] }), now < made.at + Self.lifetime { return made.shown }
        let shown = try settings.issue(name).shown()
        state.withLock { $0.made[name] = (shown, now) }
        return shown
    }

    private static func normalised(_ host: String?) -> String {
        let name = (host ?? machine).lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    private static func wildcard(_ name: String) -> String {
        name.firstIndex(of: ".").map { "*\(name[$0...])" } ?? name
    }

    /// - Throws: where the clients' authorities cannot be read.
    func context() throws -> NIOSSLContext {
        var tls = try settings.issue(Self.machine).configuration()
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["h2", "http/1.1"]
        tls.shutdownTimeout = .milliseconds(500)
        if let clients = settings.clients {
            tls.trustRoots = .certificates(clients.trusted)
            // Which ones are believed is decided by `ClientTrust`, and where they count.
            tls.certificateVerification = clients.areRequired ? .noHostnameVerification : .optionalVerification
        }
        tls.sslContextCallback = { [self] values, promise in
            promise.completeWith(Result { try shown(to: values.serverHostname, at: .now()) })
        }
        return try NIOSSLContext(configuration: tls)
    }
}
