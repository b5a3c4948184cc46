import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import NIOHTTP1
import ServingAPI
import Testing

@testable import APIServer

@Suite struct ImpersonationTests {
    typealias Headers = [(name: String, value: String)]

    static func identity(
        _ fixture: AccessFixture, _ caller: Identity, _ headers: Headers
    ) async throws(Status) -> (APIRequest) {
        var request = APIRequest(method: "GET", target: "/api/v1/pods")
        let credentials = Credentials(certificate: caller, impersonation: headers)
        try await fixture.access.authenticate(&request, credentials)
        return request
    }

    @Test("One who may act as another does, and both are known")
    func allowed() async throws {
        let fixture = try await AccessFixture()
        let request = try await Self.identity(
            fixture, .admin,
            [
                ("impersonate-user", "joe"), ("impersonate-group", "a"), ("impersonate-group", "b"),
                ("impersonate-uid", "7"), ("impersonate-extra-scope%2fx", "1"), ("impersonate-extra-scope%2fx", "2"),
            ])
        #expect(request.identity.user == "joe")
        #expect(request.identity.uid == "7")
        #expect(request.identity.groups == ["a", "b", "system:authenticated"])
        #expect(request.identity.extra == ["scope/x": ["1", "2"]])
        #expect(request.impersonator == .admin)
    }

    @Test("A ServiceAccount that is acted as has its groups")
    func serviceAccounts() async throws {
        let fixture = try await AccessFixture()
        let request = try await Self.identity(
            fixture, .admin, [("impersonate-user", "system:serviceaccount:team:ci")])
        #expect(
            request.identity.groups == [
                "system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated",
            ])
    }

    @Test(
        "Each part of another needs a right of its own",
        arguments: [
            ([("impersonate-user", "joe")], true), ([("impersonate-user", "root")], false),
            ([("impersonate-user", "joe"), ("impersonate-group", "system:masters")], false),
            ([("impersonate-user", "joe"), ("impersonate-uid", "7")], false),
            ([("impersonate-user", "joe"), ("impersonate-extra-a", "7")], false),
            ([("impersonate-user", "system:serviceaccount:default:ci")], false),
        ] as [(Headers, Bool)])
    func rights(_ headers: Headers, _ isAllowed: Bool) async throws {
        let fixture = try await AccessFixture()
        try await fixture.grant(
            "as-joe",
            [PolicyRule(verbs: ["impersonate"], apiGroups: [""], resources: ["users"], resourceNames: ["joe"])],
            to: "jane")
        let status = try await refusal { try await Self.identity(fixture, .jane, headers) }
        #expect(status?.code == (isAllowed ? nil : 403), "\(status?.message ?? "")")
    }

    @Test("Groups without a user are no one")
    func groupsAlone() async throws {
        let fixture = try await AccessFixture()
        let status = try await refusal { try await Self.identity(fixture, .admin, [("impersonate-group", "a")]) }
        #expect(status?.code == 400)
    }
}

@Suite struct AuthenticatorTests {
    static func status(
        _ fixture: AccessFixture, _ target: String, _ credentials: Credentials
    ) async throws -> Int? {
        try await refusal {
            var request = APIRequest(method: "GET", target: target)
            try await fixture.access.authenticate(&request, credentials)
            return request
        }?.code
    }

    @Test(
        "Nobody is let in without a proof, but to see from this machine whether the server is well",
        arguments: [
            ("/healthz", true, true), ("/livez", true, true), ("/readyz", true, true), ("/version", true, true),
            ("/healthz", false, false), ("/version", false, false), ("/api", true, false),
            ("/api/v1/pods", true, false), ("/openapi/v2", true, false),
            ("/.well-known/openid-configuration", true, false),
        ])
    func anonymous(_ target: String, _ isLocal: Bool, _ isLetIn: Bool) async throws {
        let fixture = try await AccessFixture()
        let code = try await Self.status(fixture, target, Credentials(isLocal: isLocal))
        #expect(code == (isLetIn ? nil : 401))
    }

    @Test(
        "A proof that is none is refused, though what is asked is open to all",
        arguments: ["Bearer x", "Bearer ", "Basic eDp5", "Bearer", "bearer a.b.c"])
    func badTokens(_ header: String) async throws {
        let fixture = try await AccessFixture()
        #expect(try await Self.status(fixture, "/healthz", Credentials(authorization: header, isLocal: true)) == 401)
    }

    @Test(
        "A WebSocket's token is among its protocols, unless there is an Authorization header",
        arguments: [
            ("base64url.bearer.authorization.k8s.io.YS5iLmM", "", "a.b.c"),
            ("v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.YS5iLmM", "", "a.b.c"),
            ("v5.channel.k8s.io", "", nil), ("base64url.bearer.authorization.k8s.io.", "", nil),
            ("base64url.bearer.authorization.k8s.io.!", "", nil),
            ("base64url.bearer.authorization.k8s.io.YS5iLmM", "Bearer x", "x"),
        ])
    func protocols(_ protocols: String, _ authorization: String, _ token: String?) {
        #expect(Credentials(authorization: authorization, protocols: protocols).bearer == token)
    }

    @Test("A WebSocket's token goes no further than authentication")
    func protocolsWithoutToken() {
        let fields: HTTPHeaders = [
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "k", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": "base64url.bearer.authorization.k8s.io.YS5iLmM, v5.channel.k8s.io",
        ]
        #expect(UpgradeOffer(fields)?.protocols == ["v5.channel.k8s.io"])
    }

    @Test("A token lets its bearer in", arguments: ["Bearer ", "bearer  "])
    func token(_ prefix: String) async throws {
        let fixture = try await TokenTests.fixture()
        let credentials = Credentials(authorization: prefix + (try await fixture.token("ci")))
        #expect(try await Self.status(fixture, "/api", credentials) == nil)
    }
}
