import JSONModel
import KubeModel
import Testing

@testable import KubeAccess

@Suite struct AccessPolicyTests {
    static func role(_ name: String, namespace: String? = nil, _ rules: JSONValue...) -> Object {
        object(namespace == nil ? "ClusterRole" : "Role", name, namespace, ["rules": .array(rules)])
    }

    static func binding(
        _ name: String, namespace: String? = nil, role: String, kind: String = "ClusterRole", _ subjects: JSONValue...
    ) -> Object {
        object(
            namespace == nil ? "ClusterRoleBinding" : "RoleBinding", name, namespace,
            [
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role)],
                "subjects": .array(subjects),
            ])
    }

    private static func object(_ kind: String, _ name: String, _ namespace: String?, _ fields: JSONObject) -> Object {
        var object = Object(.object(fields))
        object.json["kind"] = .string(kind)
        object.name = name
        object.namespace = namespace
        return object
    }

    static func user(_ name: String) -> JSONValue { ["kind": "User", "name": .string(name)] }
    static let readPods: JSONValue = ["verbs": ["get"], "apiGroups": [""], "resources": ["pods"]]

    static func policy(_ objects: Object...) -> AccessPolicy {
        var policy = AccessPolicy()
        for object in objects { policy.set(object) }
        return policy
    }

    static func getPod(in namespace: String) -> AccessAttributes {
        AccessAttributes(verb: "get", resource: "pods", namespace: namespace, name: "a")
    }

    @Test(
        "A binding gives a role where it lies: in its namespace, or everywhere",
        arguments: [
            ("team", "team", true), ("team", "other", false), ("team", "", false), (nil, "team", true), (nil, "", true),
        ])
    func scope(_ place: String?, _ namespace: String, _ isAllowed: Bool) {
        let policy = Self.policy(
            Self.role("reader", Self.readPods),
            Self.binding("readers", namespace: place, role: "reader", Self.user("jane")))
        let decision = policy.decide(Identity(user: "jane"), Self.getPod(in: namespace))
        #expect(decision.isAllowed == isAllowed)
        #expect(!policy.decide(Identity(user: "joe"), Self.getPod(in: namespace)).isAllowed)
        guard isAllowed else { return }
        let binding = place == nil ? "ClusterRoleBinding \"readers\"" : "RoleBinding \"readers/team\""
        #expect(decision.reason == "RBAC: allowed by \(binding) of ClusterRole \"reader\" to User \"jane\"")
    }

    @Test("A Role counts in its own namespace only, though another has the same name")
    func localRoles() {
        let policy = Self.policy(
            Self.role("reader", namespace: "a", Self.readPods), Self.role("reader", namespace: "b"),
            Self.binding("r", namespace: "a", role: "reader", kind: "Role", Self.user("jane")),
            Self.binding("r", namespace: "b", role: "reader", kind: "Role", Self.user("jane")))
        #expect(policy.decide(Identity(user: "jane"), Self.getPod(in: "a")).isAllowed)
        #expect(!policy.decide(Identity(user: "jane"), Self.getPod(in: "b")).isAllowed)
    }

    @Test(
        "Users, groups and ServiceAccounts are told apart",
        arguments: [
            (["kind": "User", "name": "x"], Identity(user: "x"), true),
            (["kind": "User", "name": "x"], Identity(user: "y", groups: ["x"]), false),
            (["kind": "Group", "name": "x"], Identity(user: "y", groups: ["a", "x"]), true),
            (["kind": "Group", "name": "x"], Identity(user: "x"), false),
            (
                ["kind": "ServiceAccount", "name": "ci", "namespace": "team"],
                .serviceAccount(namespace: "team", name: "ci", uid: "1"), true
            ),
            (
                ["kind": "ServiceAccount", "name": "ci", "namespace": "other"],
                .serviceAccount(namespace: "team", name: "ci", uid: "1"), false
            ),
            (["kind": "ServiceAccount", "name": "ci"], .serviceAccount(namespace: "team", name: "ci", uid: ""), true),
            (["kind": "ServiceAccount", "name": "ci"], Identity(user: "ci"), false),
            (
                ["kind": "Group", "name": "system:serviceaccounts:team"],
                .serviceAccount(namespace: "team", name: "ci", uid: ""), true
            ),
            (["kind": "Robot", "name": "x"], Identity(user: "x"), false),
        ] as [(JSONValue, Identity, Bool)])
    func subjects(_ subject: JSONValue, _ identity: Identity, _ isAllowed: Bool) {
        let policy = Self.policy(
            Self.role("reader", Self.readPods), Self.binding("b", namespace: "team", role: "reader", subject))
        #expect(policy.decide(identity, Self.getPod(in: "team")).isAllowed == isAllowed)
    }

    @Test("Paths are given by ClusterRoleBindings only")
    func paths() {
        let rule: JSONValue = ["verbs": ["get"], "nonResourceURLs": ["/metrics"]]
        let path = AccessAttributes(verb: "get", .path("/metrics"))
        let local = Self.policy(
            Self.role("m", rule), Self.binding("b", namespace: "team", role: "m", Self.user("jane")))
        #expect(!local.decide(Identity(user: "jane"), path).isAllowed)
        let wide = Self.policy(Self.role("m", rule), Self.binding("b", role: "m", Self.user("jane")))
        #expect(wide.decide(Identity(user: "jane"), path).isAllowed)
    }

    @Test("Masters may do everything, whatever the rules are")
    func masters() {
        let master = Identity(user: "x", groups: [Identity.masters])
        #expect(AccessPolicy().decide(master, Self.getPod(in: "a")).isAllowed)
        #expect(Authorizer().decide(master, AccessAttributes(verb: "post", .path("/x"))).isAllowed)
        #expect(AccessPolicy().rules(for: master, namespace: "") == PolicyRule.all)
    }

    @Test("A role that is missing is named")
    func missingRole() {
        let policy = Self.policy(Self.binding("b", namespace: "team", role: "nope", kind: "Role", Self.user("jane")))
        let decision = policy.decide(Identity(user: "jane"), Self.getPod(in: "team"))
        #expect(!decision.isAllowed)
        #expect(decision.reason == "RBAC: role.rbac.authorization.k8s.io \"nope\" not found")
    }

    @Test("Changes count at once: of subjects, of rules, and removals")
    func changes() {
        var policy = Self.policy(
            Self.role("reader", Self.readPods),
            Self.binding("b", role: "reader", Self.user("jane"), Self.user("joe")))
        func may(_ user: String) -> Bool { policy.decide(Identity(user: user), Self.getPod(in: "a")).isAllowed }
        #expect(may("jane") && may("joe"))
        policy.set(Self.binding("b", role: "reader", Self.user("joe")))
        #expect(!may("jane") && may("joe"))
        policy.set(Self.role("reader"))
        #expect(!may("joe"))
        policy.set(Self.role("reader", Self.readPods))
        #expect(may("joe"))
        policy.remove(Self.binding("b", role: "reader"))
        #expect(!may("joe"))
    }

    @Test("A decision looks at the grants of the one who asks, however many there are")
    func cost() {
        var policy = Self.policy(Self.role("reader", Self.readPods))
        for number in 0..<1_000 {
            policy.set(Self.binding("b\(number)", role: "reader", Self.user("user-\(number)")))
        }
        var visited = 0
        policy.visit(Identity(user: "user-7", groups: ["a", "b"]), namespace: "team") { _ in
            visited += 1
            return true
        }
        #expect(visited == 1)
    }

    @Test("All that one may do is every rule once, of the cluster and of the namespace")
    func rules() {
        let policy = Self.policy(
            Self.role("reader", Self.readPods), Self.role("again", Self.readPods),
            Self.role("writer", namespace: "a", ["verbs": ["create"], "apiGroups": [""], "resources": ["pods"]]),
            Self.binding("b", role: "reader", Self.user("jane")), Self.binding("c", role: "again", Self.user("jane")),
            Self.binding("d", namespace: "a", role: "writer", kind: "Role", Self.user("jane")))
        #expect(policy.rules(for: Identity(user: "jane"), namespace: "a").map(\.verbs) == [["get"], ["create"]])
        #expect(policy.rules(for: Identity(user: "jane"), namespace: "b").map(\.verbs) == [["get"]])
    }

    @Test(
        "The name of a ServiceAccount's user says whose it is",
        arguments: [
            ("system:serviceaccount:a:b", true), ("system:serviceaccount:a:", false),
            ("system:serviceaccount:a", false),
            ("system:serviceaccount:a:b:c", false), ("jane", false),
        ])
    func serviceAccountNames(_ user: String, _ isOne: Bool) {
        let found = Identity.serviceAccount(ofUser: user)
        #expect((found != nil) == isOne)
        if let found { #expect(found == ("a", "b")) }
    }

    @Test(
        "Messages say what was asked as Kubernetes does",
        arguments: [
            (
                AccessAttributes(verb: "get", resource: "pods", subresource: "log", namespace: "n", name: "a"),
                "get resource \"pods/log\" in API group \"\" in the namespace \"n\""
            ),
            (
                AccessAttributes(verb: "list", group: "apps", resource: "deployments"),
                "list resource \"deployments\" in API group \"apps\" at the cluster scope"
            ),
            (AccessAttributes(verb: "get", .path("/x")), "get path \"/x\""),
        ])
    func descriptions(_ attributes: AccessAttributes, _ text: String) { #expect("\(attributes)" == text) }
}
