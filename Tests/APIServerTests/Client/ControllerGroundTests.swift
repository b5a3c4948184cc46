import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Synchronization
import Testing

@testable import APIServer

/// What controllers stand on, against every kind of server.
@Suite struct ControllerGroundTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Asked again until it holds; the machine's time, because servers and sockets take theirs.
    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
    }

    @Test("An informer's store follows its namespace, and finds by index", arguments: Ground.all)
    func informer(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            _ = try await client.create(.configMaps, ResourceClientTests.map("before", in: namespace))
            let informer = Informer(
                .configMaps, client: client, namespace: namespace, indices: [.label("app")], logger: Self.logger)
            let running = Task { await informer.run() }
            await informer.waitUntilSynced()
            #expect(informer.store[ObjectKey(namespace: namespace, name: "before")] != nil)
            let labels = ["app": "x"]
            _ = try await client.create(.configMaps, ResourceClientTests.map("after", in: namespace, labels: labels))
            try await Self.eventually { informer.store.labelled("app", "x").map(\.name) == ["after"] }
            try await client.delete(.configMaps, ObjectKey(namespace: namespace, name: "before"))
            try await Self.eventually {
                informer.store[ObjectKey(namespace: namespace, name: "before")] == nil
            }
            running.cancel()
            await running.value
        }
    }

    @Test("A controller brings the world to what objects ask for, again and again", arguments: Ground.all)
    func controller(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let informer = Informer(.configMaps, client: client, namespace: namespace, logger: Self.logger)
            let failures = Mutex(2)
            let controller = Controller("copies", logger: Self.logger) { key in
                guard let map = informer.store[key], map.name.hasPrefix("source") else { return .done }
                let fails = failures.withLock { failures in
                    failures -= 1
                    return failures >= 0
                }
                if fails { throw Status.internalError("not yet") }
                let copy = ResourceClientTests.map("copy-\(map.name)", in: namespace, map.json["data"] ?? [:])
                try await client.apply(.configMaps, copy, by: "copier")
                return .done
            }
            controller.watch(informer)
            let running = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await informer.run() }
                    group.addTask { await controller.run() }
                }
            }
            for index in 0..<5 {
                _ = try await client.create(
                    .configMaps, ResourceClientTests.map("source\(index)", in: namespace, ["n": .string("\(index)")]))
            }
            try await Self.eventually {
                informer.store.all.filter { $0.name.hasPrefix("copy-") }.compactMap { $0["data", "n"]?.stringValue }
                    == ["0", "1", "2", "3", "4"]
            }
            running.cancel()
            await running.value
        }
    }

    @Test("One of two candidates leads, and hands over", arguments: Ground.all)
    func leadership(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let leading = Mutex<[String]>([])
            let candidate = { @Sendable (name: String) in
                let terms = LeadershipTerms(
                    lease: ObjectKey(namespace: namespace, name: "lock"), identity: name,
                    retryPeriod: .milliseconds(50))
                return await LeaderElection(terms, client: client, logger: Self.logger).run {
                    leading.withLock { $0.append(name) }
                    while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
                }
            }
            let first = Task { await candidate("first") }
            try await Self.eventually { leading.withLock { $0 } == ["first"] }
            let second = Task { await candidate("second") }
            first.cancel()
            #expect(await first.value == .done)
            try await Self.eventually { leading.withLock { $0 } == ["first", "second"] }
            second.cancel()
            #expect(await second.value == .done)
        }
    }

    @Test("The same event again raises a count", arguments: Ground.all)
    func events(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let map = try await client.create(.configMaps, ResourceClientTests.map("a", in: namespace))
            let recorder = EventRecorder(client: client, component: "tester", logger: Self.logger)
            for _ in 0..<3 { await recorder.record(.warning, "Broken", about: map, "it does not work") }
            let events = try await client.list(.events, namespace: namespace).items
            #expect(events.compactMap { $0.json["count"]?.intValue } == [3])
        }
    }
}
