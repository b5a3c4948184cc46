import Synchronization
import Testing

@testable import KubeClient

@Suite struct BearerTokenTests {
    @Test("A token file is read again after a minute, and what cannot be read changes nothing")
    func rotation() {
        let now = Mutex(Duration.zero)
        let content = Mutex<String?>("first\n")
        let token = BearerToken(
            "kubeconfig's", file: "/token", read: { _ in content.withLock { $0.map { Array($0.utf8) } } },
            now: { now.withLock { $0 } })
        #expect(token.current == "first")
        content.withLock { $0 = "second\n" }
        #expect(token.current == "first")
        now.withLock { $0 = .seconds(61) }
        #expect(token.current == "second")
        content.withLock { $0 = nil }
        now.withLock { $0 = .seconds(130) }
        #expect(token.current == "second")
    }

    @Test("Without a file the token stays")
    func fixed() {
        let token = BearerToken("t", file: nil, read: { _ in nil }, now: { .zero })
        #expect(token.current == "t")
    }

    @Test("In a pod, the account's files say who the client is", arguments: ["10.0.0.1", "fd00::1"])
    func inCluster(host: String) throws {
        let connection = try KubeConnection.inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"], directory: "/account"
        ) { path in
            Array("<\(path)>\n".utf8)
        }
        #expect(connection.server == (host == "fd00::1" ? "https://[fd00::1]:443" : "https://10.0.0.1:443"))
        #expect(connection.tokenFile == "/account/token" && connection.token == "</account/token>")
        #expect(connection.authority == Array("</account/ca.crt>\n".utf8))
        #expect(connection.namespace == "</account/namespace>")
    }

    @Test("Outside of a pod, the message says what to use")
    func outside() {
        #expect(throws: KubeconfigError.self) {
            try KubeConnection.inCluster(environment: [:]) { (_) throws(KubeconfigError) in [] }
        }
    }
}
