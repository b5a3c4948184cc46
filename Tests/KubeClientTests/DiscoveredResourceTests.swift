import JSONModel
import KubeModel
import Testing

@testable import KubeClient

@Suite struct DiscoveredResourceTests {
    static let list: JSONValue = [
        "kind": "APIResourceList", "groupVersion": "serving.kserve.io/v1beta1",
        "resources": [
            [
                "name": "inferenceservices", "singularName": "inferenceservice", "namespaced": true,
                "kind": "InferenceService", "verbs": ["get", "list"], "shortNames": ["isvc"], "categories": ["all"],
            ], ["name": "inferenceservices/status", "namespaced": true, "kind": "InferenceService", "verbs": ["get"]],
        ],
    ]

    @Test("Subresources are no resources")
    func subresources() {
        let resources = DiscoveredResource.all(Self.list)
        #expect(
            resources.map(\.resource) == [
                Resource(
                    group: "serving.kserve.io", version: "v1beta1", kind: "InferenceService",
                    plural: "inferenceservices")
            ])
        #expect(resources.first?.categories == ["all"])
    }

    @Test(
        "A resource goes by many names",
        arguments: [
            ("isvc", true), ("inferenceservices", true), ("InferenceService", true), ("inferenceservice", true),
            ("inferenceservices.serving.kserve.io", true), ("inferenceservice.serving.kserve.io", true),
            ("pods", false), ("", false),
        ])
    func names(_ word: String, _ isNamed: Bool) throws {
        let resource = try #require(DiscoveredResource.all(Self.list).first)
        #expect(resource.isNamed(word) == isNamed)
    }
}
