import JSONModel
import KubeModel
import ObjectStore
import ServingAPI
import Testing

@testable import APIServer

/// What the API says to requests that are wrong, without sockets.
@Suite struct HTTPErrorTests {
    static func api() async throws -> (API, directory: String) {
        let directory = try HTTPFixture.temporaryDirectory()
        let store = try ObjectStore(path: "\(directory)/martlet.db")
        let server = try await ObjectServer(store: store, definitions: ServingKinds.definitions)
        return (API(server: server, logs: ScriptedLogs()), directory)
    }

    static func answer(_ request: APIRequest) async throws -> (code: Int, json: JSONValue) {
        let response = try await api().0.respond(to: request)
        guard case .whole(let bytes) = response.body else { return (response.code, .null) }
        return (response.code, try JSONValue(parsing: bytes))
    }

    @Test(
        "A wrong request gets a Status with its code",
        arguments: [
            ("GET", "/nothing", 404, "there are: /api"), ("GET", "/apis/nothing", 404, "there are"),
            ("GET", "/api/v1/things", 404, "pods (v1)"), ("GET", "/apis/no.such/v1/things", 404, "/apis"),
            ("GET", "/api/v1/pods/a", 404, "namespaced"),
            ("GET", "/api/v1/namespaces/x/namespaces", 404, "cluster-scoped"),
            ("GET", "/api/v1/namespaces/default/pods/a", 404, "pods \"a\" not found"),
            ("GET", "/api/v1/namespaces/default/pods/a/exec", 404, ""),
            ("PUT", "/api/v1/pods", 405, "method"), ("POST", "/api/v1/namespaces/default/pods/a", 405, "method"),
            ("POST", "/version", 405, "method"), ("GET", "/api/v1/pods?labelSelector=a(", 400, ""),
            ("GET", "/api/v1/pods?limit=x", 400, "limit"),
        ])
    func paths(_ method: String, _ target: String, _ code: Int, _ part: String) async throws {
        let answer = try await Self.answer(APIRequest(method: method, target: target))
        #expect(answer.code == code)
        #expect(answer.json["kind"] == "Status")
        #expect(answer.json["code"]?.intValue == code)
        #expect(answer.json["message"]?.stringValue?.contains(part) != false || part.isEmpty, "\(answer.json.text)")
    }

    static let pods = "/api/v1/namespaces/default/pods"

    @Test(
        "A wrong body gets a Status with its code",
        arguments: [
            ("POST", pods, "application/json", "{", 400, "no JSON"),
            ("POST", pods, "application/json", "[]", 400, "must be an object"),
            ("POST", pods, "application/yaml", "a: [", 400, "no YAML"),
            ("POST", pods, "application/yaml", "a: 1\n---\nb: 2", 400, "2 YAML documents"),
            ("POST", pods, "application/vnd.kubernetes.protobuf", "x", 400, "no protobuf"),
            ("POST", pods, "application/cbor", "x", 415, "application/json"),
            ("POST", pods, "", #"{"apiVersion":"v1","kind":"Secret"}"#, 400, "this path takes v1 Pod"),
            (
                "POST", pods, "", #"{"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"b"}}"#, 400,
                "does not match the namespace"
            ),
            (
                "PUT", pods + "/a", "", #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}"#, 400,
                "does not match the name"
            ),
            ("PATCH", pods + "/a", "application/json", "{}", 415, "application/merge-patch+json"),
            ("PATCH", pods + "/a", "application/apply-patch+yaml", "{}", 422, "fieldManager"),
            ("POST", pods + "?dryRun=x", "", #"{"apiVersion":"v1","kind":"Pod"}"#, 422, "dryRun"),
            ("POST", pods + "?fieldValidation=x", "", #"{"apiVersion":"v1","kind":"Pod"}"#, 422, "fieldValidation"),
            ("POST", pods, "", #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#, 422, "spec"),
        ])
    func bodies(
        _ method: String, _ target: String, _ type: String, _ body: String, _ code: Int, _ part: String
    ) async throws {
        var request = APIRequest(method: method, target: target)
        request.contentType = type
        request.body = Array(body.utf8)
        let answer = try await Self.answer(request)
        #expect(answer.code == code)
        #expect(answer.json["message"]?.stringValue?.contains(part) == true, "\(answer.json.text)")
    }

    @Test("YAML is as good as JSON")
    func yaml() async throws {
        var request = APIRequest(method: "POST", target: "/api/v1/namespaces/default/configmaps")
        request.contentType = "application/yaml; charset=utf-8"
        request.body = Array("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n".utf8)
        let answer = try await Self.answer(request)
        #expect(answer.code == 201)
        #expect(answer.json[path: "data", "k"] == "v")
    }

    @Test("Unknown fields are warned of, and refused where that is asked for")
    func unknownFields() async throws {
        let (api, _) = try await Self.api()
        var request = APIRequest(method: "POST", target: Self.pods)
        request.body = Array(
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"wrong":1,"containers":[{"name":"c","image":"i"}]}}"#
                .utf8)
        request.query = APIRequest(method: "", target: "?fieldValidation=Strict").query
        #expect(await api.respond(to: request).code == 400)
        request.query = APIRequest(method: "", target: "?fieldValidation=Warn").query
        let response = await api.respond(to: request)
        #expect(response.code == 201)
        #expect(response.warnings == [#"unknown field "spec.wrong""#])
    }
}
