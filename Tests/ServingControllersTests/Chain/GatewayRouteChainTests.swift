import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("What is said of the Gateway API's routes")
struct GatewayRouteChainTests {
    private static func route(_ resource: Resource = .httpRoutes, to backend: JSONValue) -> Object {
        var route = Object(resource, namespace: "default", name: "r")
        route.spec = [
            "parentRefs": [
                ["name": "gateway", "namespace": "infra"], ["kind": "Service", "group": "", "name": "mesh"],
            ],
            "rules": [["backendRefs": [backend]]],
        ]
        return route
    }

    private static func conditions(_ route: Object) -> [String: String] {
        let parents = route["status", "parents"]?.arrayValue ?? []
        #expect(parents.count == 1)
        #expect(parents.first?["parentRef"]?["name"] == "gateway")
        #expect(parents.first?["controllerName"] == "martlet.dev/gateway")
        let conditions = parents.first?["conditions"]?.arrayValue ?? []
        return Dictionary(
            uniqueKeysWithValues: conditions.map {
                ($0["type"]?.stringValue ?? "", "\($0["status"]?.stringValue ?? "") \($0["reason"]?.stringValue ?? "")")
            })
    }

    @Test(
        "it is accepted, and its backends are found, or not found, as they come and go",
        arguments: [
            Resource.httpRoutes, .grpcRoutes,
        ])
    func backends(resource: Resource) async throws {
        try await World.run { world in
            _ = try await world.server.create(resource, Self.route(resource, to: ["name": "hello", "port": 80]))
            try await world.settle()
            let missing = try await world.get(resource, "r")
            #expect(Self.conditions(missing) == ["Accepted": "True Accepted", "ResolvedRefs": "False BackendNotFound"])
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let found = try await world.get(resource, "r")
            #expect(Self.conditions(found) == ["Accepted": "True Accepted", "ResolvedRefs": "True ResolvedRefs"])
            try await world.server.delete(.knativeServices, ObjectKey(namespace: "default", name: "hello"))
            try await world.settle()
            #expect(Self.conditions(try await world.get(resource, "r"))["ResolvedRefs"] == "False BackendNotFound")
        }
    }

    @Test("a backend of another kind, or in a namespace that does not let it, is told of")
    func refused() async throws {
        try await World.run { world in
            let kind = Self.route(to: ["name": "a", "kind": "Secret"])
            _ = try await world.server.create(.httpRoutes, kind)
            _ = try await world.server.create(
                .grpcRoutes, Self.route(.grpcRoutes, to: ["name": "a", "namespace": "far", "port": 80]))
            try await world.settle()
            #expect(Self.conditions(try await world.get(.httpRoutes, "r"))["ResolvedRefs"] == "False InvalidKind")
            #expect(Self.conditions(try await world.get(.grpcRoutes, "r"))["ResolvedRefs"] == "False RefNotPermitted")
        }
    }
}
