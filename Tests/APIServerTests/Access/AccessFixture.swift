import Foundation
import JSONModel
import JSONWebToken
import KubeAccess
import KubeClient
import KubeController
import KubeModel
import ObjectStore
import ServingAPI
import Synchronization

@testable import APIServer

/// The API with access control, without sockets, at a time that the test decides.
final class AccessFixture: Sendable {
    static let origin: Int64 = 1_800_000_000

    let server: ObjectServer
    let access: AccessControl
    let api: API
    let issuer = TokenIssuer(WebTokenSigner())
    let time = ManualTime(origin: AccessFixture.origin * 1_000_000)
    private let directory: String

    init(audit: AuditLog? = nil) async throws {
        directory = try HTTPFixture.temporaryDirectory()
        let counter = Mutex(0)
        let next: @Sendable () -> Int = {
            counter.withLock {
                $0 += 1
                return $0
            }
        }
        server = try await ObjectServer(
            store: try ObjectStore(path: directory + "/test.db"), definitions: ServingKinds.definitions,
            environment: ServerEnvironment(
                now: { [time] in time.microsecondsSince1970 }, uid: { "uid-\(next())" }, nameSuffix: { "s\(next())" },
                sleep: { [time] in try await time.sleep(for: $0) }))
        access = try await AccessControl(server, issuer: issuer, audit: audit)
        api = API(server: server, logs: ScriptedLogs(), access: access)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// What the API answers `identity`.
    func call(
        _ identity: Identity, _ method: String, _ target: String, _ body: JSONValue? = nil, type: String = ""
    ) async throws -> (code: Int, json: JSONValue) {
        var request = APIRequest(method: method, target: target)
        request.identity = identity
        request.contentType = type
        request.body = body?.serialized() ?? []
        return try Self.read(await api.respond(to: request))
    }

    static func read(_ response: APIResponse) throws -> (code: Int, json: JSONValue) {
        guard case .whole(let bytes) = response.body else { return (response.code, .null) }
        return (response.code, (try? JSONValue(parsing: bytes)) ?? .null)
    }

    /// Gives a user or group a ClusterRole of these rules, in a namespace or in all.
    func grant(_ name: String, _ rules: [PolicyRule], to user: String, in namespace: String? = nil) async throws {
        _ = try await server.create(
            .clusterRoles, Object(.clusterRoles, name: name, ["rules": .array(rules.map(\.json))]))
        try await bind(name, to: user, in: namespace)
    }

    func bind(_ role: String, to user: String, in namespace: String? = nil) async throws {
        let resource = namespace == nil ? Resource.clusterRoleBindings : .roleBindings
        _ = try await server.create(
            resource,
            Object(
                resource, namespace: namespace, name: "\(role)-\(user)",
                [
                    "roleRef": ["kind": "ClusterRole", "name": .string(role)],
                    "subjects": [["kind": "User", "name": .string(user)]],
                ]))
    }

    func make(_ resource: Resource, _ name: String, _ fields: JSONObject = [:]) async throws -> Object {
        try await server.create(
            resource, Object(resource, namespace: resource.isNamespaced ? "default" : nil, name: name, fields))
    }

    /// A ServiceAccount's token, by TokenRequest.
    func token(_ account: String, _ spec: JSONValue = [:]) async throws -> String {
        let request: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec]
        let path = "/api/v1/namespaces/default/serviceaccounts/\(account)/token"
        let answer = try await call(.admin, "POST", path, request)
        return answer.json[path: "status", "token"]?.stringValue ?? "none: \(answer.json.text)"
    }

    /// The identity that a token proves.
    func identity(_ token: String, audiences: [String] = []) async throws(WebTokenRefusal) -> Identity {
        try await access.authenticator.tokens.authenticate(token, audiences: audiences).identity
    }
}

extension Identity {
    static let admin = Identity(user: "admin", groups: [masters, authenticated])
    static let jane = Identity(user: "jane", groups: [authenticated])
}
