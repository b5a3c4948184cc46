import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

@Suite struct HTTPAggregatedDiscoveryTests {
    static let discovery = Discovery(registry: ResourceRegistry(ServingKinds.definitions))
    /// As kubectl asks.
    static let accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    static func respond(_ target: String, accept: String, tag: String = "") -> APIResponse? {
        var request = APIRequest(method: "GET", target: target)
        request.accept = accept
        request.ifNoneMatch = tag
        return discovery.respond(to: request)
    }

    static func json(_ response: APIResponse?) throws -> JSONValue {
        guard case .whole(let bytes)? = response?.body else { return .null }
        return try JSONValue(parsing: bytes)
    }

    @Test("All groups come in one document for clients that know it")
    func aggregated() throws {
        let response = Self.respond("/apis", accept: Self.accept)
        #expect(response?.contentType == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
        let json = try Self.json(response)
        #expect(json["kind"] == "APIGroupDiscoveryList")
        let apps = json["items"]?.arrayValue?.first { $0[path: "metadata", "name"] == "apps" }
        let deployments = apps?["versions"]?[0]?["resources"]?[0]
        #expect(deployments?["resource"] == "deployments")
        #expect(deployments?["scope"] == "Namespaced")
        #expect(deployments?["subresources"]?.arrayValue?.map { $0["subresource"] } == ["status", "scale"])
        #expect(deployments?["subresources"]?[1]?[path: "responseKind", "group"] == "autoscaling")
        let core = try Self.json(Self.respond("/api", accept: Self.accept))
        #expect(core["items"]?.arrayValue?.count == 1)
    }

    @Test(
        "Each client gets the form it prefers",
        arguments: [
            ("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList", "APIGroupDiscoveryList"),
            ("application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json", "APIGroupList"),
            ("application/json, */*", "APIGroupList"), ("", "APIGroupList"),
        ])
    func forms(accept: String, kind: String) throws {
        #expect(try Self.json(Self.respond("/apis", accept: accept))["kind"]?.stringValue == kind)
    }

    @Test("Who has a document already is told so")
    func tags() throws {
        let first = try #require(Self.respond("/apis", accept: Self.accept))
        let tag = try #require(first.headers.first { $0.name == "ETag" }?.value)
        let second = try #require(Self.respond("/apis", accept: Self.accept, tag: tag))
        #expect(second.code == 304)
        #expect(Self.respond("/apis", accept: "application/json", tag: tag)?.code == 200)
    }

    @Test("The hash of a storage version is Kubernetes' own")
    func storageHash() throws {
        let core = try #require(Self.discovery.answer(["api", "v1"])?["resources"]?.arrayValue)
        #expect(core.first { $0["name"] == "pods" }?["storageVersionHash"] == "xPOwRZ+Yhw8=")
    }

    @Test("Questions are discovered, too")
    func questions() {
        let json = Self.discovery.answer(["apis", "authorization.k8s.io", "v1"])
        let review = json?["resources"]?.arrayValue?.first { $0["name"] == "selfsubjectaccessreviews" }
        #expect(review?["verbs"] == ["create"])
        #expect(review?["storageVersionHash"] == nil)
    }

    @Test("The preferred version is the most stable, then the newest")
    func priority() {
        let versions = ["v1alpha1", "v10", "v1beta2", "foo1", "v2", "v2beta1", "v1", "v1alpha2"]
        let expected = ["v10", "v2", "v1", "v2beta1", "v1beta2", "v1alpha2", "v1alpha1", "foo1"]
        #expect(versions.sorted { VersionPriority($0) < VersionPriority($1) } == expected)
    }
}
