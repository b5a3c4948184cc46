import Testing

@testable import KubeClient

@Suite struct KubeconfigTests {
    static let text = """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
        - name: one
          cluster:
            server: https://127.0.0.1:6443/
            certificate-authority-data: Q0E=
        - name: two
          cluster:
            server: https://two:443
            certificate-authority: pki/ca.crt
            insecure-skip-tls-verify: true
        users:
        - name: admin
          user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ}
        - name: files
          user: {client-certificate: /abs/c.crt, client-key: c.key}
        - name: token
          user: {tokenFile: token}
        - name: half
          user: {client-certificate-data: Q0VSVA==}
        - name: plugin
          user: {exec: {command: aws}}
        contexts:
        - name: here
          context: {cluster: one, user: admin, namespace: team}
        - name: there
          context: {cluster: two, user: files}
        - name: bearer
          context: {cluster: two, user: token}
        - name: nobody
          context: {cluster: one}
        - name: half
          context: {cluster: one, user: half}
        - name: plugin
          context: {cluster: one, user: plugin}
        - name: lost
          context: {cluster: nowhere, user: admin}
        """

    static func read(_ path: String) throws(KubeconfigError) -> [UInt8] { Array("<\(path)>\n".utf8) }

    static func config(_ text: String = text) throws -> Kubeconfig {
        try Kubeconfig(yaml: Array(text.utf8), path: "/home/me/.kube/config")
    }

    @Test("The current context is meant where none is named")
    func current() throws {
        let connection = try Self.config().connection(read: Self.read)
        #expect(connection.server == "https://127.0.0.1:6443")
        #expect(connection.namespace == "team")
        #expect(connection.authority == Array("CA".utf8))
        #expect(connection.clientCertificate == Array("CERT".utf8))
        #expect(connection.clientKey == Array("KEY".utf8))
        #expect(!connection.skipsVerification)
    }

    @Test("Files are relative to the kubeconfig")
    func files() throws {
        let connection = try Self.config().connection(context: "there", read: Self.read)
        #expect(connection.authority == Array("</home/me/.kube/pki/ca.crt>\n".utf8))
        #expect(connection.clientCertificate == Array("</abs/c.crt>\n".utf8))
        #expect(connection.clientKey == Array("</home/me/.kube/c.key>\n".utf8))
        #expect(connection.skipsVerification)
        #expect(connection.namespace == "default")
    }

    @Test("A token may come from a file")
    func token() throws {
        let connection = try Self.config().connection(context: "bearer", read: Self.read)
        #expect(connection.token == "</home/me/.kube/token>")
        #expect(try Self.config().connection(context: "nobody").token == nil)
    }

    @Test(
        "What cannot be used is one clear error",
        arguments: [
            ("missing", #"has no context "missing"; it has "bearer", "half", "here""#),
            ("lost", #"has no cluster "nowhere"; it has "one", "two""#),
            ("half", #"user "half" needs both"#), ("plugin", "from a plugin"),
        ])
    func errors(_ context: String, _ message: String) throws {
        let config = try Self.config()
        let error = #expect(throws: KubeconfigError.self) {
            try config.connection(context: context, read: Self.read)
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        #expect(error?.description.contains("/home/me/.kube/config") == true)
    }

    @Test("Of several files the first that says a thing counts")
    func merging() throws {
        var merged = try Self.config("{clusters: [{name: one, cluster: {server: https://other}}]}")
        merged.merge(try Self.config())
        let connection = try merged.connection(context: "nobody")
        #expect(connection.server == "https://other")
        #expect(merged.currentContext == "here")
    }

    @Test("Text that is no kubeconfig is refused", arguments: ["[]", "a: [", ""])
    func nonsense(_ text: String) {
        #expect(throws: KubeconfigError.self) { try Self.config(text) }
    }

    @Test("A connection does not print its secrets")
    func secrets() throws {
        let connection = try Self.config().connection(read: Self.read)
        #expect("\(connection)" == "https://127.0.0.1:6443")
    }

    @Test("A missing file is named")
    func missingFile() {
        let error = #expect(throws: KubeconfigError.self) { try Kubeconfig(path: "/nowhere/kubeconfig") }
        #expect(error?.description.contains("/nowhere/kubeconfig") == true)
    }
}
