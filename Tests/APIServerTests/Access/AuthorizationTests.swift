import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

@Suite struct AuthorizationTests {
    static let pods = "/api/v1/namespaces/default/pods"

    @Test(
        "A request is judged by what the API takes it for",
        arguments: [
            ("GET", pods, "list resource \"pods\" in API group \"\" in the namespace \"default\""),
            ("GET", pods + "?watch=true", "watch resource \"pods\" in API group \"\" in the namespace \"default\""),
            ("GET", "/api/v1/pods", "list resource \"pods\" in API group \"\" at the cluster scope"),
            ("GET", pods + "/a", "get resource \"pods\" in API group \"\" in the namespace \"default\""),
            ("GET", pods + "/a/log", "get resource \"pods/log\" in API group \"\" in the namespace \"default\""),
            ("POST", pods, "create resource \"pods\" in API group \"\" in the namespace \"default\""),
            (
                "PUT", pods + "/a/status",
                "update resource \"pods/status\" in API group \"\" in the namespace \"default\""
            ),
            ("PATCH", pods + "/a", "patch resource \"pods\" in API group \"\" in the namespace \"default\""),
            ("DELETE", pods + "/a", "delete resource \"pods\" in API group \"\" in the namespace \"default\""),
            ("DELETE", pods, "deletecollection resource \"pods\" in API group \"\" in the namespace \"default\""),
            (
                "PATCH", "/apis/apps/v1/namespaces/n/deployments/d/scale",
                "patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"n\""
            ),
            ("GET", "/api/v1/namespaces", "list resource \"namespaces\" in API group \"\" at the cluster scope"),
            ("GET", "/api/v1/namespaces/n", "get resource \"namespaces\" in API group \"\" in the namespace \"n\""),
            (
                "PUT", "/api/v1/namespaces/n/status",
                "update resource \"namespaces/status\" in API group \"\" in the namespace \"n\""
            ),
            ("GET", "/apis", "get path \"/apis\""), ("GET", "/apis/apps/v1", "get path \"/apis/apps/v1\""),
            ("GET", "/openapi//v2?x=y", "get path \"/openapi/v2\""), ("GET", "/", "get path \"/\""),
        ])
    func attributes(_ method: String, _ target: String, _ text: String) {
        #expect("\(AccessAttributes(APIRequest(method: method, target: target)))" == text)
    }

    @Test(
        "A list of one name is a request for that name",
        arguments: [
            ("?fieldSelector=metadata.name%3Da", "a"), ("?fieldSelector=metadata.name=a,status.phase=x", "a"),
            ("?fieldSelector=metadata.name!%3Da", ""), ("", ""),
            ("?fieldSelector=metadata.name!%3Dx%5C,metadata.name%3Da", ""),
            ("?fieldSelector=metadata.name%3Da%5C,b", "a,b"), ("?fieldSelector=a%20b,metadata.name%3Da", ""),
        ])
    func selectedName(_ query: String, _ name: String) {
        let attributes = AccessAttributes(APIRequest(method: "GET", target: Self.pods + query))
        guard case .resource(let resource) = attributes.target else {
            Issue.record("no resource")
            return
        }
        #expect(resource.name == name)
    }

    @Test(
        "Running something in a pod needs create, also where the connection begins with GET",
        arguments: ["exec", "attach", "portforward"])
    func exec(_ subresource: String) {
        let attributes = AccessAttributes(APIRequest(method: "GET", target: "\(Self.pods)/a/\(subresource)"))
        #expect(attributes.alsoRequired?.verb == "create")
        #expect(AccessAttributes(APIRequest(method: "GET", target: Self.pods + "/a/log")).alsoRequired == nil)
    }

    @Test("What no rule allows is refused as Kubernetes says it")
    func denial() async throws {
        let fixture = try await AccessFixture()
        let answer = try await fixture.call(.jane, "GET", "/apis/apps/v1/namespaces/default/deployments/web")
        #expect(answer.code == 403)
        #expect(
            answer.json["message"] == """
                deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments" in API group "apps" \
                in the namespace "default"
                """)
        #expect(answer.json["reason"] == "Forbidden")
        #expect(answer.json["details"] == ["group": "apps", "kind": "deployments", "name": "web"])
        let path = try await fixture.call(.jane, "GET", "/metrics")
        #expect(path.json["message"] == "forbidden: User \"jane\" cannot get path \"/metrics\"")
    }

    @Test("An apply that makes an object needs the right to create it")
    func applyCreates() async throws {
        let fixture = try await AccessFixture()
        try await fixture.grant(
            "patcher", [PolicyRule(verbs: ["patch"], apiGroups: [""], resources: ["configmaps"])], to: "jane")
        let path = "/api/v1/namespaces/default/configmaps/a?fieldManager=jane"
        let map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "data": ["a": "b"]]
        let type = "application/apply-patch+yaml"
        let answer = try await fixture.call(.jane, "PATCH", path, map, type: type)
        #expect(answer.code == 403)
        #expect(answer.json["message"]?.stringValue?.contains("cannot create resource \"configmaps\"") == true)
        #expect(try await fixture.call(.admin, "PATCH", path, map, type: type).code == 201)
        #expect(try await fixture.call(.jane, "PATCH", path + "&force=true", map, type: type).code == 200)
    }

    @Test("A binding counts from the moment it is acknowledged until that of its deletion")
    func bindings() async throws {
        let fixture = try await AccessFixture()
        try await fixture.grant(
            "reader", [PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"])], to: "jane",
            in: "default")
        #expect(try await fixture.call(.jane, "GET", Self.pods).code == 200)
        #expect(try await fixture.call(.jane, "GET", Self.pods + "?watch=1").code == 403)
        #expect(try await fixture.call(.jane, "GET", "/api/v1/namespaces/kube-system/pods").code == 403)
        #expect(try await fixture.call(.jane, "GET", "/api/v1/pods").code == 403)
        try await fixture.server.delete(.roleBindings, ObjectKey(namespace: "default", name: "reader-jane"))
        #expect(try await fixture.call(.jane, "GET", Self.pods).code == 403)
    }

    @Test(
        "Everyone known may ask what there is, and what they may do",
        arguments: ["/api", "/apis", "/apis/apps/v1", "/openapi/v2", "/version", "/healthz"])
    func discovery(_ path: String) async throws {
        let fixture = try await AccessFixture()
        #expect(try await fixture.call(.jane, "GET", path).code == 200)
        guard !["/version", "/healthz"].contains(path) else { return }
        #expect(try await fixture.call(.anonymous, "GET", path).code == 403)
    }

    @Test("The roles of every cluster are there, made of the roles with their labels")
    func bootstrap() async throws {
        let fixture = try await AccessFixture()
        _ = try await RoleAggregation(client: fixture.server).reconcile()
        _ = try await RoleAggregation(client: fixture.server).reconcile()
        _ = try await RoleAggregation(client: fixture.server).reconcile()
        try await fixture.bind("edit", to: "jane", in: "default")
        let isvc = "/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices"
        #expect(try await fixture.call(.jane, "GET", isvc).code == 200)
        #expect(try await fixture.call(.jane, "DELETE", isvc + "/x").code == 404)
        #expect(try await fixture.call(.jane, "GET", "/api/v1/namespaces/default/secrets").code == 200)
        #expect(
            try await fixture.call(.jane, "GET", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles").code
                == 403)
        #expect(try await fixture.call(.jane, "GET", "/api/v1/namespaces/kube-system/secrets").code == 403)
        try await fixture.bind("view", to: "joe", in: "default")
        let joe = Identity(user: "joe", groups: [Identity.authenticated])
        #expect(try await fixture.call(joe, "GET", isvc).code == 200)
        #expect(try await fixture.call(joe, "GET", "/api/v1/namespaces/default/secrets").code == 403)
        #expect(try await fixture.call(joe, "DELETE", isvc + "/x").code == 403)
    }

    @Test("A start puts back what is missing, and leaves what was added")
    func reconcile() async throws {
        let fixture = try await AccessFixture()
        let key = ObjectKey(name: "system:basic-user")
        var role = try await fixture.server.get(.clusterRoles, key)
        let rules = role.json["rules"]
        let added = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["things"]).json
        role.json["rules"] = [added]
        _ = try await fixture.server.replace(.clusterRoles, role)
        try await BootstrapPolicy.reconcile(fixture.server)
        let mended = try await fixture.server.get(.clusterRoles, key)
        #expect(mended.json["rules"]?.arrayValue == [added] + (rules?.arrayValue ?? []))
        var manual = mended
        manual.annotations["rbac.authorization.kubernetes.io/autoupdate"] = "false"
        manual.json["rules"] = []
        manual = try await fixture.server.replace(.clusterRoles, manual)
        try await BootstrapPolicy.reconcile(fixture.server)
        #expect(try await fixture.server.get(.clusterRoles, key) == manual)
    }
}
