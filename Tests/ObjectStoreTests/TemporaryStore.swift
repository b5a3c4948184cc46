import Foundation
import JSONModel
import KubeModel

@testable import ObjectStore

/// A folder for a store, removed at the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/test.db" }
}

extension Resource {
    static let widgets = Resource(group: "test.dev", version: "v1", kind: "Widget", plural: "widgets")
}

extension GroupResource {
    static let widgets = GroupResource(.widgets)
}

/// A widget that no store has seen.
func widget(_ name: String, namespace: String = "default", size: Int = 0, owners: [Object] = []) -> Object {
    var object = Object(.widgets, namespace: namespace, name: name)
    object.uid = "uid-\(namespace)-\(name)"
    object["spec", "size"] = .number(JSONNumber(size))
    object.ownerReferences = owners.map { OwnerReference(controller: $0) }
    return object
}

extension Object {
    func revised(_ version: String) -> Object {
        var copy = self
        copy.resourceVersion = version
        return copy
    }

    func resized(_ size: Int) -> Object {
        var copy = self
        copy["spec", "size"] = .number(JSONNumber(size))
        return copy
    }
}

extension ObjectStore {
    func insert(_ object: Object) async throws -> Object { try await write { try $0.insert(object, .widgets) } }

    func replace(_ old: Object, with new: Object) async throws -> Object {
        try await write { try $0.replace(old, with: new, .widgets) }
    }

    func remove(_ object: Object) async throws -> Object { try await write { try $0.remove(object, .widgets) } }

    func widgets() async throws -> [Object] { try await read { try $0.objects(.widgets) } }

    func widgets(at revision: Int, namespace: String? = nil, after: ObjectKey? = nil) async throws -> [Object] {
        try await read { snapshot in
            var objects: [Object] = []
            try snapshot.visit(.widgets, namespace: namespace, after: after, at: revision) {
                objects.append(try $0.object())
                return true
            }
            return objects
        }
    }

    func changes(since revision: Int) async throws -> [Change] {
        try await read { try $0.changes(since: revision, of: .widgets) }
    }
}
