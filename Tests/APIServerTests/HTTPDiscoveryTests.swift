import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

@Suite struct HTTPDiscoveryTests {
    static let registry = ResourceRegistry(ServingKinds.definitions)
    static let discovery = Discovery(registry: registry)
    static let openAPI = OpenAPI(registry: registry)

    @Test("Groups and versions are named")
    func groups() {
        #expect(Self.discovery.answer(["api"])?["versions"] == ["v1"])
        let groups = Self.discovery.answer(["apis"])?["groups"]?.arrayValue ?? []
        #expect(groups.contains { $0["name"] == "serving.kserve.io" && $0["versions"]?.arrayValue?.count == 2 })
        let group = Self.discovery.answer(["apis", "apps"])
        #expect(group?["kind"] == "APIGroup")
        #expect(group?[path: "preferredVersion", "groupVersion"] == "apps/v1")
        #expect(Self.discovery.answer(["apis", "nothing"]) == nil)
        #expect(Self.discovery.answer(["api", "v2"]) == nil)
    }

    @Test("Resources come with verbs, short names and subresources")
    func resources() throws {
        let list = try #require(Self.discovery.answer(["apis", "apps", "v1"])?["resources"]?.arrayValue)
        let names = ["deployments", "replicasets"].flatMap { [$0, "\($0)/status", "\($0)/scale"] }
        #expect(list.map { $0["name"]?.stringValue } == names)
        #expect(list[0]["shortNames"] == ["deploy"])
        #expect(list[2]["kind"] == "Scale")
        let core = try #require(Self.discovery.answer(["api", "v1"])?["resources"]?.arrayValue)
        #expect(core.contains { $0["name"] == "pods/log" })
    }

    static func body(_ target: String, accept: String = "") throws -> (type: String, bytes: [UInt8])? {
        var request = APIRequest(method: "GET", target: target)
        request.accept = accept
        guard let response = openAPI.answer(request), case .whole(let bytes) = response.body else { return nil }
        return (response.contentType, bytes)
    }

    @Test("Each group and version has a document of OpenAPI 3, with its schemas and where kinds lie")
    func version3() throws {
        let index = try JSONValue(parsing: try #require(try Self.body("/openapi/v3")).bytes)
        let paths = try #require(index["paths"]?.objectValue)
        #expect(paths.keys.contains("api/v1") && paths.keys.contains("apis/serving.kserve.io/v1beta1"))
        for member in paths {
            let url = try #require(member.value["serverRelativeURL"]?.stringValue)
            let document = try JSONValue(parsing: try #require(try Self.body(url)).bytes)
            #expect(document["openapi"] == "3.0.0")
        }
        let apps = try JSONValue(parsing: try #require(try Self.body("/openapi/v3/apis/apps/v1")).bytes)
        let deployment = apps[path: "components", "schemas", "io.k8s.api.apps.v1.Deployment"]
        #expect(deployment?["x-kubernetes-group-version-kind"]?[0]?["kind"] == "Deployment")
        let patch = apps[path: "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch"]
        #expect(patch?["parameters"]?.arrayValue?.contains { $0["name"] == "fieldValidation" } == true)
        #expect(try Self.body("/openapi/v3/apis/nothing/v1") == nil)
    }

    @Test("OpenAPI 2 is JSON or, for old kubectls, gnostic's protobuf")
    func version2() throws {
        let json = try #require(try Self.body("/openapi/v2", accept: "application/json"))
        #expect(try JSONValue(parsing: json.bytes)["swagger"] == "2.0")
        let protobuf = try #require(try Self.body("/openapi/v2", accept: OpenAPI.askedProtobuf))
        #expect(protobuf.type == OpenAPI.protobuf)
        #expect(Array(protobuf.bytes.prefix(5)) == [0x0A, 3] + Array("2.0".utf8))
    }

    @Test("What OpenAPI 2 cannot say is left open")
    func relaxed() {
        let schema = Schema.object([
            "port": .intOrString, "free": .anyObject.with { $0.properties = ["a": .string] },
            "list": .list(of: .intOrString), "map": .map(of: .any),
        ])
        let json = OpenAPIv2.relaxed(schema.openAPI)["properties"]
        #expect(json?[path: "port", "type"] == "string")
        #expect(json?[path: "port", "format"] == "int-or-string")
        #expect(json?[path: "port", "anyOf"] == nil)
        #expect(json?[path: "free", "properties"] == nil)
        #expect(json?[path: "list", "items", "type"] == "string")
        #expect(json?[path: "map", "additionalProperties"] != nil)
    }

    @Test("Protobuf's fields are tags, lengths and values")
    func wireFormat() {
        var writer = ProtobufWriter()
        writer.add(1, "ab")
        writer.add(2, 300)
        writer.add(3, true)
        writer.add(4, message: { $0.add(1, "") })
        writer.add(16, 1.0)
        writer.add(5, nil as String?)
        writer.add(6, false)
        #expect(
            writer.bytes
                == [0x0A, 2, 0x61, 0x62, 0x10, 0xAC, 2, 0x18, 1, 0x22, 0, 0x81, 1, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    }
}
