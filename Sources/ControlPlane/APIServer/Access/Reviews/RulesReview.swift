import JSONModel
import KubeAccess

/// SelfSubjectRulesReview: all that one may do in a namespace.
enum RulesReview {
    static func status(_ rules: [PolicyRule]) -> JSONValue {
        [
            "resourceRules": .array(rules.filter { !$0.resources.isEmpty }.map(resource)),
            "nonResourceRules": .array(rules.filter { !$0.nonResourceURLs.isEmpty }.map(path)),
            "incomplete": false,
        ]
    }

    private static func resource(_ rule: PolicyRule) -> JSONValue {
        var rule = rule
        rule.nonResourceURLs = []
        return rule.json
    }

    private static func path(_ rule: PolicyRule) -> JSONValue {
        PolicyRule(verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs).json
    }
}
