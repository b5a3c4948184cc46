import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite("InferenceGraphs are checked when they are written") struct InferenceGraphTests {
    private static func graph(_ nodes: JSONValue) -> Object {
        Object(.inferenceGraphs, namespace: "default", name: "g", ["spec": ["nodes": nodes]])
    }

    private static func problems(_ nodes: JSONValue) -> [String] {
        InferenceGraphValidation.check(graph(nodes), nil).map { "\($0.field): \($0.message)" }
    }

    private static func node(_ steps: JSONValue...) -> JSONValue {
        ["routerType": "Sequence", "steps": .array(steps)]
    }

    @Test func `nodes that lead in a circle are refused`() throws {
        let nodes: JSONValue = [
            "root": Self.node(["nodeName": "a"], ["serviceName": "s"]), "a": Self.node(["nodeName": "b"]),
            "b": Self.node(["nodeName": "a"]),
        ]
        let problem = try #require(Self.problems(nodes).first)
        #expect(problem.hasPrefix("spec.nodes: "))
        #expect(problem.hasSuffix("the nodes lead in a circle: a -> b -> a"))
        #expect(
            Self.problems([
                "root": Self.node(["nodeName": "a"], ["nodeName": "a"]), "a": Self.node(["serviceName": "s"]),
            ]).isEmpty)
    }

    @Test(
        "a step's condition, data and address are checked",
        arguments: [
            (["serviceName": "s", "condition": "{a}"], "condition"),
            (["serviceName": "s", "data": "response"], "data"),
            (["serviceUrl": "https://example.com"], "serviceUrl"), (["serviceUrl": "http://a@b/"], "serviceUrl"),
            (["serviceUrl": "ftp://x"], "serviceUrl"), (["serviceUrl": "http:///x"], "serviceUrl"),
        ] as [(JSONValue, String)])
    func content(step: JSONValue, field: String) {
        let problems = Self.problems(["root": Self.node(step)])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("spec.nodes[root].steps[0].\(field): ") == true, "\(problems)")
    }

    @Test(
        "addresses are taken apart",
        arguments: [
            ("http://a.b.svc.cluster.local/v1/models/a:predict", "a.b.svc.cluster.local", "/v1/models/a:predict"),
            ("http://A:8080", "a", "/"), ("http://a?x=1#y", "a", "/?x=1"),
        ])
    func urls(text: String, host: String, target: String) throws {
        let url = try #require(GraphURL(text))
        #expect(url.host == host)
        #expect(url.target == target)
    }

    @Test func `fields without effect are warned about`() {
        var graph = Self.graph(["root": Self.node(["serviceName": "s"])])
        #expect(InferenceGraphValidation.warn(graph, nil).isEmpty)
        graph["spec", "minReplicas"] = 1
        #expect(InferenceGraphValidation.warn(graph, nil).first?.contains("spec.minReplicas") == true)
    }
}
