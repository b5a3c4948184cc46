import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct RuleTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func define(_ rules: [JSONValue], at keys: [String] = ["properties", "spec"]) async throws {
        var schema = CronTabs.schema
        schema[(keys + ["x-kubernetes-validations"]).map { .key($0) }] = .array(rules)
        var version = CronTabs.version
        version[path: "schema", "openAPIV3Schema"] = schema
        let versions: JSONValue = [version]
        _ = try await server.create(.customResourceDefinitions, CronTabs.definition { $0.spec["versions"] = versions })
    }

    @Test func aRuleThatDoesNotHoldRefusesTheObject() async throws {
        try await define([
            ["rule": "self.replicas <= 3", "message": "too many"],
            [
                "rule": "!has(self.color) || self.color.startsWith('r')", "reason": "FieldValueForbidden",
                "fieldPath": ".color", "messageExpression": "'not ' + self.color",
            ],
        ])
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        let spec: JSONValue = ["cronSpec": "x", "replicas": 9, "color": "blue"]
        let status = try #require(try await refusal { try await server.create(.cronTabs, CronTabs.object("b", spec)) })
        #expect(status.causes.map(\.field) == ["spec", "spec.color"])
        #expect(status.causes.map(\.message) == ["Invalid value: \"object\": too many", "Forbidden: not blue"])
        #expect(status.causes.map(\.reason) == ["FieldValueInvalid", "FieldValueForbidden"])
    }

    @Test func aTransitionRuleComparesWithWhatWasBefore() async throws {
        try await define([["rule": "self.replicas >= oldSelf.replicas"]])
        _ = try await server.create(.cronTabs, CronTabs.object("a", ["cronSpec": "x", "replicas": 2]))
        _ = try await server.patch(.cronTabs, key("a"), .merge(["spec": ["replicas": 3]]))
        let status = try await refusal {
            try await server.patch(.cronTabs, key("a"), .merge(["spec": ["replicas": 1]]))
        }
        #expect(
            status?.causes.first?.message == "Invalid value: \"object\": failed rule: self.replicas >= oldSelf.replicas"
        )
    }

    @Test func theRootSeesItsNameAndNoMoreOfTheMetadata() async throws {
        try await define([["rule": "self.metadata.name == 'a' && !has(self.metadata.labels)"]], at: [])
        _ = try await server.create(.cronTabs, CronTabs.object("a").with { $0.labels = ["x": "y"] })
        #expect(try await refusal { try await server.create(.cronTabs, CronTabs.object("b")) } != nil)
    }

    @Test func aRuleThatHasNoValueRefuses() async throws {
        try await define([["rule": "self.color == 'red'"]])
        let status = try await refusal { try await server.create(.cronTabs, CronTabs.object("a")) }
        #expect(status?.causes.first?.message.contains("no such key: color evaluating rule") == true)
    }

    @Test func aRuleThatTakesTooLongRefuses() async throws {
        try await define([
            [
                "rule":
                    "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, [1,2,3,4,5,6,7,8,9].all(f, [1,2,3,4,5,6,7,8,9].all(g, a > 0)))))))"
            ]
        ])
        let status = try await refusal { try await server.create(.cronTabs, CronTabs.object("a")) }
        #expect(status?.causes.first?.message.contains("cost limit exceeded") == true)
    }
}
