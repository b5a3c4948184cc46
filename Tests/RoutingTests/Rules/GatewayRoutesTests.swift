import HTTPFraming
import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import Routing

/// From HTTPRoutes to rules, and from rules to backends.
struct GatewayRoutesTests {
    private static func route(
        _ name: String, hosts: [String] = ["h.example"], rules: [JSONValue], namespace: String = "default",
        created: String = "2026-01-01T00:00:00Z", hasParent: Bool = true
    ) -> Object {
        var spec: JSONValue = ["rules": .array(rules)]
        if !hosts.isEmpty { spec["hostnames"] = .array(hosts.map { .string($0) }) }
        if hasParent { spec["parentRefs"] = [["name": "gateway"]] }
        var route = Object(.httpRoutes, namespace: namespace, name: name, ["spec": spec])
        route.creationTimestamp = created
        return route
    }

    private static func rule(_ path: String? = nil, to backends: [String]) -> JSONValue {
        var rule: JSONValue = ["backendRefs": .array(backends.map { ["name": .string($0), "port": 80] })]
        if let path { rule["matches"] = [["path": ["type": "PathPrefix", "value": .string(path)]]] }
        return rule
    }

    private static func service(_ name: String, namespace: String = "default") -> Object {
        var service = Object(.services, namespace: namespace, name: name)
        service.spec = ["selector": ["app": .string(name)], "ports": [["port": 80, "targetPort": "web"]]]
        return service
    }

    private static func pod(_ app: String, namespace: String = "default") -> Object {
        var pod = Object(
            .pods, namespace: namespace, name: "\(app)-1",
            [
                "spec": [
                    "containers": [
                        ["ports": [["name": "other", "containerPort": 1], ["name": "web", "containerPort": 9]]]
                    ]
                ],
                "status": ["podIP": "127.1.2.3", "conditions": [["type": "Ready", "status": "True"]]],
            ])
        pod.labels = ["app": app]
        return pod
    }

    private static func compile(
        _ routes: [Object], grants: [Object] = [], change: (inout RoutingObjects) -> Void = { _ in }
    ) -> RoutingTable {
        var objects = RoutingObjects(
            pods: ["a", "b", "c"].map { pod($0) } + [pod("a", namespace: "far")], httpRoutes: routes)
        objects.services = ["a", "b", "c"].map { service($0) } + [service("a", namespace: "far")]
        objects.referenceGrants = grants
        change(&objects)
        return RoutingTable.compile(objects, domain: "localhost")
    }

    /// Where a request goes: names of revisions, `nowhere`, or `nil` where no rule takes it.
    private static func targets(_ table: RoutingTable, _ host: String, _ target: String = "/") throws -> [String]? {
        let bytes = Array("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
        var parser = RequestParser()
        #expect(try parser.parse(bytes.span))
        let path = bytes.span.extracting(parser.head.path)
        let index: Int? =
            switch table.destination(host: Array(host.utf8).span, path: path) {
            case .route(let route, _): route
            case .rules(let rules): table.rule(for: parser, bytes.span, path: path, in: rules)?.route
            default: nil
            }
        return index.map { index in
            table.routes[index].targets.map { target in
                let key = target.revision == Route.nowhere ? nil : table.revisions[target.revision].key
                return (key.map { "\($0.namespace ?? "")/\($0.name)" } ?? "nowhere") + " \(target.weight)"
            }
        }
    }

    @Test("Rules of several routes of one host count together, the more exact first; of equal ones the older")
    func several() throws {
        let table = Self.compile([
            Self.route("new", rules: [Self.rule("/x", to: ["c"])], created: "2026-01-02T00:00:00Z"),
            Self.route("old", rules: [Self.rule("/x", to: ["a"]), Self.rule("/x/y", to: ["b"])]),
        ])
        #expect(try Self.targets(table, "h.example", "/x/z") == ["default/a 1"])
        #expect(try Self.targets(table, "H.EXAMPLE", "/x/y") == ["default/b 1"])
        #expect(try Self.targets(table, "h.example", "/other") == nil)
        #expect(try Self.targets(table, "elsewhere", "/x") == nil)
    }

    @Test("The more of a host a route names, the sooner it counts; what its rules do not take, others may")
    func hosts() throws {
        let table = Self.compile([
            Self.route("any", hosts: [], rules: [Self.rule(to: ["a"])]),
            Self.route("wild", hosts: ["*.example"], rules: [Self.rule("/w", to: ["b"])]),
            Self.route("exact", hosts: ["h.example"], rules: [Self.rule("/e", to: ["c"])]),
            Self.route("broad", hosts: ["b.example"], rules: [Self.rule("/", to: ["c"])]),
        ])
        #expect(try Self.targets(table, "b.example", "/w") == ["default/c 1"])
        #expect(try Self.targets(table, "h.example", "/e") == ["default/c 1"])
        #expect(try Self.targets(table, "h.example", "/w") == ["default/b 1"])
        #expect(try Self.targets(table, "deep.h.example", "/w") == ["default/b 1"])
        #expect(try Self.targets(table, "example", "/w") == ["default/a 1"])
        #expect(try Self.targets(table, "h.example", "/") == ["default/a 1"])
        // What Martlet itself has on every host stays there.
        let path = Array("/openai/v1/models".utf8)
        #expect(table.destination(host: Array("x".utf8).span, path: path.span) == .modelList)
    }

    @Test("A Service's pods are endpoints at the port that it means")
    func endpoints() throws {
        let table = Self.compile([Self.route("r", rules: [Self.rule(to: ["a"])])])
        #expect(try Self.targets(table, "h.example") == ["default/a 1"])
        #expect(table.revisions.first?.endpoints.map(\.port) == [9])
        #expect(table.revisions.first?.endpoints.map(\.podName) == ["a-1"])
    }

    @Test("Shares of backends that are split themselves are split further")
    func weights() throws {
        let revisions = (1...2).map { Object(.revisions, namespace: "default", name: "k-0000\($0)") }
        let knative = Object(
            .routes, namespace: "default", name: "k",
            [
                "status": [
                    "traffic": [
                        ["revisionName": "k-00001", "percent": 75], ["revisionName": "k-00002", "percent": 25],
                    ]
                ]
            ])
        let rule: JSONValue = ["backendRefs": [["name": "k", "weight": 3], ["name": "a", "weight": 1]]]
        let table = Self.compile([Self.route("r", rules: [rule])]) { objects in
            objects.revisions = revisions
            objects.routes = [knative]
        }
        #expect(
            try Self.targets(table, "h.example")
                == ["default/k-00001 225", "default/k-00002 75", "default/a 100"])
    }

    @Test("What cannot be sent to gets its share of the requests all the same, and answers 500")
    func nowhere() throws {
        let table = Self.compile([
            Self.route(
                "r",
                rules: [
                    Self.rule("/half", to: ["a", "unknown"]), Self.rule("/none", to: []),
                    ["matches": [["path": ["value": "/zero"]]], "backendRefs": [["name": "a", "weight": 0]]],
                    ["matches": [["path": ["value": "/kind"]]], "backendRefs": [["name": "a", "kind": "Secret"]]],
                ])
        ])
        #expect(try Self.targets(table, "h.example", "/half") == ["default/a 1", "nowhere 1"])
        for path in ["/none", "/zero", "/kind"] {
            #expect(try Self.targets(table, "h.example", path) == ["nowhere 1"], "\(path)")
        }
    }

    @Test("Another namespace's Service needs a grant there")
    func grants() throws {
        func grant(in namespace: String, from: String, name: String? = nil) -> Object {
            var to: JSONValue = ["group": "", "kind": "Service"]
            to["name"] = name.map { .string($0) }
            return Object(
                .referenceGrants, namespace: namespace, name: "g",
                [
                    "spec": [
                        "from": [
                            ["group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": .string(from)]
                        ], "to": [to],
                    ]
                ])
        }
        let rule: JSONValue = ["backendRefs": [["name": "a", "namespace": "far"]]]
        let route = Self.route("r", rules: [rule])
        for (grants, expected) in [
            ([], "nowhere 1"), ([grant(in: "far", from: "default")], "far/a 1"),
            ([grant(in: "far", from: "default", name: "a")], "far/a 1"),
            ([grant(in: "far", from: "default", name: "b")], "nowhere 1"),
            ([grant(in: "far", from: "other")], "nowhere 1"), ([grant(in: "default", from: "default")], "nowhere 1"),
        ] {
            #expect(try Self.targets(Self.compile([route], grants: grants), "h.example") == [expected])
        }
    }

    @Test("A route takes no host of a service, and one without a Gateway takes none at all")
    func taken() throws {
        let table = Self.compile([
            Self.route("thief", hosts: ["m-default.localhost"], rules: [Self.rule(to: ["a"])], namespace: "other"),
            Self.route("alone", hosts: ["alone.example"], rules: [Self.rule(to: ["a"])], hasParent: false),
        ]) { $0.inferenceServices = [Object(.inferenceServices, namespace: "default", name: "m")] }
        #expect(try Self.targets(table, "m-default.localhost") == [])
        #expect(try Self.targets(table, "alone.example") == nil)
    }
}
