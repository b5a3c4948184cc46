import JSONModel
import JSONWebToken
import Synchronization
import Testing

@testable import Authorization

@Suite("Evaluators that fail")
struct AuthConfigFailureTests {
    static let evaluators: [JSONValue] = [
        ["authentication": ["a": ["kubernetesTokenReview": [:]]]],
        ["authentication": ["a": ["jwt": ["issuerUrl": "https://idp"]]]],
        ["authentication": ["a": ["jwt": ["jwksUrl": "https://idp/keys"]]]],
        [
            "authentication": [
                "a": ["oauth2Introspection": ["endpoint": "https://idp/i", "credentialsRef": ["name": "s"]]]
            ]
        ],
        with(["kubernetesSubjectAccessReview": ["user": ["value": "u"]]]),
        with(["opa": ["endpoint": "http://opa/v1/data/allow"]]),
        with(["opa": ["endpoint": "http://opa/v1/data/allow", "sharedSecretRef": ["name": "s", "key": "k"]]]),
        with([
            "spicedb": [
                "endpoint": "spicedb:8443", "permission": ["value": "use"],
                "subject": ["kind": ["value": "user"], "name": ["value": "u"]],
                "resource": ["kind": ["value": "model"], "name": ["value": "m"]],
            ]
        ]),
    ]

    private static func with(_ rule: JSONValue) -> JSONValue {
        ["authentication": ["a": ["anonymous": [:]]], "authorization": ["r": rule, "s": rule]]
    }

    @Test(
        "every evaluator that fails or does not answer is a denial that says nothing of the caller",
        arguments: evaluators, ["fails", "hangs", "cancelled"])
    func failures(spec: JSONValue, trouble: String) async throws {
        let fixture = try AuthConfigFixture(spec, timeout: trouble == "hangs" ? .milliseconds(5) : .seconds(60))
        fixture.sources.state.withLock {
            $0.isDown = trouble == "fails"
            $0.hangs = trouble == "hangs"
        }
        let token = try WebTokenSigner().sign(["sub": "x"])
        let task = Task {
            if trouble == "cancelled" { withUnsafeCurrentTask { $0?.cancel() } }
            return try await fixture.status(["Authorization: Bearer \(token)"])
        }
        let status = try await task.value
        #expect([401, 503].contains(status))
        if trouble != "cancelled" { #expect(status == 503) }
    }

    @Test(
        "what another server answers but a clear yes is a denial",
        arguments: [
            ["result": false], ["result": [:]], [:], ["result": "true"], ["result": ["allow": "true"]],
            ["permissionship": "PERMISSIONSHIP_NO_PERMISSION"],
            ["permissionship": "PERMISSIONSHIP_CONDITIONAL_PERMISSION"],
        ] as [JSONValue])
    func unclear(answer: JSONValue) async throws {
        for index in [5, 7] {
            let fixture = try AuthConfigFixture(Self.evaluators[index])
            fixture.sources.state.withLock {
                $0.documents["http://opa/v1/data/allow"] = answer
                $0.documents["https://spicedb:8443/v1/permissions/check"] = answer
            }
            #expect(try await fixture.status() == 403)
        }
    }
}
