import JSONModel
import Randomness
import Testing

@testable import KubeAccess

/// The decisions that https://kubernetes.io/docs/reference/access-authn-authz/rbac/ documents, rule by rule.
@Suite struct PolicyRuleTests {
    static func rule(
        _ verbs: [String], _ groups: [String], _ resources: [String], names: [String] = []
    ) -> PolicyRule {
        PolicyRule(verbs: verbs, apiGroups: groups, resources: resources, resourceNames: names)
    }

    static let readPods = rule(["get", "list", "watch"], [""], ["pods"])
    static let oneConfigMap = rule(["get", "update"], [""], ["configmaps"], names: ["my-configmap"])

    @Test(
        "A rule allows its verbs on its resources, and nothing else",
        arguments: [
            (readPods, "get", "", "pods", "", "a", true), (readPods, "list", "", "pods", "", "", true),
            (readPods, "create", "", "pods", "", "", false), (readPods, "get", "", "secrets", "", "a", false),
            (readPods, "get", "apps", "pods", "", "a", false), (readPods, "get", "", "pods", "log", "a", false),
            (rule(["get"], [""], ["pods/log"]), "get", "", "pods", "log", "a", true),
            (rule(["get"], [""], ["pods/log"]), "get", "", "pods", "", "a", false),
            (rule(["get"], [""], ["pods/*"]), "get", "", "pods", "log", "a", false),
            (rule(["get"], [""], ["*/log"]), "get", "", "pods", "log", "a", true),
            (rule(["get"], [""], ["*/log"]), "get", "", "pods", "exec", "a", false),
            (rule(["get"], [""], ["*/log"]), "get", "", "pods", "", "a", false),
            (rule(["get"], [""], ["*"]), "get", "", "pods", "log", "a", true),
            (rule(["get"], [""], ["*"]), "get", "apps", "deployments", "", "a", false),
            (rule(["get"], ["*"], ["*"]), "get", "apps", "deployments", "scale", "a", true),
            (rule(["*"], ["apps"], ["deployments"]), "deletecollection", "apps", "deployments", "", "", true),
            (oneConfigMap, "get", "", "configmaps", "", "my-configmap", true),
            (oneConfigMap, "get", "", "configmaps", "", "other", false),
            (oneConfigMap, "list", "", "configmaps", "", "", false),
            // What has no name cannot be restricted by names: neither creations nor lists.
            (rule(["create"], [""], ["configmaps"], names: ["a"]), "create", "", "configmaps", "", "", false),
            (rule(["list"], [""], ["configmaps"], names: ["a"]), "list", "", "configmaps", "", "a", true),
            (rule([], [""], ["pods"]), "get", "", "pods", "", "a", false),
            (rule(["get"], [], ["pods"]), "get", "", "pods", "", "a", false),
            (PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]), "get", "", "pods", "", "a", false),
        ])
    func resources(
        _ rule: PolicyRule, _ verb: String, _ group: String, _ resource: String, _ subresource: String,
        _ name: String, _ isAllowed: Bool
    ) {
        let attributes = AccessAttributes(
            verb: verb, group: group, resource: resource, subresource: subresource, namespace: "n", name: name)
        #expect(rule.allows(attributes) == isAllowed)
    }

    @Test(
        "A rule for paths allows them, and with * at its end what is below",
        arguments: [
            ("/healthz", "get", "/healthz", true), ("/healthz", "get", "/healthz/etcd", false),
            ("/healthz/*", "get", "/healthz/etcd", true), ("/healthz/*", "get", "/healthz", false),
            ("/healthz*", "get", "/healthz", true), ("*", "get", "/anything", true), ("/*", "get", "/a/b", true),
            ("/a*b", "get", "/axb", false), ("/healthz", "post", "/healthz", false),
        ])
    func paths(_ pattern: String, _ verb: String, _ path: String, _ isAllowed: Bool) {
        let rule = PolicyRule(verbs: ["get"], nonResourceURLs: [pattern])
        #expect(rule.allows(AccessAttributes(verb: verb, .path(path))) == isAllowed)
    }

    @Test("Rules read back as they were written")
    func json() throws {
        let text =
            #"{"apiGroups":[""],"nonResourceURLs":["/a"],"resourceNames":["x"],"resources":["pods"],"verbs":["get"]}"#
        let json = try JSONValue(parsing: text)
        #expect(PolicyRule(json).json.text == text)
        #expect(PolicyRule(["verbs": "get", "resources": [1]]).json == [:])
    }
}

/// Who may hand out what.
@Suite struct CoverageTests {
    static func rule(
        _ verbs: [String], _ groups: [String], _ resources: [String], names: [String] = []
    ) -> PolicyRule {
        PolicyRule(verbs: verbs, apiGroups: groups, resources: resources, resourceNames: names)
    }

    @Test(
        "Rules that are held cover those that are no more",
        arguments: [
            ([rule(["get"], [""], ["pods"])], rule(["get"], [""], ["pods"]), true),
            ([rule(["get"], [""], ["pods"])], rule(["get", "list"], [""], ["pods"]), false),
            (
                [rule(["get"], [""], ["pods"]), rule(["list"], [""], ["pods"])], rule(["get", "list"], [""], ["pods"]),
                true
            ),
            ([rule(["*"], [""], ["pods"])], rule(["get"], [""], ["pods"]), true),
            ([rule(["get"], [""], ["pods"])], rule(["*"], [""], ["pods"]), false),
            ([rule(["get"], ["*"], ["pods"])], rule(["get"], ["apps"], ["pods"]), true),
            ([rule(["get"], [""], ["*"])], rule(["get"], [""], ["pods/log"]), true),
            ([rule(["get"], [""], ["pods"])], rule(["get"], [""], ["pods/log"]), false),
            ([rule(["get"], [""], ["*/log"])], rule(["get"], [""], ["pods/log"]), true),
            ([rule(["get"], [""], ["pods"])], rule(["get"], [""], ["pods"], names: ["a"]), true),
            ([rule(["get"], [""], ["pods"], names: ["a"])], rule(["get"], [""], ["pods"]), false),
            ([rule(["get"], [""], ["pods"], names: ["a"])], rule(["get"], [""], ["pods"], names: ["a"]), true),
            ([rule(["get"], [""], ["pods"], names: ["a"])], rule(["get"], [""], ["pods"], names: ["a", "b"]), false),
            (
                [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/*"])],
                PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/b"]), true
            ),
            (
                [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/b"])],
                PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/*"]), false
            ),
            ([], rule([], [], []), true),
        ])
    func covers(_ held: [PolicyRule], _ wanted: PolicyRule, _ isCovered: Bool) {
        #expect(PolicyRule.missing([wanted], heldBy: held).isEmpty == isCovered)
    }

    @Test("Whoever holds a rule that covers another can do all that the other allows")
    func soundness() {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let held = (0..<random.below(4)).map { _ in random.rule() }
            let wanted = random.rule()
            guard PolicyRule.missing([wanted], heldBy: held).isEmpty else { continue }
            let attributes = random.attributes()
            guard wanted.allows(attributes) else { continue }
            #expect(
                held.contains { $0.allows(attributes) },
                "seed \(random.seed): \(held) cover \(wanted), not \(attributes)")
        }
    }
}

/// Small random rules and requests, so that they often meet.
extension SeededRandom {
    mutating func some(of words: [String], atMost: Int = 2) -> [String] {
        (0..<below(atMost + 1)).map { _ in words[below(words.count)] }
    }

    mutating func rule() -> PolicyRule {
        PolicyRule(
            verbs: some(of: ["get", "list", "*"]), apiGroups: some(of: ["", "apps", "*"]),
            resources: some(of: ["pods", "pods/log", "*/log", "*"]), resourceNames: some(of: ["a", "b"], atMost: 1))
    }

    mutating func attributes() -> AccessAttributes {
        AccessAttributes(
            verb: ["get", "list"][below(2)], group: ["", "apps"][below(2)], resource: ["pods", "nodes"][below(2)],
            subresource: ["", "log"][below(2)], name: ["", "a", "b"][below(3)])
    }
}
