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

@testable import NodeAgent

/// A real API server (in process), a real node and real processes; only time may be the test's.
struct NodeWorld {
    let scratch: Scratch
    let server: ObjectServer
    let supplies: FakeSupplies
    let time: any TimeSource
    private let informer: Informer
    let agent: NodeAgent

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(
        scratch: Scratch? = nil, shimPath: String = Scratch.shimPath, time: any TimeSource = SystemTime()
    ) async throws {
        let scratch = try scratch ?? Scratch()
        self.scratch = scratch
        self.time = time
        let store = try ObjectStore(path: "\(scratch.path)/martlet.db")
        server = try await ObjectServer(store: store, definitions: ServingKinds.definitions)
        supplies = FakeSupplies(modelDirectory: scratch.path)
        informer = Informer(.pods, client: server, logger: Self.logger)
        agent = try NodeAgent(
            .init(
                nodeName: "here", dataDirectory: scratch.path, shimPath: shimPath, shutdownGrace: .seconds(2)),
            client: server, pods: informer, images: supplies, models: supplies, gate: supplies, time: time,
            logger: Self.logger)
    }

    /// Runs the node while `body` runs, then shuts it down.
    ///
    /// - Parameter keepsPods: as a run that is killed.
    func run(keepsPods: Bool = false, _ body: () async throws -> Void) async throws {
        try await agent.recover()
        try await withThrowingTaskGroup { group in
            group.addTask { await informer.run() }
            group.addTask { await agent.run() }
            defer { group.cancelAll() }
            do { try await body() } catch {
                agent.shutDown()
                throw error
            }
            agent.shutDown(keepsPods: keepsPods)
            // The informer runs until it is cancelled.
            try await group.next()
        }
    }

    func create(
        _ name: String, command: [String], changes: JSONValue = [:], annotations: JSONValue = [:],
        spec: JSONValue = [:]
    ) async throws -> Object {
        var container: JSONValue = [
            "name": "c", "image": "i", "command": .array(command.map { .string($0) }),
            "ports": [["containerPort": 8080]],
        ]
        container = container.merging(patch: changes)
        var pod = Object(.pods, namespace: "default", name: name)
        pod.spec = JSONValue.object(["nodeName": "here"]).merging(patch: spec)
        pod.spec["containers"] = [container]
        pod["metadata", "annotations"] = annotations
        return try await server.create(.pods, pod)
    }

    /// The pod as soon as `condition` holds of it.
    func pod(_ name: String, _ condition: (Object) -> Bool) async throws -> Object {
        let key = ObjectKey(namespace: "default", name: name)
        let start = try await server.list(.pods, namespace: "default")
        if let pod = start.items.first(where: { $0.key == key }), condition(pod) { return pod }
        let options = WatchOptions(resourceVersion: start.resourceVersion)
        for try await event in try await server.watch(.pods, namespace: "default", options) {
            if case .modified(let pod) = event, pod.key == key, condition(pod) { return pod }
        }
        throw CancellationError()
    }

    func ready(_ name: String) async throws -> Object {
        try await pod(name) { $0.condition("Ready")?.isTrue == true }
    }

    /// Returns when the pod's object is gone.
    func gone(_ name: String) async throws {
        let start = try await server.list(.pods, namespace: "default")
        guard start.items.contains(where: { $0.name == name }) else { return }
        let options = WatchOptions(resourceVersion: start.resourceVersion)
        for try await event in try await server.watch(.pods, namespace: "default", options) {
            if case .deleted(let pod) = event, pod.name == name { return }
        }
    }

    func delete(_ name: String, grace: Int? = nil) async throws {
        try await server.delete(
            .pods, ObjectKey(namespace: "default", name: name), DeleteOptions(gracePeriodSeconds: grace))
    }

    /// The message of the first event of `reason` about the pod, when there is one.
    func event(_ reason: String, _ pod: Object) async throws -> String {
        let options = WatchOptions(resourceVersion: "0")
        for try await event in try await server.watch(.events, namespace: "default", options) {
            guard case .added(let event) = event, event["reason"]?.stringValue == reason,
                event["involvedObject", "uid"]?.stringValue == pod.uid
            else { continue }
            return event["message"]?.stringValue ?? ""
        }
        throw CancellationError()
    }

    /// The status of the pod's container.
    static func container(_ pod: Object) -> JSONValue { pod["status", "containerStatuses"]?[0] ?? [:] }

    /// A server on the pod's address that answers every request with 200.
    static let httpServer = [
        "python3", "-IS", "-c",
        """
        import os, socket, threading
        server = socket.create_server((os.environ["POD_IP"], 8080))
        print("listening", flush=True)
        while True:
            client, _ = server.accept()
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
            client.close()
        """,
    ]
}
