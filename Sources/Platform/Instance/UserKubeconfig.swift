import APIServer
import Glibc

extension DataDirectory {
    /// A kubeconfig for a user of the Martlet that runs on this directory, with a new client certificate.
    ///
    /// - Parameters:
    ///   - lifetime: seconds.
    /// - Throws: `StartFailure` where none runs, or its keys cannot be read.
    package func kubeconfig(for user: String, groups: [String], lifetime: Int64) throws -> String {
        guard let endpoints = runningInstance() else { throw StartFailure("Martlet is not running on \(path)") }
        let now = Int64(time(nil))
        // Nothing is made anew where Martlet runs: its keys are there.
        let pki = try PKI(directory: certificates, now: now)
        return try pki.kubeconfig(
            server: endpoints.api, user: user, groups: groups, lifetime: lifetime, now: now)
    }
}
