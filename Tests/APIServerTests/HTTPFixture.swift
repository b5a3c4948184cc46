import Foundation
import JSONModel
import KubeClient
import KubeModel
import Logging
import ObjectStore
import ServiceLifecycle
import ServingAPI
import Testing

@testable import APIServer

/// The API on a free port over a store of its own, and a client that may do everything.
struct HTTPFixture: Sendable {
    /// Holds the store, the keys and the kubeconfig; removed afterwards.
    let directory: String
    let port: Int
    let server: ObjectServer
    let pki: PKI
    let access: AccessControl
    let client: HTTPSResourceClient
    private let group: ServiceGroup

    var url: String { "https://127.0.0.1:\(port)" }
    var kubeconfig: String { "\(directory)/kubeconfig" }

    /// Tells the server to stop; returns at once.
    func stop() async { await group.triggerGracefulShutdown() }

    /// Runs `body` against a server, and stops it.
    static func with(
        logs: any PodLogSource = ScriptedLogs(), _ body: @Sendable (HTTPFixture) async throws -> Void
    ) async throws {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try ObjectStore(path: "\(directory)/martlet.db")
        let server = try await ObjectServer(store: store, definitions: ServingKinds.definitions)
        let pki = try PKI(directory: "\(directory)/pki", now: Int64(Date().timeIntervalSince1970))
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let access = try await AccessControl(server, issuer: TokenIssuer(pki.tokens))
        let front = try APIFront(
            .init(port: 0), pki: pki, access: access, server: server, logs: logs, logger: logger
        ) {
            announce.yield($0)
        }
        let group = ServiceGroup(services: [front], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { announce.finish() }
                try await group.run()
            }
            let port = try #require(await ports.first { _ in true })
            try pki.writeKubeconfig(to: "\(directory)/kubeconfig", server: "https://127.0.0.1:\(port)")
            let client = try HTTPSResourceClient(kubeconfig: Kubeconfig(path: "\(directory)/kubeconfig"))
            let fixture = HTTPFixture(
                directory: directory, port: port, server: server, pki: pki, access: access, client: client, group: group
            )
            let result = await Result { try await body(fixture) }
            await group.triggerGracefulShutdown()
            try await client.shutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    static func temporaryDirectory() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/martlet-api-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Logs that say what was asked for; followed ones go on until nobody reads them.
struct ScriptedLogs: PodLogSource {
    func logs(of pod: Object, _ options: PodLogOptions) async throws -> ByteStream {
        let (stream, continuation) = ByteStream.makeStream()
        continuation.yield(Array("\(pod.name) \(options.container ?? "?") \(options.tailLines ?? -1)\n".utf8))
        if !options.follows { continuation.finish() }
        return stream
    }
}

extension Object {
    static func pod(_ name: String, labels: [String: String] = [:]) -> Object {
        var pod = Object(
            .pods, namespace: "default", name: name,
            ["spec": ["containers": [["name": "main", "image": "example/image"]]]])
        pod.labels = labels
        return pod
    }

    static func configMap(_ name: String, _ data: JSONValue = ["a": "1"]) -> Object {
        Object(.configMaps, namespace: "default", name: name, ["data": data])
    }
}
