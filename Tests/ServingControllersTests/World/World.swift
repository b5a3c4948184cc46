import APIServer
import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ObjectStore
import ServingAPI
import Testing

@testable import ServingControllers

/// The real API server and the real controllers, with a node and a gateway that do as the test says, and a clock that
/// stands still until it is moved.
final class World: Sendable {
    static let start: Int64 = 1_767_225_600_000_000

    let time = ManualTime(origin: start)
    let server: ObjectServer
    let informers: Informers
    let controllers: ServingControllers
    let gateway = FakeGateway()
    let machine = FakeMachine()
    let usage = FakeUsage()
    let engines = FakeEngines()
    let node: FakeNode
    private let directory: String

    private init() async throws {
        directory = try Self.makeDirectory()
        let environment = ServerEnvironment(
            now: { [time] in time.microsecondsSince1970 }, uid: ServerEnvironment.system.uid,
            nameSuffix: ServerEnvironment.system.nameSuffix, sleep: { [time] in try await time.sleep(for: $0) })
        server = try await ObjectServer(
            store: try ObjectStore(path: "\(directory)/martlet.db"), definitions: ServingKinds.definitions,
            environment: environment)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        informers = Informers(
            client: server, indices: ServingControllers.indices, time: time, random: { 0 }, logger: logger)
        controllers = ServingControllers(
            client: server, informers: informers, settings: ServingSettings(nodeName: "node"), traffic: gateway,
            outcomes: gateway, probe: gateway, machine: machine, usage: usage, engines: engines, time: time,
            logger: logger)
        node = FakeNode(client: server, informers: informers, time: time, logger: logger)
    }

    private static func makeDirectory() throws -> String {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Timeout() }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Runs `body` in a world of its own.
    static func run(_ body: (World) async throws -> Void) async throws {
        let world = try await World()
        let running = Task {
            await withDiscardingTaskGroup { group in
                group.addTask { await world.informers.run() }
                group.addTask { await world.controllers.run() }
                group.addTask { await world.node.run() }
            }
        }
        do { try await body(world) } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        await running.value
        for file in ["martlet.db", "martlet.db-wal", "martlet.db-shm"] { unlink("\(world.directory)/\(file)") }
        rmdir(world.directory)
    }

    // MARK: Looking

    func get(_ resource: Resource, _ name: String) async throws -> Object {
        try await server.get(resource, ObjectKey(namespace: "default", name: name))
    }

    func list(_ resource: Resource) async throws -> [Object] {
        try await server.list(resource, namespace: "default").items
    }

    func replicas(_ revision: String) async throws -> Int? {
        try await get(.deployments, "\(revision)-deployment")["spec", "replicas"]?.intValue
    }

    // MARK: Moving

    /// Returns when every cache has what the server has, and no controller has anything left to do.
    func settle() async throws {
        var calm = 0
        let deadline = ContinuousClock.now + .seconds(20)
        while calm < 3 {
            if ContinuousClock.now > deadline { throw Timeout() }
            calm = try await isAtRest() ? calm + 1 : 0
            await Task.yield()
        }
    }

    /// Lets time pass in steps, settling after each.
    func advance(by duration: Duration, step: Duration = .seconds(1)) async throws {
        var left = duration
        while left > .zero {
            time.advance(by: min(step, left))
            left -= step
            try await settle()
        }
    }

    private func isAtRest() async throws -> Bool {
        for resource in ServingKinds.definitions.map(\.resource) where informers.isFollowed(resource) {
            let items = try await server.list(resource).items
            let versions = Set(items.map { "\($0.key)@\($0.resourceVersion)" })
            guard versions == Set(informers.store(resource).all.map { "\($0.key)@\($0.resourceVersion)" }) else {
                return false
            }
        }
        return controllers.isAtRest && node.isAtRest
    }
}

extension Informers {
    /// Whether some controller asked for it.
    fileprivate func isFollowed(_ resource: Resource) -> Bool {
        [
            Resource.inferenceServices, .servingRuntimes, .clusterServingRuntimes, .knativeServices, .configurations,
            .revisions, .routes, .podAutoscalers, .deployments, .replicaSets, .pods, .configMaps, .nodes,
            .services, .horizontalPodAutoscalers, .httpRoutes, .domainMappings, .clusterDomainClaims,
            .grpcRoutes, .referenceGrants,
        ].contains(resource)
    }
}

struct Timeout: Error {}
