import Activation
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI
import Testing

@testable import Authorization

/// Policies for one workload, and requests to it.
struct MeshFixture {
    let sources = FakeSources()
    let access: AccessTable.Access

    init(
        _ policies: [JSONValue], tokens: [JSONValue] = [], peers: [JSONValue] = [], providers: [JSONValue] = [],
        inner: Object? = nil
    ) {
        func objects(_ kind: String, _ specs: [JSONValue]) -> [Object] {
            specs.enumerated().map { index, spec in
                var object = Object(["apiVersion": "security.istio.io/v1", "kind": .string(kind), "spec": spec])
                object.json["metadata"] = [
                    "namespace": "default", "name": .string("p\(index)"), "resourceVersion": "1",
                ]
                if spec["dry"] != nil { object.annotations["istio.io/dry-run"] = "true" }
                return object
            }
        }
        var mesh = MeshObjects()
        mesh.authorizationPolicies = objects("AuthorizationPolicy", policies)
        mesh.requestAuthentications = objects("RequestAuthentication", tokens)
        mesh.peerAuthentications = objects("PeerAuthentication", peers)
        mesh.providers = providers.compactMap(CheckProvider.init)
        var compiler = AccessCompiler()
        let route = RouteSubject(
            owners: inner.map { [$0.key] } ?? [], namespaces: ["default"],
            workloads: [Workload(namespace: "default", labels: ["app": "m"], names: ["m"])])
        access = compiler.compile([route], mesh: mesh) { _ in inner }[0]
    }

    func verdict(
        _ line: String = "GET /v1/models?a=b HTTP/1.1", _ fields: [String] = [], peer: AccessPeer? = nil
    ) async throws -> Verdict {
        guard case .guarded(let policy) = access else { return .allowed(.everyone) }
        let desk = AccessDesk(
            authority: sources, sources: sources, epoch: AccessEpoch(), now: { AuthConfigFixture.now })
        var loop = LoopAccess<Int>(epoch: AccessEpoch(), wallClock: { AuthConfigFixture.now })
        let head = Array(([line, "Host: m.example.com:8080"] + fields).map { $0 + "\r\n" }.joined().utf8)
        let peer = peer ?? AccessPeer(address: "10.1.2.3", localAddress: "10.0.0.1", localPort: 8080)
        let answer = loop.judge(
            policy, head: head.span, call: AccessCall(peer: peer), waiter: 0, at: .init(nanoseconds: 0))
        if case .verdict(let verdict) = answer { return verdict }
        return await desk.outcome(of: try #require(answer.question)).verdict
    }

    func status(_ line: String = "GET /v1/models?a=b HTTP/1.1", _ fields: [String] = [], peer: AccessPeer? = nil)
        async throws -> Int
    {
        switch try await verdict(line, fields, peer: peer) {
        case .allowed, .key: 200
        case .denied(let denial): denial.status
        }
    }
}

@Suite("Istio's AuthorizationPolicies")
struct MeshTests {
    private static func from(_ source: JSONValue) -> JSONValue { ["from": [["source": source]]] }
    private static func to(_ operation: JSONValue) -> JSONValue { ["to": [["operation": operation]]] }
    private static func when(_ key: String, _ values: JSONValue, _ name: String = "values") -> JSONValue {
        ["when": [["key": .string(key), name: values]]]
    }

    @Test(
        "a rule matches what it says",
        arguments: [
            (to(["methods": ["GET"]]), true), (to(["methods": ["POST"]]), false), (to(["notMethods": ["POST"]]), true),
            (to(["paths": ["/v1/models"]]), true), (to(["paths": ["/v1/*"]]), true),
            (to(["paths": ["*/models"]]), true),
            (to(["paths": ["/v1/{*}"]]), true), (to(["paths": ["/{*}"]]), false), (to(["paths": ["/{**}"]]), true),
            (to(["paths": ["/V1/models"]]), false), (to(["paths": ["*"], "notPaths": ["/v1/mod*"]]), false),
            (to(["hosts": ["M.example.com"]]), true), (to(["hosts": ["*.example.com"]]), true),
            (to(["hosts": ["example.com"]]), false), (to(["ports": ["8080"]]), true), (to(["ports": ["80"]]), false),
            (from(["ipBlocks": ["10.1.0.0/16"]]), true), (from(["ipBlocks": ["10.2.0.0/16"]]), false),
            (from(["notIpBlocks": ["10.1.2.3"]]), false), (from(["remoteIpBlocks": ["10.1.2.3"]]), true),
            (from(["principals": ["*"]]), false), (from(["notPrincipals": ["cluster.local/ns/a/sa/b"]]), true),
            (from(["requestPrincipals": ["*"]]), false), (from(["notRequestPrincipals": ["*"]]), true),
            (from(["namespaces": ["default"]]), false), ([:], true),
            (when("request.headers[X-Team]", ["a*"]), true), (when("request.headers[x-team]", ["b"]), false),
            (when("request.headers[x-none]", ["*"]), false),
            (when("request.headers[x-none]", ["*"], "notValues"), true),
            (when("source.ip", ["10.0.0.0/8"]), true), (when("destination.port", ["8080"]), true),
            (when("request.auth.claims[iss]", ["x"]), false),
        ] as [(JSONValue, Bool)])
    func matching(rule: JSONValue, matches: Bool) async throws {
        for action in ["ALLOW", "DENY"] {
            let fixture = MeshFixture([["action": .string(action), "rules": [rule]]])
            let status = try await fixture.status("GET /v1/models?a=b HTTP/1.1", ["X-Team: abc"])
            #expect(status == (matches == (action == "ALLOW") ? 200 : 403), "\(action)")
        }
    }

    @Test("the order is DENY, then ALLOW; without rules ALLOW lets nobody in and DENY everybody")
    func order() async throws {
        let (all, none): (JSONValue, JSONValue) = ([[:]], [])
        func status(_ policies: JSONValue...) async throws -> Int { try await MeshFixture(policies).status() }
        #expect(try await status(["action": "ALLOW", "rules": none]) == 403)
        #expect(try await status([:]) == 403)
        #expect(try await status(["action": "DENY", "rules": none]) == 200)
        #expect(try await status(["action": "ALLOW", "rules": all], ["action": "DENY", "rules": all]) == 403)
        #expect(try await status(["action": "AUDIT", "rules": all]) == 200)
        #expect(try await status(["action": "DENY", "rules": all, "dry": true]) == 200)
        #expect(try await status(["action": "DENY", "rules": all, "selector": ["matchLabels": ["app": "x"]]]) == 200)
        #expect(try await status(["action": "DENY", "rules": all, "selector": ["matchLabels": ["app": "m"]]]) == 403)
        let named: JSONValue = ["action": "DENY", "rules": all, "targetRefs": [["kind": "Service", "name": "m"]]]
        #expect(try await status(named) == 403)
    }

    @Test("a policy that cannot be read closes its routes")
    func unreadable() {
        let spec: JSONValue = ["rules": [["when": [["key": "nobody.knows", "values": ["x"]]]]]]
        guard case .refused = MeshFixture([spec]).access else {
            Issue.record("it is not closed")
            return
        }
    }

    @Test("certificates are asked for where a PeerAuthentication says so, and tell who calls")
    func peers() async throws {
        let authority = try TestAuthority()
        let certificate = try authority.client("c", spiffe: "spiffe://cluster.local/ns/apps/sa/client").parsed
        func peer(isTrusted: Bool) -> AccessPeer {
            AccessPeer(
                address: "10.0.0.9", localPort: 8443, isSecure: true,
                certificate: ClientCertificate(certificate, isTrusted: isTrusted))
        }
        let strict = MeshFixture([], peers: [["mtls": ["mode": "STRICT"]]])
        #expect(try await strict.status() == 403)
        #expect(try await strict.status(peer: peer(isTrusted: false)) == 403)
        #expect(try await strict.status(peer: peer(isTrusted: true)) == 200)
        for source: JSONValue in [
            ["principals": ["cluster.local/ns/apps/sa/client"]], ["namespaces": ["apps"]],
            ["serviceAccounts": ["apps/client"]], ["trustDomains": ["cluster.local"]],
        ] {
            let fixture = MeshFixture([["rules": [Self.from(source)]]])
            #expect(try await fixture.status(peer: peer(isTrusted: true)) == 200)
            #expect(try await fixture.status(peer: peer(isTrusted: false)) == 403)
        }
    }

    @Test("a CUSTOM rule without anyone to ask is a denial; one for this gateway asks for its AuthConfigs")
    func custom() async throws {
        func spec(_ provider: String) -> JSONValue {
            ["action": "CUSTOM", "provider": ["name": .string(provider)], "rules": [[:]]]
        }
        #expect(try await MeshFixture([spec("nobody")]).status() == 503)
        #expect(try await MeshFixture([spec("martlet")]).status() == 403)
        var service = Object(["apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"])
        service.json["metadata"] = ["namespace": "default", "name": "m"]
        service.annotations = ["security.opendatahub.io/enable-auth": "true"]
        #expect(try await MeshFixture([spec("martlet")], inner: service).status() == 200)
    }

    @Test("tokens: none is let go on, a good one tells who calls, a bad one is refused")
    func tokens() async throws {
        let signer = WebTokenSigner()
        let keys = String(decoding: WebKeySet([signer.publicKey]).json.serialized(), as: UTF8.self)
        let rule: JSONValue = [
            "issuer": "https://idp", "audiences": ["models"], "jwks": .string(keys),
            "outputClaimToHeaders": [["header": "x-sub", "claim": "sub"]],
        ]
        let fixture = MeshFixture(
            [
                [
                    "rules": [
                        Self.from(["requestPrincipals": ["https://idp/ann"]]),
                        Self.when("request.auth.claims[groups]", ["ops"]),
                    ]
                ]
            ],
            tokens: [["jwtRules": [rule]]])
        func status(_ changes: [String: JSONValue?] = [:], _ other: WebTokenSigner? = nil) async throws -> Int {
            var claims: JSONValue = ["iss": "https://idp", "aud": "models", "sub": "ann", "exp": 1_000_100]
            for (name, value) in changes { claims[name] = value }
            let token = try (other ?? signer).sign(claims)
            return try await fixture.status("GET / HTTP/1.1", ["Authorization: Bearer \(token)"])
        }
        #expect(try await fixture.status() == 403)
        #expect(try await status() == 200)
        #expect(try await status(["sub": "bob"]) == 403)
        #expect(try await status(["sub": "bob", "groups": ["a", "ops"]]) == 200)
        #expect(try await status(["aud": "x"]) == 401)
        #expect(try await status(["iss": "https://other"]) == 401)
        #expect(try await status(["exp": 999_000]) == 401)
        #expect(try await status([:], WebTokenSigner()) == 401)
        #expect(try await fixture.status("GET / HTTP/1.1", ["Authorization: Bearer a.b.c"]) == 401)
    }
}
