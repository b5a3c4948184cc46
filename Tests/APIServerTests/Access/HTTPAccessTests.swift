import Foundation
import JSONModel
import JSONWebToken
import KubeAccess
import KubeClient
import KubeController
import KubeModel
import Logging
import NIOSSL
import ServingAPI
import Synchronization
import Testing
import X509

@testable import APIServer

/// Identities as they come over TLS.
@Suite(.timeLimit(.minutes(1))) struct HTTPAccessTests {
    static func connection(_ fixture: HTTPFixture) throws -> KubeConnection {
        var connection = KubeConnection(server: fixture.url)
        connection.authority = Array(try fixture.pki.authority.credential.certificatePEM.utf8)
        return connection
    }

    static func client(_ fixture: HTTPFixture, user: String, groups: [String]) throws -> HTTPSResourceClient {
        let now = Int64(Date().timeIntervalSince1970)
        let credential = try fixture.pki.authority.issueClient(user: user, groups: groups, now: now)
        var connection = try connection(fixture)
        connection.clientCertificate = Array(try credential.certificatePEM.utf8)
        connection.clientKey = Array(credential.keyPEM.utf8)
        return try HTTPSResourceClient(connection)
    }

    static func post(_ path: String, _ kind: String) -> KubeRequest {
        var request = KubeRequest(.post, path: path)
        request.contentType = MediaType.json
        let body: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": .string(kind), "spec": [:]]
        request.body = body.serialized()
        return request
    }

    static func whoAmI(_ client: HTTPSResourceClient) async throws -> JSONValue? {
        let answer = try await client.send(
            post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "SelfSubjectReview"))
        return answer[path: "status", "userInfo"]
    }

    @Test("A certificate's common name is the user, its organizations are the groups")
    func certificates() async throws {
        try await HTTPFixture.with { fixture in
            let client = try Self.client(fixture, user: "jane", groups: ["a", "b"])
            let user = try await Self.whoAmI(client)
            #expect(user?["username"] == "jane")
            #expect(user?["groups"] == ["a", "b", "system:authenticated"])
            let status = try await refusal { try await client.list(.pods, namespace: "default", ListOptions()) }
            #expect(status?.code == 403)
            try await client.shutdown()
        }
    }

    @Test("A certificate that has ended is nobody's, though its connection goes on")
    func ended() throws {
        let authority = try CertificateAuthority(now: HTTPPKITests.now)
        let credential = try authority.issueClient(
            user: "jane", groups: [], now: HTTPPKITests.now, lifetime: 600)
        let shown = try #require(
            ShownCertificate(NIOSSLCertificate(bytes: Array(credential.certificatePEM.utf8), format: .pem)))
        #expect(shown.identity(now: HTTPPKITests.now + 599)?.user == "jane")
        #expect(shown.identity(now: HTTPPKITests.now + 600) == nil)
    }

    @Test("A certificate without a name is nobody's")
    func nameless() async throws {
        try await HTTPFixture.with { fixture in
            let client = try Self.client(fixture, user: "", groups: ["system:masters"])
            let status = try await refusal { try await client.list(.pods, namespace: "default", ListOptions()) }
            #expect(status?.code == 401)
            try await client.shutdown()
        }
    }

    @Test("A token is as good as a certificate")
    func tokens() async throws {
        try await HTTPFixture.with { fixture in
            _ = try await fixture.client.create(
                .serviceAccounts, Object(.serviceAccounts, namespace: "default", name: "ci"))
            let answer = try await fixture.client.send(
                Self.post("/api/v1/namespaces/default/serviceaccounts/ci/token", "TokenRequest"))
            var connection = try Self.connection(fixture)
            connection.token = answer[path: "status", "token"]?.stringValue
            let client = try HTTPSResourceClient(connection)
            #expect(try await Self.whoAmI(client)?["username"] == "system:serviceaccount:default:ci")
            try await client.shutdown()
        }
    }
}

/// Certificates that are issued anew while the server shows them.
@Suite struct RenewalTests {
    @Test("Certificates are renewed when a third of their life is left, and handed to who keeps copies")
    func renewal() throws {
        try HTTPPKITests.with { directory in
            let pki = try PKI(directory: directory, names: ["localhost"], now: HTTPPKITests.now)
            let time = ManualTime(origin: HTTPPKITests.now * 1_000_000)
            var environment = ServerEnvironment.system
            environment.now = { time.microsecondsSince1970 }
            let certificate = try ServingCertificate(pki)
            let told = Mutex<[PKI]>([])
            let renewal = CertificateRenewal(
                certificate: certificate, environment: environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                onRenewal: { pki in told.withLock { $0.append(pki) } })
            time.advance(by: .seconds(243 * 86_400))
            renewal.renewIfDue()
            #expect(certificate.pki.server.certificate == pki.server.certificate)
            time.advance(by: .seconds(86_400))
            renewal.renewIfDue()
            let renewed = told.withLock { $0 }
            #expect(renewed.count == 1)
            #expect(certificate.pki.server.certificate == renewed.first?.server.certificate)
            #expect(certificate.pki.server.certificate != pki.server.certificate)
            #expect(certificate.pki.admin.certificate != pki.admin.certificate)
            #expect(certificate.pki.tokens.publicKey.id == pki.tokens.publicKey.id)
            #expect(certificate.pki.renewal > HTTPPKITests.now + 400 * 86_400)
        }
    }

    @Test("A running server shows a new certificate to new connections")
    func shown() throws {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let pki = try PKI(directory: "\(directory)/pki", names: ["localhost"], now: HTTPPKITests.now)
        let certificate = try ServingCertificate(pki)
        let before = certificate.pki.server.certificate
        try certificate.replace(with: pki.renewed(now: HTTPPKITests.now + 300 * 86_400))
        #expect(certificate.pki.server.certificate != before)
    }

    @Test("A key for tokens that cannot be read is named, and left as it is")
    func damagedKey() throws {
        try HTTPPKITests.with { directory in
            _ = try PKI(directory: directory, names: ["localhost"], now: HTTPPKITests.now)
            try Data("nonsense".utf8).write(to: URL(filePath: "\(directory)/service-accounts.pem"))
            let error = #expect(throws: PKIError.self) {
                try PKI(directory: directory, names: ["localhost"], now: HTTPPKITests.now)
            }
            #expect(error?.description.contains("service-accounts.pem") == true)
        }
    }
}
