import NIOSSL

extension TLSConfiguration {
    /// Whom the client trusts, and who it says it is.
    init(_ connection: KubeConnection) throws(KubeconfigError) {
        self = .makeClientConfiguration()
        if connection.skipsVerification { certificateVerification = .none }
        do {
            if let authority = connection.authority {
                trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
            }
        } catch {
            throw KubeconfigError(
                "the kubeconfig's certificate authority for \(connection.server) is no PEM certificate")
        }
        guard let certificate = connection.clientCertificate, let key = connection.clientKey else { return }
        do {
            certificateChain = try NIOSSLCertificate.fromPEMBytes(certificate).map { .certificate($0) }
            privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        } catch {
            throw KubeconfigError(
                "the kubeconfig's client certificate or key for \(connection.server) is not in PEM form")
        }
    }
}
