import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

@Suite struct ReviewTests {
    static let authorization = "/apis/authorization.k8s.io/v1/"
    static let authentication = "/apis/authentication.k8s.io/v1/"

    static func review(_ kind: String, _ spec: JSONValue, group: String = "authorization.k8s.io") -> JSONValue {
        ["apiVersion": .string("\(group)/v1"), "kind": .string(kind), "spec": spec]
    }

    static let getPods: JSONValue = ["verb": "get", "resource": "pods", "namespace": "default"]

    static func fixture() async throws -> AccessFixture {
        let fixture = try await AccessFixture()
        try await fixture.grant(
            "reader", [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])], to: "jane", in: "default")
        return fixture
    }

    @Test("Everyone may ask what they may do themselves")
    func selfReview() async throws {
        let fixture = try await Self.fixture()
        let path = Self.authorization + "selfsubjectaccessreviews"
        let body = Self.review("SelfSubjectAccessReview", ["resourceAttributes": Self.getPods])
        let answer = try await fixture.call(.jane, "POST", path, body)
        #expect(answer.code == 201)
        #expect(answer.json[path: "status", "allowed"] == true)
        #expect(
            answer.json[path: "status", "reason"]
                == "RBAC: allowed by RoleBinding \"reader-jane/default\" of ClusterRole \"reader\" to User \"jane\"")
        let joe = Identity(user: "joe", groups: [Identity.authenticated])
        #expect(try await fixture.call(joe, "POST", path, body).json[path: "status", "allowed"] == false)
        let version = Self.review(
            "SelfSubjectAccessReview", ["nonResourceAttributes": ["verb": "get", "path": "/version"]])
        #expect(try await fixture.call(joe, "POST", path, version).json[path: "status", "allowed"] == true)
    }

    @Test(
        "Asking for others is a right of its own",
        arguments: ["subjectaccessreviews", "namespaces/default/localsubjectaccessreviews"])
    func others(_ resource: String) async throws {
        let fixture = try await Self.fixture()
        let kind = resource.hasPrefix("subject") ? "SubjectAccessReview" : "LocalSubjectAccessReview"
        let body = Self.review(kind, ["resourceAttributes": Self.getPods, "user": "jane"])
        #expect(try await fixture.call(.jane, "POST", Self.authorization + resource, body).code == 403)
        let answer = try await fixture.call(.admin, "POST", Self.authorization + resource, body)
        #expect(answer.json[path: "status", "allowed"] == true)
        let group = Self.review(kind, ["resourceAttributes": Self.getPods, "groups": ["system:masters"]])
        let masters = try await fixture.call(.admin, "POST", Self.authorization + resource, group)
        #expect(masters.json[path: "status", "allowed"] == true)
        let elsewhere = Self.review(
            kind, ["resourceAttributes": ["verb": "get", "resource": "pods", "namespace": "x"], "user": "jane"])
        let other = try await fixture.call(.admin, "POST", Self.authorization + resource, elsewhere)
        #expect(kind.hasPrefix("Local") ? other.code == 400 : other.json[path: "status", "allowed"] == false)
    }

    @Test(
        "A question that cannot be understood is refused",
        arguments: [
            ("subjectaccessreviews", "SubjectAccessReview", ["user": "x"], 422),
            ("subjectaccessreviews", "SubjectAccessReview", ["resourceAttributes": getPods], 422),
            (
                "subjectaccessreviews", "SubjectAccessReview",
                ["user": "x", "resourceAttributes": getPods, "nonResourceAttributes": ["path": "/"]], 422
            ), ("subjectaccessreviews", "TokenReview", [:], 400),
            ("selfsubjectrulesreviews", "SelfSubjectRulesReview", [:], 400),
            ("localsubjectaccessreviews", "LocalSubjectAccessReview", [:], 404),
        ] as [(String, String, JSONValue, Int)])
    func wrong(_ resource: String, _ kind: String, _ spec: JSONValue, _ code: Int) async throws {
        let fixture = try await Self.fixture()
        let answer = try await fixture.call(.admin, "POST", Self.authorization + resource, Self.review(kind, spec))
        #expect(answer.code == code, "\(answer.json.text)")
        #expect(try await fixture.call(.admin, "GET", Self.authorization + resource).code == 405)
    }

    @Test("All rules of a namespace are told")
    func rules() async throws {
        let fixture = try await Self.fixture()
        let body = Self.review("SelfSubjectRulesReview", ["namespace": "default"])
        let answer = try await fixture.call(.jane, "POST", Self.authorization + "selfsubjectrulesreviews", body)
        let rules = answer.json[path: "status", "resourceRules"]?.arrayValue ?? []
        #expect(rules.contains(["verbs": ["get"], "apiGroups": [""], "resources": ["pods"]]))
        #expect(answer.json[path: "status", "incomplete"] == false)
        #expect(answer.json[path: "status", "nonResourceRules"]?.arrayValue?.isEmpty == false)
    }

    @Test("Everyone may ask who they are")
    func whoAmI() async throws {
        let fixture = try await Self.fixture()
        let body = Self.review("SelfSubjectReview", [:], group: "authentication.k8s.io")
        let answer = try await fixture.call(.jane, "POST", Self.authentication + "selfsubjectreviews", body)
        #expect(
            answer.json[path: "status", "userInfo"] == ["username": "jane", "groups": ["system:authenticated"]])
    }

    @Test("A token is reviewed for its audiences")
    func tokens() async throws {
        let fixture = try await TokenTests.fixture()
        let token = try await fixture.token("ci", ["audiences": ["models"]])
        func review(_ spec: JSONValue) async throws -> JSONValue {
            let body = Self.review("TokenReview", spec, group: "authentication.k8s.io")
            return try await fixture.call(.admin, "POST", Self.authentication + "tokenreviews", body).json
        }
        let good = try await review(["token": .string(token), "audiences": ["x", "models"]])
        #expect(good[path: "status", "authenticated"] == true)
        #expect(good[path: "status", "audiences"] == ["models"])
        #expect(good[path: "status", "user", "username"] == "system:serviceaccount:default:ci")
        let bad = try await review(["token": .string(token)])
        #expect(bad[path: "status", "authenticated"] == false)
        #expect(bad[path: "status", "error"]?.stringValue?.contains("audiences") == true)
        #expect(try await review([:])["code"]?.intValue == 400)
        #expect(
            try await fixture.call(.jane, "POST", Self.authentication + "tokenreviews", [:]).code == 403)
    }

    @Test("Discovery tells of them")
    func discovery() async throws {
        let fixture = try await AccessFixture()
        let list = try await fixture.call(.jane, "GET", "/apis/authorization.k8s.io/v1").json
        let names = list["resources"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(Set(names).isSuperset(of: ["selfsubjectaccessreviews", "localsubjectaccessreviews"]))
        let core = try await fixture.call(.jane, "GET", "/api/v1").json
        #expect(core["resources"]?.arrayValue?.contains { $0["name"] == "serviceaccounts/token" } == true)
    }
}
