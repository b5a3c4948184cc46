/// The settings of `martlet up`.
package struct StandaloneConfiguration: Sendable {
    package var directory: DataDirectory
    package var listenAddress = "127.0.0.1"
    /// 0 takes any free port (for tests).
    package var apiPort = 6443
    package var gatewayPort = 8080
    package var adminPort = 8081
    package var domain = "localhost"

    package init(directory: DataDirectory) { self.directory = directory }
}
