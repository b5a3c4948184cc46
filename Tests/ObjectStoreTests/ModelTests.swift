import KubeModel
import Randomness
import Testing

@testable import ObjectStore

/// The store against a dictionary, under random writes.
struct ModelTests {
    struct Entry: Equatable {
        var kind: Change.Kind
        var object: Object
        var previous: Object?
    }

    /// What the store should hold.
    struct Model {
        var objects: [ObjectKey: Object] = [:]
        var log: [Entry] = []

        var sorted: [Object] { objects.values.sorted { $0.key < $1.key } }
    }

    @Test(arguments: [UInt64.random(in: 0...UInt64.max), 1, 2])
    func theStoreIsADictionaryWithALog(seed: UInt64) async throws {
        print("seed \(seed)")
        let folder = try TemporaryFolder()
        var store = try ObjectStore(path: folder.database)
        var model = Model()
        var random = SeededRandom(seed: seed)
        for step in 0..<600 {
            try await perform(&model, store, &random)
            if step % 150 == 149 {
                try store.close()
                store = try ObjectStore(path: folder.database)
                try await compare(model, store, &random)
            }
        }
    }

    private func perform(_ model: inout Model, _ store: ObjectStore, _ random: inout SeededRandom) async throws {
        let key = ObjectKey(
            namespace: ["a", "b"].randomElement(using: &random), name: "w\(Int.random(in: 0..<12, using: &random))")
        let size = Int.random(in: 0..<1000, using: &random)
        switch (Int.random(in: 0..<3, using: &random), model.objects[key]) {
        case (_, nil):
            let new = try await store.insert(widget(key.name, namespace: key.namespace ?? "", size: size))
            model.objects[key] = new
            model.log.append(Entry(kind: .added, object: new))
        case (0, let old?):
            let last = try await store.remove(old)
            model.objects[key] = nil
            model.log.append(Entry(kind: .deleted, object: last, previous: old))
        case (1, let old?):
            let new = try await store.replace(old, with: old.resized(size))
            model.objects[key] = new
            model.log.append(Entry(kind: .modified, object: new, previous: old))
        case (_, let old?):
            var stale = old
            stale.resourceVersion = "1"
            let replaced = try? await store.replace(stale, with: old)
            #expect(replaced == nil)
        }
    }

    /// Every state that there was, page by page.
    private func comparePast(_ model: Model, _ store: ObjectStore, _ random: inout SeededRandom) async throws {
        var objects: [ObjectKey: Object] = [:]
        for (index, entry) in model.log.enumerated() {
            objects[entry.object.key] = entry.kind == .deleted ? nil : entry.object
            guard index % 7 == 0 else { continue }
            let expected = objects.values.sorted { $0.key < $1.key }
            let after = expected.randomElement(using: &random)?.key
            #expect(try await store.widgets(at: index + 2) == expected)
            let rest = expected.filter { object in after.map { $0 < object.key } ?? true }
            #expect(try await store.widgets(at: index + 2, after: after) == rest)
            let count = try await store.read { try $0.count(.widgets, after: after, at: index + 2) }
            #expect(count == rest.count)
        }
    }

    private func compare(_ model: Model, _ store: ObjectStore, _ random: inout SeededRandom) async throws {
        #expect(try await store.widgets() == model.sorted)
        let changes = try await store.changes(since: 1)
        #expect(
            try changes.map {
                Entry(kind: $0.kind, object: try $0.version.object(), previous: try $0.previous?.object())
            } == model.log)
        try await comparePast(model, store, &random)
        for object in model.objects.values {
            #expect(try await store.object(.widgets, object.key) == object)
        }
    }
}
