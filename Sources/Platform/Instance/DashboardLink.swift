import APIServer
import Dashboard
import Glibc
import Logging

extension DataDirectory {
    /// Signs one-time links to the dashboard; a new one for each run.
    package var dashboardKey: String { path + "/dashboard.key" }

    /// Makes the key of this run. Where it cannot be written, on a full disk, there are no links, and all else goes on.
    func makeDashboardKey(_ logger: Logger) -> String {
        let key = LoginLink.newKey()
        do {
            try PrivateFile.write(Array(key.utf8), to: dashboardKey)
        } catch {
            logger.warning("martlet dashboard can make no links: \(error). Log in with a token, or start again")
        }
        return key
    }

    /// A link that logs in to the dashboard of the Martlet that runs here: once, within five minutes, on this machine.
    ///
    /// - Returns: `nil` where none runs.
    package func dashboardLink() -> String? {
        guard let endpoints = runningInstance(), let key = FileContents.read(dashboardKey) else { return nil }
        let token = LoginLink.token(key: String(decoding: key, as: UTF8.self), now: Int64(time(nil)))
        return "\(endpoints.admin)/login?token=\(token)"
    }
}
