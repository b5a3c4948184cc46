import Authorization
import ClientCertificates
import NIOCore
import NIOSSL
import Synchronization

/// How clients' certificates are looked at.
package struct ClientAuthorities: Sendable {
    /// Of `--gateway-client-ca`: those whom they sign may take what asks for a certificate.
    let trusted: [NIOSSLCertificate]
    let certificates: [X509Certificate]
    /// Who shows none, or one of another authority, is not served at all. Otherwise it is up to policies and AuthConfigs.
    let areRequired: Bool
    /// Seconds since 1970.
    let now: @Sendable () -> Double

    /// - Parameter path: a PEM file; `nil`: there is none.
    /// - Throws: where it cannot be read.
    package init(path: String?, areRequired: Bool, now: @escaping @Sendable () -> Double) throws {
        trusted = try path.map(NIOSSLCertificate.fromPEMFile) ?? []
        certificates = trusted.compactMap(\.parsed)
        self.areRequired = areRequired
        self.now = now
    }
}

/// What became of one client's certificate. Where certificates are required, TLS itself refuses bad ones; where they are
/// not, any is taken and noted, since it may be for an AuthConfig's authorities.
final class ClientTrust: Sendable {
    private let authorities: ClientAuthorities
    /// Of the certificate that was shown: whether it is of the gateway's authorities.
    private let isTrusted = Atomic(false)

    init(_ authorities: ClientAuthorities) { self.authorities = authorities }

    func handler(context: NIOSSLContext) -> NIOSSLServerHandler {
        guard !authorities.areRequired else { return NIOSSLServerHandler(context: context) }
        return NIOSSLServerHandler(context: context) { [self] chain, promise in
            let shown = chain.compactMap(\.parsed)
            // A task for each handshake with a certificate, never for a request: verifying waits for none of the loop.
            promise.completeWithTask {
                if let leaf = shown.first {
                    let isSigned = await leaf.isSigned(
                        by: self.authorities.certificates, others: Array(shown.dropFirst()), now: self.authorities.now()
                    )
                    self.isTrusted.store(isSigned, ordering: .releasing)
                }
                return .certificateVerified
            }
        }
    }

    /// After the handshake. A session that was resumed is of nobody: its certificate was looked at by another connection.
    func certificate(shownOn pipeline: ChannelPipeline) -> ClientCertificate? {
        guard let handler = try? pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let certificate = handler.peerCertificate?.parsed
        else { return nil }
        return ClientCertificate(
            certificate, isTrusted: authorities.areRequired || isTrusted.load(ordering: .acquiring))
    }
}

extension NIOSSLCertificate {
    fileprivate var parsed: X509Certificate? { (try? toDERBytes()).flatMap { X509Certificate(der: $0) } }
}
