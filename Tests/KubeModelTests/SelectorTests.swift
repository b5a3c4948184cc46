import JSONModel
import Testing

@testable import KubeModel

@Suite("Selectors")
struct SelectorTests {
    @Test(
        arguments: [
            ("", [:], true), ("  ", [:], true), ("a=b", ["a": "b"], true), ("a==b", ["a": "c"], false),
            ("a!=b", [:], true),
            ("a != b", ["a": "b"], false), ("a in (x, y)", ["a": "y"], true), ("a in (x,y)", [:], false),
            ("a notin (x,y)", [:], true), ("a notin (x,y)", ["a": "x"], false), ("a", ["a": ""], true),
            ("a", [:], false),
            ("!a", [:], true), ("! a", ["a": "1"], false), ("a=", ["a": ""], true),
            ("a in (x),b!=c,!d", ["a": "x"], true),
            ("app.io/name=x,a", ["app.io/name": "x", "a": "1"], true), ("inner=x", ["inner": "x"], true),
            ("a in (,x)", ["a": ""], true), ("a>1", ["a": "2"], true), ("a>2", ["a": "2"], false),
            ("a<3", ["a": "2"], true), ("a > 1, a<3", ["a": "2"], true), ("a>1", [:], false),
            ("a>1", ["a": "x"], false),
        ] as [(String, [String: String], Bool)])
    func labels(text: String, labels: [String: String], matches: Bool) throws {
        let selector = try LabelSelector(parsing: text)
        #expect(selector.matches(labels) == matches)
        #expect(try LabelSelector(parsing: selector.text) == selector)
    }

    @Test(arguments: [
        "=b", "a=b=c", "a in x", "a in (x", "a in x)", ",", "a,,b", "a=b c", "!a=b", "a>x", "!a>1", "-a=b", "a=-b",
        "a b",
        "a/b/c",
        "a=\u{e9}", "!",
    ])
    func malformedLabelSelectorsAreRefused(text: String) {
        let status = #expect(throws: Status.self) { try LabelSelector(parsing: text) }
        #expect(status?.code == 400)
        #expect(status?.message.hasPrefix("invalid label selector \"\(text)\": ") == true)
    }

    @Test func labelSelectorsOfObjects() throws {
        let json: JSONValue = [
            "matchLabels": ["a": "1", "b": "2"],
            "matchExpressions": [
                ["key": "c", "operator": "In", "values": ["x", "y"]],
                ["key": "d", "operator": "NotIn", "values": ["z", "w"]], ["key": "e", "operator": "Exists"],
                ["key": "f", "operator": "DoesNotExist"],
            ],
        ]
        #expect(try LabelSelector(json: json).text == "a=1,b=2,c in (x,y),d notin (w,z),e,!f")
        #expect(try LabelSelector(json: [:]) == .everything)
        for expression in [
            ["key": "c", "operator": "In"], ["key": "c", "operator": "Is", "values": ["x"]], ["key": "c"],
        ] as [JSONValue] {
            #expect(throws: Status.self) { try LabelSelector(json: ["matchExpressions": [expression]]) }
        }
    }

    static let pod = Object([
        "metadata": ["name": "web", "namespace": "default"], "spec": ["replicas": 2, "text": "a,b=c\\"],
        "status": ["phase": "Running"],
    ])

    @Test(arguments: [
        ("", true), ("metadata.name=web", true), ("metadata.name==web", true), ("metadata.name=x", false),
        ("metadata.name!=x,status.phase=Running", true), ("status.phase!=Running", false), ("spec.nodeName=", true),
        ("spec.nodeName!=", false), ("spec.replicas=2", true), (#"spec.text=a\,b\=c\\"#, true),
        ("metadata.name=web,", true),
    ])
    func fields(text: String, matches: Bool) throws {
        #expect(try FieldSelector(parsing: text).matches(Self.pod) == matches)
    }

    @Test(arguments: ["metadata.name", "=x", "a=b,c"])
    func malformedFieldSelectorsAreRefused(text: String) {
        #expect(throws: Status.self) { try FieldSelector(parsing: text) }
    }
}

@Suite("Names")
struct NameRuleTests {
    static let long = String(repeating: "a", count: 64)

    @Test(
        arguments: [
            (.dnsLabel, "my-name", true), (.dnsLabel, "1a", true), (.dnsLabel, "a.b", false), (.dnsLabel, "A", false),
            (.dnsLabel, "-a", false), (.dnsLabel, "a-", false), (.dnsLabel, "", false), (.dnsLabel, long, false),
            (.dnsLabel, "é", false), (.dns1035Label, "1a", false), (.dns1035Label, "a1", true),
            (.dnsSubdomain, "a.b-c.d1", true), (.dnsSubdomain, "a..b", false), (.dnsSubdomain, ".a", false),
            (.dnsSubdomain, long, true), (.dnsSubdomain, String(repeating: "a", count: 254), false),
            (.labelKey, "a", true),
            (.labelKey, "example.com/My_Name.1", true), (.labelKey, "a/b/c", false), (.labelKey, "/a", false),
            (.labelKey, "A.b/c", false), (.labelKey, "a/", false), (.labelKey, "", false), (.labelKey, long, false),
            (.labelKey, "_a", false), (.labelValue, "", true), (.labelValue, "My.Value_1", true),
            (.labelValue, "a b", false),
            (.labelValue, long, false), (.pathSegment, "a:b", true), (.pathSegment, "..", false),
            (.pathSegment, "a/b", false),
        ] as [(NameRule, String, Bool)])
    func areWellFormedOrNot(rule: NameRule, name: String, isWellFormed: Bool) {
        #expect((rule.problem(name) == nil) == isWellFormed)
    }

    @Test func problemsSayWhatIsExpected() {
        #expect(NameRule.dnsLabel.problem(Self.long) == "must have at most 63 characters, has 64")
        #expect(
            NameRule.dnsLabel.problem("My") == "must consist of lower-case letters, digits and '-', "
                + "and start and end with a letter or digit, as in \"my-name\"")
    }
}
