import APIServer
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Hosts of one's own")
struct DomainMappingChainTests {
    private static let host = "models.example.com"

    private static func mapping(to name: String = "hello", in namespace: String = "default") -> Object {
        var mapping = Object(.domainMappings, namespace: namespace, name: host)
        mapping.spec = ["ref": ["apiVersion": "serving.knative.dev/v1", "kind": "Service", "name": .string(name)]]
        return mapping
    }

    private static func claim(for namespace: String) -> Object {
        var claim = Object(.clusterDomainClaims, namespace: nil, name: host)
        claim.spec = ["namespace": .string(namespace)]
        return claim
    }

    private static func allowClaims(_ world: World) async throws {
        var settings = Object(.configMaps, namespace: "martlet-system", name: "config-network")
        settings["data"] = ["autocreate-cluster-domain-claims": "true"]
        _ = try await world.server.create(.configMaps, settings)
    }

    @Test("without a claim it says that there is none; with one it is ready, and has a URL")
    func claimed() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            _ = try await world.server.create(.domainMappings, Self.mapping())
            try await world.settle()
            let waiting = try await world.get(.domainMappings, Self.host)
            #expect(waiting.condition("DomainClaimed")?.reason == "DomainClaimFailed")
            #expect(waiting.condition("DomainClaimed")?.message?.contains("create one") == true)
            #expect(waiting.condition("Ready")?.isFalse == true)

            _ = try await world.server.create(.clusterDomainClaims, Self.claim(for: "default"))
            try await world.settle()
            let mapping = try await world.get(.domainMappings, Self.host)
            #expect(mapping.condition("Ready")?.isTrue == true)
            #expect(mapping.condition("CertificateProvisioned")?.reason == "TLSNotEnabled")
            #expect(mapping["status", "url"] == "http://models.example.com:8080")
            #expect(mapping["status", "address", "url"] == "http://models.example.com:8080")
        }
    }

    @Test("a claim is made where config-network allows it, and goes with the mapping; one made by hand stays")
    func madeClaims() async throws {
        try await World.run { world in
            try await Self.allowClaims(world)
            _ = try await world.server.create(.knativeServices, knativeService())
            _ = try await world.server.create(.domainMappings, Self.mapping())
            try await world.settle()
            #expect(try await world.get(.domainMappings, Self.host).condition("Ready")?.isTrue == true)
            let key = ObjectKey(namespace: nil, name: Self.host)
            #expect(try await world.server.get(.clusterDomainClaims, key).spec["namespace"] == "default")

            try await world.server.delete(.domainMappings, ObjectKey(namespace: "default", name: Self.host))
            try await world.settle()
            #expect(try await world.server.list(.clusterDomainClaims).items.isEmpty)
            _ = try await world.server.create(.clusterDomainClaims, Self.claim(for: "default"))
            try await world.settle()
            #expect(try await world.server.list(.clusterDomainClaims).items.count == 1)
        }
    }

    @Test("a host that another namespace has the claim to is not served")
    func conflict() async throws {
        try await World.run { world in
            try await Self.allowClaims(world)
            _ = try await world.server.create(.clusterDomainClaims, Self.claim(for: "elsewhere"))
            _ = try await world.server.create(.knativeServices, knativeService())
            _ = try await world.server.create(.domainMappings, Self.mapping())
            try await world.settle()
            let mapping = try await world.get(.domainMappings, Self.host)
            #expect(mapping.condition("DomainClaimed")?.reason == "DomainAlreadyClaimed")
            #expect(mapping.condition("IngressReady")?.reason == "IngressNotConfigured")
        }
    }

    @Test("what it leads to has to be there")
    func missing() async throws {
        try await World.run { world in
            try await Self.allowClaims(world)
            _ = try await world.server.create(.domainMappings, Self.mapping(to: "nobody"))
            try await world.settle()
            let mapping = try await world.get(.domainMappings, Self.host)
            #expect(mapping.condition("ReferenceResolved")?.reason == "ResolveFailed")
            #expect(mapping.condition("ReferenceResolved")?.message?.contains("not found") == true)
            _ = try await world.server.create(.knativeServices, knativeService("nobody"))
            try await world.settle()
            #expect(try await world.get(.domainMappings, Self.host).condition("Ready")?.isTrue == true)
        }
    }
}
