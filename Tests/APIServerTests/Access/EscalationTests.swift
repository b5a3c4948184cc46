import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

/// Whoever may write roles and bindings cannot give more than they have.
@Suite struct EscalationTests {
    static let group = "/apis/rbac.authorization.k8s.io/v1"
    static let roles = group + "/namespaces/default/roles"
    static let bindings = group + "/namespaces/default/rolebindings"
    static let readPods = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])
    static let writeRoles = PolicyRule(
        verbs: ["create", "update", "patch", "get"], apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["roles", "rolebindings", "clusterroles", "clusterrolebindings"])

    static func fixture(_ more: PolicyRule...) async throws -> AccessFixture {
        let fixture = try await AccessFixture()
        try await fixture.grant("jane", [writeRoles, readPods] + more, to: "jane")
        return fixture
    }

    static func role(_ name: String, _ rules: PolicyRule..., kind: String = "Role") -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
            "rules": .array(rules.map(\.json)),
        ]
    }

    static func binding(_ name: String, to role: String) -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": ["name": .string(name)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role),
            ], "subjects": [["kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"]],
        ]
    }

    @Test("A role can be written of what one has, and of no more")
    func roles() async throws {
        let fixture = try await Self.fixture()
        #expect(try await fixture.call(.jane, "POST", Self.roles, Self.role("a", Self.readPods)).code == 201)
        let more = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["secrets"])
        let answer = try await fixture.call(.jane, "POST", Self.roles, Self.role("b", Self.readPods, more))
        #expect(answer.code == 403)
        #expect(
            answer.json["message"]?.stringValue?.hasSuffix(
                """
                user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently \
                held:
                {APIGroups:[""], Resources:["secrets"], Verbs:["get"]}
                """) == true, "\(answer.json.text)")
        #expect(try await fixture.call(.admin, "POST", Self.roles, Self.role("b", more)).code == 201)
    }

    @Test(
        "Nor by any other way of writing",
        arguments: [
            ("PATCH", "application/merge-patch+json"), ("PATCH", "application/strategic-merge-patch+json"),
            ("PATCH", "application/json-patch+json"), ("PATCH", "application/apply-patch+yaml"), ("PUT", ""),
        ])
    func otherWrites(_ method: String, _ type: String) async throws {
        let fixture = try await Self.fixture()
        #expect(try await fixture.call(.admin, "POST", Self.roles, Self.role("a", Self.readPods)).code == 201)
        let all = PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"])
        let body: JSONValue =
            type.contains("json-patch")
            ? [["op": "replace", "path": "/rules", "value": [all.json]]] : Self.role("a", all)
        let target = Self.roles + "/a?fieldManager=jane" + (type.contains("apply") ? "&force=true" : "")
        #expect(try await fixture.call(.jane, method, target, body, type: type).code == 403)
        let role = try await fixture.server.get(.roles, ObjectKey(namespace: "default", name: "a"))
        #expect(role.json["rules"] == [Self.readPods.json])
    }

    @Test("What changes no rule may be written by anyone who may write the role")
    func metadata() async throws {
        let fixture = try await Self.fixture()
        let more = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["secrets"])
        #expect(try await fixture.call(.admin, "POST", Self.roles, Self.role("a", more)).code == 201)
        let label: JSONValue = ["metadata": ["labels": ["a": "b"]]]
        let answer = try await fixture.call(
            .jane, "PATCH", Self.roles + "/a", label, type: "application/merge-patch+json")
        #expect(answer.code == 200, "\(answer.json.text)")
    }

    @Test("The verb escalate lifts it")
    func escalate() async throws {
        let fixture = try await Self.fixture(
            PolicyRule(verbs: ["escalate"], apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"]))
        let more = PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"])
        #expect(try await fixture.call(.jane, "POST", Self.roles, Self.role("a", more)).code == 201)
        let cluster = Self.role("a", more, kind: "ClusterRole")
        #expect(try await fixture.call(.jane, "POST", Self.group + "/clusterroles", cluster).code == 403)
    }

    @Test("A role that gathers others needs all rights there are")
    func aggregation() async throws {
        let fixture = try await Self.fixture()
        var role = Self.role("a", kind: "ClusterRole")
        role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": ["a": "b"]]]]
        #expect(try await fixture.call(.jane, "POST", Self.group + "/clusterroles", role).code == 403)
        #expect(try await fixture.call(.admin, "POST", Self.group + "/clusterroles", role).code == 201)
    }

    @Test("A binding gives what one has, and no more")
    func bindings() async throws {
        let fixture = try await Self.fixture()
        #expect(try await fixture.call(.jane, "POST", Self.bindings, Self.binding("a", to: "jane")).code == 201)
        #expect(
            try await fixture.call(.jane, "POST", Self.bindings, Self.binding("b", to: "cluster-admin")).code == 403)
        #expect(try await fixture.call(.jane, "POST", Self.bindings, Self.binding("c", to: "nothing")).code == 404)
        #expect(try await fixture.call(.admin, "POST", Self.bindings, Self.binding("c", to: "nothing")).code == 201)
    }

    @Test("The verb bind lifts it, for the roles that it names")
    func bind() async throws {
        let fixture = try await Self.fixture(
            PolicyRule(
                verbs: ["bind"], apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"],
                resourceNames: ["admin"]))
        #expect(try await fixture.call(.jane, "POST", Self.bindings, Self.binding("a", to: "admin")).code == 201)
        #expect(
            try await fixture.call(.jane, "POST", Self.bindings, Self.binding("b", to: "cluster-admin")).code == 403)
    }
}
