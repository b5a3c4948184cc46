import JSONModel
import KubeAccess
import KubeModel
import ServingAPI
import Synchronization
import Testing

@testable import Authorization

@Suite("AuthConfigs")
struct AuthConfigTests {
    @Test("anonymous lets everyone in; without any way of telling who calls nobody is")
    func anonymous() async throws {
        #expect(try await AuthConfigFixture(["authentication": ["a": ["anonymous": [:]]]]).status() == 200)
        #expect(try await AuthConfigFixture([:]).status() == 401)
        let skipped: JSONValue = [
            "authentication": ["a": ["anonymous": [:], "when": [["predicate": "request.method == 'PUT'"]]]]
        ]
        #expect(try await AuthConfigFixture(skipped).status() == 401)
    }

    @Test(
        "a credential is found where it is said to be, and only there",
        arguments: [
            (["customHeader": ["name": "X-Key"]], "X-Key: key"), (["cookie": ["name": "k"]], "Cookie: a=b; k=key"),
            (["authorizationHeader": ["prefix": "APIKEY"]], "Authorization: APIKEY key"),
            ([:], "Authorization: Bearer key"),
        ] as [(JSONValue, String)])
    func places(place: JSONValue, field: String) async throws {
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["apiKey": ["selector": ["matchLabels": ["a": "b"]]], "credentials": place]]
        ])
        var secret = Object(["apiVersion": "v1", "kind": "Secret", "metadata": ["namespace": "default", "name": "k"]])
        secret.labels = ["a": "b"]
        fixture.sources.state.withLock { $0.secrets = [secret] }
        #expect(try await fixture.status([field]) == 200)
        #expect(try await fixture.status([field + "x"]) == 401)
        #expect(try await fixture.status([field, field]) == (field.hasPrefix("Cookie") ? 401 : 401))
        #expect(try await fixture.status() == 401)
        fixture.sources.state.withLock { $0.secrets[0].labels = ["a": "c"] }
        #expect(try await fixture.status([field]) == 401)
    }

    @Test("a key in the query is found, percent-decoded")
    func query() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "a": ["apiKey": ["selector": [:]], "credentials": ["queryString": ["name": "key"]]]
            ]
        ])
        fixture.sources.state.withLock { $0.secrets = [Object(["metadata": ["name": "k"]])] }
        #expect(try await fixture.status(line: "GET /?key=k%65y HTTP/1.1") == 200)
        #expect(try await fixture.status(line: "GET /?key=kez HTTP/1.1") == 401)
        #expect(try await fixture.status(line: "GET /?key=key&key=key HTTP/1.1") == 401)
    }

    @Test("the answer asks for what every way wants, and says why each refused")
    func unauthenticated() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "b": ["kubernetesTokenReview": [:]],
                "a": ["apiKey": ["selector": [:]], "credentials": ["customHeader": ["name": "X-Key"]]],
            ]
        ])
        let denial = try #require(try await fixture.outcome(["Authorization: Bearer bad"]).denial)
        #expect(
            denial.fields == [
                .init(name: "WWW-Authenticate", value: "x-key realm=\"a\""),
                .init(name: "WWW-Authenticate", value: "Bearer realm=\"b\""),
                .init(name: "X-Ext-Auth-Reason", value: #"{"a":"credential not found","b":"not authenticated"}"#),
            ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
    }

    @Test("OpenShift AI's own AuthConfig means what the annotation means")
    func openShift() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "kubernetes-user": [
                    "credentials": ["authorizationHeader": [:]],
                    "kubernetesTokenReview": ["audiences": ["https://kubernetes.default.svc"]],
                ]
            ],
            "authorization": [
                "kubernetes-rbac": [
                    "kubernetesSubjectAccessReview": [
                        "resourceAttributes": [
                            "verb": ["value": "get"], "group": ["value": "serving.kserve.io"],
                            "resource": ["value": "inferenceservices"], "namespace": ["value": "default"],
                            "subresource": ["value": ""], "name": ["value": "m"],
                        ], "user": ["selector": "auth.identity.user.username"],
                    ]
                ]
            ],
        ])
        #expect(fixture.rules.isAboutCaller)
        let seen = Mutex<AccessAttributes?>(nil)
        fixture.sources.state.withLock {
            $0.allowed = { identity, attributes in
                seen.withLock { $0 = attributes }
                return identity.user == "ci"
            }
        }
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
        #expect(
            seen.withLock { $0 }
                == AccessAttributes(
                    verb: "get", group: "serving.kserve.io", resource: "inferenceservices", namespace: "default",
                    name: "m"))
        fixture.sources.state.withLock { $0.allowed = { _, _ in false } }
        let denial = try #require(try await fixture.outcome(["Authorization: Bearer good"]).denial)
        #expect(denial.status == 403)
        #expect(denial.fields == [.init(name: "X-Ext-Auth-Reason", value: "not authorized: unknown reason")])
    }

    @Test(
        "patterns hold or the call is denied; what cannot be evaluated does not hold",
        arguments: [
            (["selector": "context.request.http.method", "operator": "eq", "value": "GET"], 200),
            (["selector": "request.method", "operator": "neq", "value": "GET"], 403),
            (["selector": "request.headers.x-team", "operator": "eq", "value": "a"], 200),
            (["selector": "auth.identity.user.groups", "operator": "incl", "value": "g"], 200),
            (["selector": "auth.identity.user.groups", "operator": "incl", "value": "h"], 403),
            (["selector": "auth.identity.user.groups", "operator": "excl", "value": "g"], 403),
            (["selector": "auth.identity.user.groups.#", "operator": "eq", "value": "1"], 200),
            (["selector": "request.url_path", "operator": "matches", "value": "^/v1/"], 200),
            (["selector": "request.url_path", "operator": "matches", "value": "^/v2/"], 403),
            (["predicate": "auth.identity.user.username == 'ci' && request.headers['x-team'] == 'a'"], 200),
            (["predicate": "auth.identity.user.nothing == 'ci'"], 403), (["predicate": "request.method"], 403),
            (["any": [["predicate": "false"], ["predicate": "true"]]], 200),
            (["all": [["predicate": "true"], ["predicate": "false"]]], 403), (["patternRef": "team-a"], 200),
        ] as [(JSONValue, Int)])
    func patterns(pattern: JSONValue, expected: Int) async throws {
        let fixture = try AuthConfigFixture([
            "patterns": [
                "team-a": ["allOf": [["selector": "request.headers.x-team", "operator": "eq", "value": "a"]]]
            ],
            "authentication": ["a": ["kubernetesTokenReview": [:]]],
            "authorization": ["p": ["patternMatching": ["patterns": [pattern]]]],
        ])
        #expect(try await fixture.status(["Authorization: Bearer good", "X-Team: a"]) == expected)
    }

    @Test("a rule whose condition does not hold is left out; one whose condition fails is a denial")
    func conditions() async throws {
        func fixture(_ condition: JSONValue) throws -> AuthConfigFixture {
            try AuthConfigFixture([
                "authentication": ["a": ["anonymous": [:]]],
                "authorization": [
                    "p": ["patternMatching": ["patterns": [["predicate": "false"]]], "when": [condition]]
                ],
            ])
        }
        #expect(try await fixture(["predicate": "request.method == 'PUT'"]).status() == 200)
        #expect(try await fixture(["predicate": "request.method == 'GET'"]).status() == 403)
        #expect(try await fixture(["predicate": "request.nothing == 1"]).status() == 503)
    }

    @Test("denials are as the AuthConfig wants them, but are denials; headers for the server are set and not believed")
    func responses() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["kubernetesTokenReview": ["audiences": ["x"]]]],
            "response": [
                "unauthenticated": [
                    "code": 302, "headers": ["Location": ["value": "https://login"]], "message": ["value": "log in"],
                    "body": ["value": "hello"],
                ],
                "success": [
                    "headers": [
                        "x-user": ["plain": ["selector": "auth.identity.user.username"]],
                        "other": ["key": "x-evil", "plain": ["expression": "'a\\r\\nb'"]],
                    ]
                ],
            ],
        ])
        let denial = try #require(try await fixture.outcome().denial)
        #expect(denial.status == 302 && denial.body == "hello")
        #expect(denial.fields.contains(.init(name: "Location", value: "https://login")))
        #expect(denial.fields.contains(.init(name: "X-Ext-Auth-Reason", value: "log in")))
        guard case .allowed(let grant) = try await fixture.outcome(["Authorization: Bearer good"]).verdict else {
            Issue.record("denied")
            return
        }
        #expect(String(decoding: grant.fields, as: UTF8.self) == "x-user: ci\r\n")
        #expect(Set(grant.replaces.map { String(decoding: $0, as: UTF8.self) }) == ["x-user", "x-evil"])
    }

    @Test("introspection believes active tokens")
    func introspection() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "a": ["oauth2Introspection": ["endpoint": "https://idp/introspect", "credentialsRef": ["name": "s"]]]
            ]
        ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
        #expect(try await fixture.status(["Authorization: Bearer bad"]) == 401)
    }

    @Test(
        "what is not there is refused with its place",
        arguments: [
            (["metadata": ["m": ["http": ["url": "ftp://x"]]]], "spec.metadata[m].http.url"),
            (["metadata": ["m": ["userInfo": ["identitySource": "a"]]]], "spec.metadata[m]"),
            (["callbacks": ["m": [:]]], "spec.callbacks[m]"),
            (
                ["authentication": ["a": ["x509": ["source": ["xfccHeader": "x"]]]]],
                "spec.authentication[a].x509.source"
            ),
            (["authorization": ["a": ["opa": ["rego": "allow = true"]]]], "spec.authorization[a].opa.rego"),
            (["authorization": ["a": ["spicedb": ["endpoint": "x"]]]], "spec.authorization[a].spicedb"),
            (["authorization": ["a": [:]]], "spec.authorization[a]"),
            (["when": [["predicate": "nobody.knows"]]], "spec.when[0].predicate"),
            (["when": [["selector": "a.@pretty", "operator": "eq"]]], "spec.when[0].selector"),
            (["authentication": ["a": ["jwt": [:]]]], "spec.authentication[a].jwt"),
            (
                ["response": ["success": ["headers": ["Host": ["plain": ["value": "x"]]]]]],
                "spec.response.success.headers[Host]"
            ),
        ] as [(JSONValue, String)])
    func refused(spec: JSONValue, field: String) {
        let (_, problems) = AuthRules.read(Object(["spec": spec]))
        #expect(problems.map(\.field).contains(field), "\(problems)")
    }
}
