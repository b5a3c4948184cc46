import NIOCore
import NIOSSL
import Synchronization

/// The certificate that the server shows, which can change while it runs: each handshake shows the one of its time.
final class ServingCertificate: Sendable {
    private struct State {
        var pki: PKI
        var shown: NIOSSLContextConfigurationOverride
    }

    private let state: Mutex<State>

    init(_ pki: PKI) throws { state = Mutex(State(pki: pki, shown: try Self.shown(pki))) }

    var pki: PKI { state.withLock { $0.pki } }

    func replace(with pki: PKI) throws {
        let shown = try Self.shown(pki)
        state.withLock { $0 = State(pki: pki, shown: shown) }
    }

    private static func shown(_ pki: PKI) throws -> NIOSSLContextConfigurationOverride {
        var shown = NIOSSLContextConfigurationOverride()
        shown.certificateChain = [.certificate(try certificate(pki))]
        shown.privateKey = .privateKey(try key(pki))
        return shown
    }

    private static func certificate(_ pki: PKI) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(pki.server.certificatePEM.utf8), format: .pem)
    }

    private static func key(_ pki: PKI) throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: Array(pki.server.keyPEM.utf8), format: .pem)
    }

    /// TLS for the server. A client need not show a certificate, but one it shows must be of this authority; who may
    /// call without one is for the server to say.
    func tls() throws -> TLSConfiguration {
        let pki = pki
        let authority = try NIOSSLCertificate(bytes: Array(pki.authority.credential.certificatePEM.utf8), format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try Self.certificate(pki))], privateKey: .privateKey(try Self.key(pki)))
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = .certificates([authority])
        tls.certificateVerification = .optionalVerification
        tls.applicationProtocols = ["http/1.1"]
        // A client that does not say goodbye does not keep the server from stopping.
        tls.shutdownTimeout = .milliseconds(500)
        tls.sslContextCallback = { [self] _, promise in promise.succeed(state.withLock { $0.shown }) }
        return tls
    }
}
