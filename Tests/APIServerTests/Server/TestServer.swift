import Foundation
import JSONModel
import KubeClient
import KubeController
import KubeModel
import ObjectStore
import ServingAPI
import Synchronization

@testable import APIServer

/// A server with the kinds of Martlet and two more, whose clock stands still and whose uids and suffixes are counted.
final class TestServer: Sendable {
    let server: ObjectServer
    let time = ManualTime(origin: 1_767_225_600_000_000)
    private let path: String

    /// - Parameter changeCount: how many changes the store keeps.
    init(changeCount: Int = 100_000) async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("server-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let counter = Counter()
        var configuration = StoreConfiguration()
        configuration.retention.count = changeCount
        server = try await ObjectServer(
            store: try ObjectStore(path: path + "/test.db", configuration),
            definitions: ServingKinds.definitions + [.widgets, .gadgets],
            environment: ServerEnvironment(
                now: { [time] in time.microsecondsSince1970 }, uid: { "uid-\(counter.next())" },
                nameSuffix: { "s\(counter.next())" }, sleep: { [time] in try await time.sleep(for: $0) }))
    }

    /// How many watches of widgets there are.
    var watches: Int { server.store.hub.observerCount(of: GroupResource(.widgets)) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock {
                $0 += 1
                return $0
            }
        }
    }
}

extension Resource {
    static let widgets = Resource(group: "test.dev", version: "v1", kind: "Widget", plural: "widgets")
    static let gadgets = Resource(
        group: "test.dev", version: "v1", kind: "Gadget", plural: "gadgets", isNamespaced: false)
}

extension ResourceDefinition {
    /// Namespaced, with status and scale; `spec.size` must be even, and defaults to 2 by the schema, `spec.color` to
    /// what the size says by the definition.
    static let widgets = ResourceDefinition(
        .widgets, singular: "widget", hasStatus: true,
        scale: Scale(
            specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".spec.selector"),
        schema: .object([
            "spec": .object([
                "size": .integer.with { $0.minimum = 0 }.defaulting(to: 2), "color": .string, "replicas": .integer,
                "selector": .anyObject, "tags": .list(of: .string),
            ]),
            "status": .object(["phase": .string(oneOf: ["Small", "Large"]), "replicas": .integer]),
        ]),
        defaulting: { object, _ in
            guard object["spec", "color"] == nil, let size = object["spec", "size"]?.intValue else { return }
            object["spec", "color"] = size > 10 ? "red" : "blue"
        },
        validation: { object, old in
            var causes: [Status.Cause] = []
            if let size = object["spec", "size"]?.intValue, size % 2 == 1 {
                causes.append(.invalid(FieldPath("spec", "size"), "\(size)", "must be even"))
            }
            if let old, old["spec", "color"] != object["spec", "color"] {
                causes.append(.forbidden(FieldPath("spec", "color"), "is immutable"))
            }
            return causes
        })

    /// Cluster-scoped, without a status.
    static let gadgets = ResourceDefinition(.gadgets, singular: "gadget", schema: .object(["spec": .anyObject]))
}

/// A widget as a client sends it.
func widget(_ name: String, namespace: String = "default", size: Int = 4) -> Object {
    var object = Object(.widgets, namespace: namespace, name: name)
    object["spec", "size"] = .number(JSONNumber(size))
    return object
}

func key(_ name: String, namespace: String? = "default") -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

extension Object {
    func with(_ change: (inout Object) -> Void) -> Object {
        var copy = self
        change(&copy)
        return copy
    }

    func owned(by owners: Object..., blocking: Bool = true) -> Object {
        with { object in
            object.ownerReferences = owners.map { owner in
                var reference = OwnerReference(controller: owner)
                reference.isController = owner == owners.first
                reference.blocksOwnerDeletion = blocking
                return reference
            }
        }
    }
}

extension TestServer {
    func exists(_ resource: Resource, _ key: ObjectKey) async throws -> Bool {
        do {
            _ = try await server.get(resource, key)
            return true
        } catch let status as Status where status.isNotFound { return false }
    }

    func names(_ resource: Resource) async throws -> [String] { try await server.list(resource).items.map(\.name) }
}

/// The `Status` that `body` throws.
func refusal(_ body: () async throws -> some Sendable) async throws -> Status? {
    do {
        _ = try await body()
        return nil
    } catch let status as Status { return status }
}
