import Authorization
import FoundationEssentials
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// How clients' certificates are looked at.
package struct ClientAuthorities: Sendable {
    /// Of `--gateway-client-ca`: those whom they sign may take what asks for a certificate.
    let trusted: [NIOSSLCertificate]
    /// Who shows none, or one of another authority, is not served at all. Otherwise it is up to policies and AuthConfigs.
    let areRequired: Bool
    let certificates: [Certificate]

    /// - Parameter path: a PEM file; `nil`: there is none.
    /// - Throws: where it cannot be read.
    package init(path: String?, areRequired: Bool) throws {
        trusted = try path.map(NIOSSLCertificate.fromPEMFile) ?? []
        certificates = try trusted.map { try Certificate(derEncoded: try $0.toDERBytes()) }
        self.areRequired = areRequired
    }
}

/// What became of one client's certificate. Where certificates are required, TLS itself refuses bad ones; where they are
/// not, any is taken and noted, since it may be for an AuthConfig's authorities.
final class ClientTrust: Sendable {
    private let authorities: ClientAuthorities
    /// Of the certificate that was shown: whether it is of the gateway's authorities.
    private let isTrusted = Mutex(false)

    init(_ authorities: ClientAuthorities) { self.authorities = authorities }

    func handler(context: NIOSSLContext) -> NIOSSLServerHandler {
        guard !authorities.areRequired else { return NIOSSLServerHandler(context: context) }
        return NIOSSLServerHandler(context: context) { [self] chain, promise in
            let shown = chain.compactMap { $0.parsed }
            promise.completeWithTask {
                if let leaf = shown.first {
                    let isTrusted = await ClientCertificate(leaf, isTrusted: false).isSigned(
                        by: self.authorities.certificates, others: Array(shown.dropFirst()),
                        now: Date().timeIntervalSince1970)
                    self.isTrusted.withLock { $0 = isTrusted }
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
        return ClientCertificate(certificate, isTrusted: authorities.areRequired || isTrusted.withLock { $0 })
    }
}

extension NIOSSLCertificate {
    fileprivate var parsed: Certificate? { (try? toDERBytes()).flatMap { try? Certificate(derEncoded: $0) } }
}
