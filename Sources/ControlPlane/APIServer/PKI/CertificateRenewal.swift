import Logging

/// Issues the server's and the administrator's certificates anew before a third of their life is left, while the server
/// runs. The authority itself lasts ten years and is not renewed.
struct CertificateRenewal: Sendable {
    /// Not more often, whatever the certificates say.
    private static let shortest: Int64 = 60
    /// Clocks are set and machines sleep: no wait is longer.
    private static let longest: Int64 = 43_200

    let certificate: ServingCertificate
    let environment: ServerEnvironment
    let logger: Logger
    /// Called with the new certificates, for who keeps copies of them.
    let onRenewal: @Sendable (PKI) -> Void

    /// Until it is cancelled.
    func run() async {
        while true {
            let wait = min(max(certificate.pki.renewal - now, Self.shortest), Self.longest)
            guard (try? await environment.sleep(.seconds(wait))) != nil else { return }
            renewIfDue()
        }
    }

    func renewIfDue() {
        guard now >= certificate.pki.renewal else { return }
        do {
            let pki = try certificate.pki.renewed(now: now)
            try certificate.replace(with: pki)
            onRenewal(pki)
            logger.notice("Certificates were issued anew")
        } catch {
            logger.error("Certificates could not be issued anew; will try again", metadata: ["error": "\(error)"])
        }
    }

    private var now: Int64 { environment.now() / 1_000_000 }
}
