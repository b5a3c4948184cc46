import HTTPFraming
import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import Routing

struct CompileTests {
    private static let key = ObjectKey(namespace: "default", name: "m-predictor-00001")

    private static func revision(_ number: Int = 1, spec: JSONValue = [:]) -> Object {
        var object = Object(.revisions, namespace: "default", name: "m-predictor-0000\(number)", ["spec": spec])
        object.labels = [
            "serving.knative.dev/service": "m-predictor", "serving.knative.dev/configuration": "m-predictor",
        ]
        object.uid = "uid-\(number)"
        return object
    }

    private static func route(_ traffic: JSONValue...) -> Object {
        Object(.routes, namespace: "default", name: "m-predictor", ["status": ["traffic": .array(traffic)]])
    }

    private static let service = Object(.inferenceServices, namespace: "default", name: "m")

    private static func pod(_ name: String, ready: String = "True", ports: JSONValue = []) -> Object {
        var pod = Object(
            .pods, namespace: "default", name: name,
            [
                "spec": ["containers": [["name": "kserve-container", "ports": ports]]],
                "status": ["podIP": "127.1.2.3", "conditions": [["type": "Ready", "status": .string(ready)]]],
            ])
        pod.uid = "uid-\(name)"
        pod.labels = ["serving.knative.dev/revision": "m-predictor-00001"]
        return pod
    }

    private static func compile(
        services: [Object] = [service], routes: [Object] = [], revisions: [Object] = [], pods: [Object] = []
    ) -> RoutingTable {
        let objects = RoutingObjects(inferenceServices: services, routes: routes, revisions: revisions, pods: pods)
        return RoutingTable.compile(objects, domain: "localhost")
    }

    @Test
    func `A service, its route, its revision and its pod become a route with an endpoint`() throws {
        let table = Self.compile(
            routes: [Self.route(["revisionName": "m-predictor-00001", "percent": 100, "latestRevision": true])],
            revisions: [Self.revision()], pods: [Self.pod("p", ports: [["containerPort": 8_081]])])
        #expect(table.hostNames == ["m-default.localhost", "m-predictor.default.localhost"])
        guard case .route(let index) = table.model(named: "m") else {
            Issue.record("the model has no route")
            return
        }
        #expect(table.routes[index].name == "InferenceService default/m")
        #expect(table.routes[index].targets == [Route.Target(revision: 0, weight: 100)])
        let revision = try #require(table.revisions.first)
        #expect(revision.key == Self.key)
        #expect(revision.service == "m-predictor")
        #expect(revision.endpoints == [Endpoint(podUID: "uid-p", podName: "p", address: "127.1.2.3", port: 8_081)])
    }

    @Test
    func `Only pods that are ready and stay are endpoints`() throws {
        var deleted = Self.pod("deleted")
        deleted.deletionTimestamp = "2026-01-01T00:00:00Z"
        var homeless = Self.pod("homeless")
        homeless["status", "podIP"] = nil
        var stranger = Self.pod("stranger")
        stranger.labels = ["serving.knative.dev/revision": "other"]
        var elsewhere = Self.pod("elsewhere")
        elsewhere.namespace = "other"
        let pods = [
            Self.pod("z"), Self.pod("a"), Self.pod("not", ready: "False"), deleted, homeless, stranger, elsewhere,
        ]
        let table = Self.compile(revisions: [Self.revision()], pods: pods)
        #expect(table.revisions[0].endpoints.map(\.podName) == ["a", "z"])
    }

    struct Ports: Sendable {
        var names: [String?]
        var port: Int
        var portProtocol: PortProtocol
        var grpcPort: Int?
    }

    @Test(arguments: [
        Ports(names: [nil], port: 1, portProtocol: .http1), Ports(names: ["http1"], port: 1, portProtocol: .http1),
        Ports(names: ["h2c"], port: 1, portProtocol: .h2c), Ports(names: ["grpc"], port: 1, portProtocol: .h2c),
        Ports(names: ["https"], port: 1, portProtocol: .https),
        Ports(names: ["metrics", "https"], port: 2, portProtocol: .https),
        Ports(names: ["h2c", "http1"], port: 2, portProtocol: .http1, grpcPort: 1),
        Ports(names: ["user-port", "grpc-predict"], port: 1, portProtocol: .http1, grpcPort: 2),
        Ports(names: ["metrics", "h2c"], port: 2, portProtocol: .h2c),
    ])
    func `The names of a pod's ports say what is spoken there`(_ example: Ports) {
        let ports = example.names.enumerated().map { index, name -> JSONValue in
            var port: JSONValue = ["containerPort": .number(JSONNumber(index + 1))]
            if let name { port["name"] = .string(name) }
            return port
        }
        let table = Self.compile(revisions: [Self.revision()], pods: [Self.pod("p", ports: .array(ports))])
        let endpoint = table.revisions.first?.endpoints.first
        #expect(endpoint?.port == example.port && endpoint?.portProtocol == example.portProtocol)
        #expect(endpoint?.grpcPort == example.grpcPort)
    }

    @Test(arguments: [
        ([] as JSONValue, 8_080),
        ([["containerPort": 9_000]] as JSONValue, 9_000),
        ([["containerPort": 9_000], ["containerPort": 9_001, "name": "http1"]] as JSONValue, 9_001),
        ([["containerPort": 9_000, "name": "a"], ["containerPort": 9_001, "name": "user-port"]] as JSONValue, 9_001),
    ])
    func `Requests go to the serving container's port`(ports: JSONValue, expected: Int) {
        let table = Self.compile(revisions: [Self.revision()], pods: [Self.pod("p", ports: ports)])
        #expect(table.revisions[0].endpoints.first?.port == expected)
    }

    struct Limits: Sendable {
        var spec: JSONValue
        var concurrency: Int
        var firstByte: Int?
        var idle: Int?
    }

    @Test(arguments: [
        Limits(spec: [:], concurrency: 0, firstByte: nil, idle: nil),
        Limits(spec: ["containerConcurrency": 3, "timeoutSeconds": 60], concurrency: 3, firstByte: 60, idle: nil),
        Limits(
            spec: ["timeoutSeconds": 600, "responseStartTimeoutSeconds": 30, "idleTimeoutSeconds": 5], concurrency: 0,
            firstByte: 30, idle: 5),
        Limits(
            spec: ["containerConcurrency": -1, "timeoutSeconds": 0, "idleTimeoutSeconds": 0], concurrency: 0,
            firstByte: nil, idle: nil),
    ])
    func `A revision brings its limits`(limits: Limits) {
        let revision = Self.compile(revisions: [Self.revision(spec: limits.spec)]).revisions[0]
        #expect(revision.containerConcurrency == limits.concurrency)
        #expect(revision.firstByteTimeout == limits.firstByte.map { .seconds($0) })
        #expect(revision.idleTimeout == limits.idle.map { .seconds($0) })
    }

    @Test
    func `Traffic is split by weight, and a tag has a host of its own even without a share`() throws {
        let table = Self.compile(
            routes: [
                Self.route(
                    ["revisionName": "m-predictor-00001", "percent": 80],
                    ["revisionName": "m-predictor-00002", "percent": 20],
                    ["revisionName": "m-predictor-00002", "percent": 0, "tag": "next"],
                    ["revisionName": "gone", "percent": 0])
            ],
            revisions: [Self.revision(2), Self.revision(1)])
        let host = Array("next-m-predictor.default.localhost".utf8)
        guard case .route(let index, _) = table.destination(host: host.span, path: host.span.extracting(0..<0)) else {
            Issue.record("the tag has no route")
            return
        }
        #expect(table.routes[index].revision(turn: 5) == 1)
        #expect(table.revisions[1].key.name == "m-predictor-00002")
        let main = try #require(table.routes.first { $0.name == "InferenceService default/m" })
        #expect(main.targets.map(\.weight) == [80, 20])
    }

    @Test
    func `A service that is not ready says why`() {
        var service = Self.service
        service["status", "conditions"] = [
            ["type": "Ready", "status": "False", "message": "the model could not be downloaded"]
        ]
        let table = Self.compile(services: [service])
        #expect(table.routes[0].targets.isEmpty)
        #expect(table.routes[0].reason == "the model could not be downloaded")
        #expect(Self.compile().routes[0].reason == "it is not ready yet")
    }

    @Test
    func `A transformer stands before its predictor`() {
        var service = Self.service
        service["spec", "transformer"] = [:]
        var transformer = Self.route(["revisionName": "m-predictor-00002", "percent": 100])
        transformer.name = "m-transformer"
        let table = Self.compile(
            services: [service],
            routes: [Self.route(["revisionName": "m-predictor-00001", "percent": 100]), transformer],
            revisions: [Self.revision(1), Self.revision(2)])
        #expect(table.routes.last?.targets == [Route.Target(revision: 1, weight: 100)])
    }

    @Test
    func `What asks for an explanation goes to the explainer, all else to the predictor`() throws {
        var service = Self.service
        service["spec", "explainer"] = ["containers": []]
        var explainer = Self.route(["revisionName": "m-predictor-00002", "percent": 100])
        explainer.name = "m-explainer"
        let table = Self.compile(
            services: [service],
            routes: [Self.route(["revisionName": "m-predictor-00001", "percent": 100]), explainer],
            revisions: [Self.revision(1), Self.revision(2)])
        let host = Array("m-default.localhost".utf8)
        guard case .rules(let rules) = table.destination(host: host.span, path: Array("/".utf8).span) else {
            Issue.record("the host has no rules")
            return
        }
        func revision(_ path: String) throws -> Int? {
            let bytes = Array("POST \(path) HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n".utf8)
            var parser = RequestParser()
            _ = try parser.parse(bytes.span)
            let choice = table.rule(for: parser, bytes.span, path: Array(path.utf8).span, in: rules)
            return choice.flatMap { table.routes[$0.route].targets.first?.revision }
        }
        #expect(try revision("/v1/models/m:explain") == 1)
        #expect(try revision("/v1/models/m:predict") == 0)
        #expect(table.shares(host: "m-default.localhost").values.sorted() == [100])
        #expect(table.owners.allSatisfy { $0.isEmpty || $0 == [service.key] })
    }

    @Test
    func `Objects that lack everything harm nothing`() {
        let empty = Object([:])
        let table = Self.compile(services: [empty], routes: [empty], revisions: [empty], pods: [empty])
        #expect(table.revisions.count == 1)
        #expect(table.revisions[0].endpoints.isEmpty)
    }

    @Test
    func `The models are listed with the time they were made`() {
        var service = Self.service
        service.creationTimestamp = "2026-01-01T00:00:00Z"
        #expect(Self.compile(services: [service]).models.map(\.created) == [1_767_225_600])
    }

    @Test
    func `Who calls a service whose first revision is still starting waits for it; one that failed is not waited for`()
    {
        func table(_ ready: String, routes: [Object] = [Self.route()]) -> RoutingTable {
            var revision = Self.revision(spec: [:])
            revision["status", "conditions"] = [["type": "Ready", "status": .string(ready), "message": "it broke"]]
            return Self.compile(routes: routes, revisions: [revision])
        }
        func targets(_ table: RoutingTable) -> [Int] {
            guard case .route(let index) = table.model(named: "m") else { return [] }
            return table.routes[index].targets.map(\.revision)
        }
        #expect(targets(table("Unknown")) == [0])
        #expect(targets(table("False")).isEmpty)
        #expect(targets(table("Unknown", routes: [])).isEmpty)
    }

    @Test
    func `A revision brings what its callers are told while they wait`() {
        var revision = Self.revision(spec: ["timeoutSeconds": 30])
        revision.annotations = [
            "martlet.dev/max-wait": "2m", "martlet.dev/load-seconds": "12.5",
            "martlet.dev/keep-alive-comments": "false",
        ]
        var pod = Self.pod("p", ready: "False")
        pod["status", "initContainerStatuses"] = [
            ["state": ["waiting": ["reason": "Downloading", "message": "fetched 34.1 MB of 98.0 MB (12.3 MB/s)"]]]
        ]
        let routed = Self.compile(revisions: [revision], pods: [pod]).revisions[0]
        #expect(routed.totalTimeout == .seconds(30))
        #expect(routed.maxWait == .seconds(120))
        #expect(routed.loadTime == .milliseconds(12_500))
        #expect(!routed.sendsComments)
        #expect(routed.start.stage == .fetching)
        #expect(routed.start.transfer?.bytes == 34_100_000)
        #expect(routed.start.transfer?.total == 98_000_000)
    }

    struct Start: Sendable {
        var pods: [JSONValue]
        var stage: StartState.Stage
        var message: String
    }

    @Test(arguments: [
        Start(pods: [], stage: .asleep, message: ""),
        Start(pods: [[:]], stage: .pending, message: ""),
        Start(
            pods: [["conditions": [["type": "PodScheduled", "status": "False", "message": "no room"]]]],
            stage: .pending,
            message: "no room"),
        Start(
            pods: [["containerStatuses": [["state": ["waiting": ["reason": "ContainerCreating"]]]]]], stage: .starting,
            message: ""),
        Start(
            pods: [["containerStatuses": [["state": ["running": [:]]]]]], stage: .starting,
            message: "the model server has started and is not ready yet"),
        Start(
            pods: [
                ["containerStatuses": [["state": ["waiting": ["reason": "ErrImagePull", "message": "no such image"]]]]]
            ],
            stage: .failing, message: "no such image"),
        Start(
            pods: [
                [
                    "containerStatuses": [
                        [
                            "state": ["running": [:]],
                            "lastState": ["terminated": ["exitCode": 1, "message": "out of memory"]],
                        ]
                    ]
                ]
            ], stage: .failing, message: "out of memory"),
        // The one that has come furthest counts.
        Start(
            pods: [
                ["containerStatuses": [["state": ["waiting": ["reason": "CrashLoopBackOff"]]]]],
                [
                    "initContainerStatuses": [
                        ["state": ["waiting": ["reason": "Downloading", "message": "fetched 1 B"]]]
                    ]
                ],
            ], stage: .fetching, message: "fetched 1 B"),
    ])
    func `How far a start is, is read from the pods`(start: Start) {
        let pods = start.pods.map { Object(.pods, namespace: "default", name: "p", ["status": $0]) }
        let state = StartState(pods: pods)
        #expect(state.stage == start.stage)
        #expect(state.message == start.message)
    }

    private static func isvcRoute(_ table: RoutingTable) throws -> Routing.Route {
        guard case .route(let index) = table.model(named: "m") else { throw CancellationError() }
        return table.routes[index]
    }

    @Test
    func `A service's route names the service to its server, and knows tags only where they are switched on`() throws {
        let route = Self.route(
            ["revisionName": "m-predictor-00001", "percent": 100],
            ["revisionName": "m-predictor-00002", "percent": 0, "tag": "next"])
        var objects = RoutingObjects(
            inferenceServices: [Self.service], routes: [route], revisions: [Self.revision(1), Self.revision(2)])
        let off = try Self.isvcRoute(RoutingTable.compile(objects, domain: "localhost"))
        #expect(
            String(decoding: off.fields, as: UTF8.self) == "KServe-Isvc-Name: m\r\nKServe-Isvc-Namespace: default\r\n")
        #expect(off.tags.isEmpty)
        objects.routesByTag = true
        let on = try Self.isvcRoute(RoutingTable.compile(objects, domain: "localhost"))
        #expect(on.revision(tagged: Array("next".utf8)) == 1)
        #expect(on.revision(tagged: Array("other".utf8)) == nil)
    }

    @Test(arguments: [
        ("next=10", 1, 10), ("m-predictor-00002=100", 1, 100), ("gone=10", nil, nil), ("next=0", nil, nil),
        ("next", nil, nil),
    ])
    func `A shadow is a tag or a revision that exists`(text: String, revision: Int?, percent: Int?) throws {
        let route = Self.route(
            ["revisionName": "m-predictor-00001", "percent": 100],
            ["revisionName": "m-predictor-00002", "percent": 0, "tag": "next"])
        var service = Self.service
        service.annotations = ["martlet.dev/shadow": text]
        let table = Self.compile(
            services: [service], routes: [route], revisions: [Self.revision(1), Self.revision(2)])
        let shadow = try Self.isvcRoute(table).shadows.first
        #expect(shadow?.revision == revision)
        #expect(shadow?.share == percent)
    }

    @Test
    func `What is cluster-local answers inside only: no host, no path and no model name leads there`() {
        var (service, route) = (Self.service, Self.route(["revisionName": "m-predictor-00001", "percent": 100]))
        func host(_ name: String, _ table: RoutingTable) -> Destination {
            table.destination(host: Array(name.utf8).span, path: Array("/".utf8).span)
        }
        let open = Self.compile(services: [service], routes: [route], revisions: [Self.revision()])
        for name in ["m-default.localhost", "m.default.svc.cluster.local", "m-predictor.default.svc.cluster.local"] {
            #expect(host(name, open) != .unknownHost, "\(name)")
        }
        service.labels["networking.knative.dev/visibility"] = "cluster-local"
        route.labels["networking.knative.dev/visibility"] = "cluster-local"
        let closed = Self.compile(services: [service], routes: [route], revisions: [Self.revision()])
        #expect(host("m.default.svc.cluster.local", closed) != .unknownHost)
        #expect(host("m-predictor.default.svc.cluster.local", closed) != .unknownHost)
        #expect(host("m-default.localhost", closed) == .unknownHost)
        #expect(host("m-predictor.default.localhost", closed) == .unknownHost)
        #expect(closed.hostNames.isEmpty && closed.models.isEmpty)
        #expect(closed.model(named: "m") == .unknown)
        let path = Array("/serving/default/m/v1".utf8)
        #expect(closed.destination(host: Array("localhost".utf8).span, path: path.span) == .unknownService(9..<18))
    }
}

/// Hosts of one's own.
struct DomainMappingCompileTests {
    private static func mapping(
        _ host: String, to name: String, kind: String = "InferenceService", group: String = "serving.kserve.io/v1beta1",
        claimed: String = "True"
    ) -> Object {
        Object(
            .domainMappings, namespace: "default", name: host,
            [
                "spec": ["ref": ["apiVersion": .string(group), "kind": .string(kind), "name": .string(name)]],
                "status": ["conditions": [["type": "DomainClaimed", "status": .string(claimed)]]],
            ])
    }

    private static func table(_ mappings: Object...) -> RoutingTable {
        var objects = RoutingObjects(
            inferenceServices: ["m", "n"].map { Object(.inferenceServices, namespace: "default", name: $0) })
        objects.domainMappings = mappings
        return RoutingTable.compile(objects, domain: "localhost")
    }

    @Test func `A host that was claimed leads where its service's does, and no other host does`() {
        let table = Self.table(
            Self.mapping("models.example.com", to: "m"), Self.mapping("waits.example.com", to: "m", claimed: "False"),
            Self.mapping("lost.example.com", to: "nobody"))
        #expect(table.leads(host: "models.example.com", to: "m-default.localhost"))
        #expect(!table.leads(host: "models.example.com", to: "n-default.localhost"))
        #expect(!table.hostNames.contains("waits.example.com") && !table.hostNames.contains("lost.example.com"))
    }

    @Test func `Nobody maps the host of another service to himself`() {
        let table = Self.table(Self.mapping("n-default.localhost", to: "m"))
        #expect(!table.leads(host: "n-default.localhost", to: "m-default.localhost"))
        #expect(table.leads(host: "n-default.localhost", to: "n.default.svc.cluster.local"))
    }
}

/// Services in Standard mode.
struct StandardCompileTests {
    private static func deployment(_ name: String) -> Object {
        var object = Object(.deployments, namespace: "default", name: name)
        object.labels = ["serving.knative.dev/revision": name, "serving.kserve.io/inferenceservice": "m"]
        object.annotations = ["martlet.dev/container-concurrency": "2"]
        return object
    }

    private static let route = Object(
        .httpRoutes, namespace: "default", name: "m-predictor",
        [
            "spec": [
                "parentRefs": [["name": "kserve-ingress-gateway"]], "hostnames": ["m-predictor-default.localhost"],
                "rules": [
                    [
                        "backendRefs": [
                            ["name": "m-predictor", "weight": 90], ["name": "m-next-predictor", "weight": 10],
                        ], "timeouts": ["request": "7s"],
                    ]
                ],
            ]
        ])

    @Test func `Deployments are revisions, and an HTTPRoute's weights are the shares of the service`() throws {
        var pod = Object(
            .pods, namespace: "default", name: "p",
            ["status": ["podIP": "127.1.2.3", "conditions": [["type": "Ready", "status": "True"]]]])
        pod.labels = ["serving.knative.dev/revision": "m-predictor"]
        let knative = Object(.deployments, namespace: "default", name: "other-00001-deployment")
        let table = RoutingTable.compile(
            RoutingObjects(
                inferenceServices: [
                    Object(
                        .inferenceServices, namespace: "default", name: "m", ["status": ["deploymentMode": "Standard"]])
                ], pods: [pod],
                deployments: [Self.deployment("m-predictor"), Self.deployment("m-next-predictor"), knative],
                httpRoutes: [Self.route]),
            domain: "localhost")
        #expect(table.revisions.map(\.key.name) == ["m-next-predictor", "m-predictor"])
        #expect(table.revisions[1].endpoints.map(\.podName) == ["p"])
        #expect(table.revisions[1].containerConcurrency == 2)
        #expect(table.revisions[1].service == "m")
        #expect(table.hostNames == ["m-default.localhost", "m-predictor-default.localhost"])
        guard case .route(let index) = table.model(named: "m") else {
            Issue.record("the model has no route")
            return
        }
        #expect(table.routes[index].targets == [.init(revision: 1, weight: 90), .init(revision: 0, weight: 10)])
        #expect(table.routes[index].timeout == .seconds(7))
        #expect(!RoutingObjects.concern(knative) && RoutingObjects.concern(Self.deployment("m-predictor")))
    }
}
