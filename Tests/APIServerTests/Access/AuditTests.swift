import Foundation
import JSONModel
import KubeAccess
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Testing

@testable import APIServer

@Suite struct AuditTests {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with a log, and answers with what was written.
    static func events(
        _ policy: AuditPolicy, sizeLimit: Int = 1 << 20, _ body: (AccessFixture) async throws -> Void
    ) async throws -> [JSONValue] {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var environment = ServerEnvironment.system
        environment.now = { AccessFixture.origin * 1_000_000 }
        let log = try AuditLog(
            policy, path: "\(directory)/audit.log", sizeLimit: sizeLimit, logger: logger, environment: environment)
        let fixture = try await AccessFixture(audit: log)
        try await body(fixture)
        log.drain()
        return try lines("\(directory)/audit.log")
    }

    static func lines(_ path: String) throws -> [JSONValue] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try JSONValue(parsing: $0) }
    }

    static let everything = AuditPolicy(rules: [AuditRule(level: .requestResponse)], omitStages: [])

    @Test("A request is written down at its stages: who, what, when, and how it went")
    func event() async throws {
        let events = try await Self.events(Self.everything) { fixture in
            let map: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": ["k": "v"],
            ]
            _ = try await fixture.call(.admin, "POST", "/api/v1/namespaces/default/configmaps?x=y", map)
        }
        #expect(events.map { $0["stage"]?.stringValue } == ["RequestReceived", "ResponseComplete"])
        let event = try #require(events.last)
        #expect(event["apiVersion"] == "audit.k8s.io/v1")
        #expect(event["kind"] == "Event")
        #expect(event["level"] == "RequestResponse")
        #expect(event["verb"] == "create")
        #expect(event["requestURI"] == "/api/v1/namespaces/default/configmaps?x=y")
        #expect(event[path: "user", "username"] == "admin")
        #expect(event["objectRef"] == ["resource": "configmaps", "namespace": "default", "apiVersion": "v1"])
        #expect(event[path: "responseStatus", "code"] == 201)
        #expect(event[path: "requestObject", "data", "k"] == "v")
        #expect(event[path: "responseObject", "metadata", "name"] == "a")
        #expect(event["auditID"] == events.first?["auditID"])
        #expect(event["requestReceivedTimestamp"] == "2027-01-15T08:00:00.000000Z")
    }

    @Test("Secrets and tokens are never written down, whatever the policy says")
    func secrets() async throws {
        let events = try await Self.events(Self.everything) { fixture in
            _ = try await fixture.make(.serviceAccounts, "ci")
            let secret: JSONValue = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "a"], "stringData": ["k": "hidden-value"],
            ]
            let path = "/api/v1/namespaces/default/secrets"
            _ = try await fixture.call(.admin, "POST", path, secret)
            _ = try await fixture.call(.admin, "POST", path, secret)
            _ = try await fixture.call(.admin, "GET", path)
            _ = try await fixture.call(
                .admin, "PATCH", path + "/a", ["stringData": ["k": "hidden-value"]],
                type: "application/merge-patch+json")
            let token = try await fixture.token("ci")
            let review: JSONValue = [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(token)],
            ]
            _ = try await fixture.call(.admin, "POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)
        }
        #expect(events.count == 12)
        #expect(events.allSatisfy { $0["level"] == "Metadata" })
        let text = events.map(\.text).joined()
        #expect(!text.contains("hidden") && !text.contains("aGlkZGVu") && !text.contains("eyJ"))
    }

    @Test("The first rule that matches decides")
    func rules() async throws {
        let policy = try AuditPolicy(
            yaml: """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules:
                - {level: None, users: [jane], verbs: [list]}
                - {level: Request, resources: [{group: "", resources: [configmaps], resourceNames: [one]}]}
                - {level: Metadata, namespaces: [default]}
                - {level: None, nonResourceURLs: ["/api*"]}
                - {level: Metadata, userGroups: ["system:masters"]}
                """)
        let expected: [(Identity, String, String, AuditLevel?)] = [
            (.jane, "GET", "/api/v1/namespaces/default/pods", AuditLevel.none),
            (.jane, "GET", "/api/v1/namespaces/default/pods/a", .metadata),
            (.admin, "GET", "/api/v1/namespaces/default/configmaps/one", .request),
            (.admin, "GET", "/api/v1/namespaces/default/configmaps/two", .metadata),
            (.admin, "GET", "/apis", AuditLevel.none), (.admin, "GET", "/version", .metadata),
            (.jane, "GET", "/version", nil), (.jane, "GET", "/api/v1/nodes/a", nil),
        ]
        for (identity, method, target, level) in expected {
            let attributes = AccessAttributes(APIRequest(method: method, target: target))
            #expect(policy.rule(identity, attributes)?.level == level, "\(identity.user) \(target)")
        }
    }

    @Test(
        "A policy that cannot be understood is refused",
        arguments: [
            "", "a: 1", "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []",
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Everything}]", "[",
        ])
    func wrongPolicies(_ yaml: String) { #expect(throws: (any Error).self) { try AuditPolicy(yaml: yaml) } }

    @Test("Those who are not let in are written down too, with the reason")
    func refused() async throws {
        let events = try await Self.events(.metadata) { fixture in
            let request = APIRequest(method: "GET", target: "/api/v1/pods")
            _ = fixture.api.refuse(request, .unauthorized)
            _ = try await fixture.call(.jane, "GET", "/api/v1/pods")
            _ = try await fixture.call(.jane, "GET", "/healthz")
        }
        #expect(events.map { $0[path: "responseStatus", "code"]?.intValue } == [401, 403])
        #expect(events.last?[path: "responseStatus", "message"]?.stringValue?.contains("cannot list") == true)
    }

    @Test("A watch is written down when it begins and when it ends")
    func streams() async throws {
        let events = try await Self.events(.metadata) { fixture in
            var request = APIRequest(method: "GET", target: "/api/v1/pods?watch=1&timeoutSeconds=1")
            request.identity = .admin
            let response = await fixture.api.respond(to: request)
            guard case .watch(let watch) = response.body else { return }
            watch.onEnd()
        }
        #expect(events.map { $0["stage"]?.stringValue } == ["ResponseStarted", "ResponseComplete"])
    }

    @Test("A file that is large is put aside, and so many are kept")
    func rotation() throws {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = try AuditFile("\(directory)/log", sizeLimit: 10, backups: 2)
        for number in 0..<5 { try file.write(Array("line \(number)\n".utf8)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["log", "log.1", "log.2"])
        #expect(try String(contentsOfFile: "\(directory)/log", encoding: .utf8) == "line 4\n")
        #expect(try String(contentsOfFile: "\(directory)/log.2", encoding: .utf8) == "line 2\n")
        #expect(try HTTPPKITests.mode("\(directory)/log") == 0o600)
    }

    @Test("Where there can be no new file, the old ones stay as they are")
    func failedRotation() throws {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = try AuditFile("\(directory)/log", sizeLimit: 10, backups: 2)
        for number in 0..<3 { try file.write(Array("line \(number)\n".utf8)) }
        // Nobody can open a folder to write to it.
        try FileManager.default.createDirectory(atPath: "\(directory)/log.new", withIntermediateDirectories: false)
        for _ in 0..<3 { #expect(throws: PrivateFile.Failure.self) { try file.write(Array("more\n".utf8)) } }
        for (name, line) in [("log", 2), ("log.1", 1), ("log.2", 0)] {
            #expect(try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) == "line \(line)\n")
        }
    }

    @Test("What does not fit into the queue is counted, and holds nobody up")
    func overload() async throws {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let log = try AuditLog(.metadata, path: "\(directory)/log", logger: Self.logger)
        let request = APIRequest(method: "GET", target: "/api/v1/pods")
        for _ in 0..<10_050 { _ = log.begin(request)?.finish(.text("ok")) }
        #expect(log.dropped == 50)
        log.drain()
        #expect(log.written == 10_000)
    }
}
