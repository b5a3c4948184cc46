import KubeModel
import Testing

@testable import ObjectStore

struct ReadingTests {
    let folder: TemporaryFolder
    let store: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        store = try ObjectStore(path: folder.database)
    }

    private func fill() async throws {
        for (namespace, name) in [("b", "x"), ("a", "y"), ("a", "x"), ("b", "a")] {
            _ = try await store.insert(widget(name, namespace: namespace))
        }
        let other = GroupResource(name: "others")
        _ = try await store.write { transaction in
            var object = widget("x", namespace: "a")
            object.uid = "other"
            return try transaction.insert(object, other)
        }
    }

    @Test(arguments: [
        (String?.none, ObjectKey?.none, ["a/x", "a/y", "b/a", "b/x"]),
        ("b", nil, ["b/a", "b/x"]),
        (nil, ObjectKey(namespace: "a", name: "y"), ["b/a", "b/x"]),
        ("a", ObjectKey(namespace: "a", name: "x"), ["a/y"]),
        ("none", nil, []),
    ])
    func objectsComeByNamespaceAndName(namespace: String?, after: ObjectKey?, expected: [String]) async throws {
        try await fill()
        let (keys, count) = try await store.read { snapshot in
            var keys: [String] = []
            try snapshot.visit(.widgets, namespace: namespace, after: after) {
                keys.append($0.key.description)
                return true
            }
            return (keys, try snapshot.count(.widgets, namespace: namespace, after: after))
        }
        #expect(keys == expected)
        #expect(count == expected.count)
    }

    @Test func aVisitEndsWhenItIsTold() async throws {
        try await fill()
        let count = try await store.read { snapshot in
            var count = 0
            try snapshot.visit(.widgets) { _ in
                count += 1
                return count < 2
            }
            return count
        }
        #expect(count == 2)
    }

    @Test func theOldestAreThoseThatWereNotWrittenForLongest() async throws {
        let first = try await store.insert(widget("a"))
        for name in ["b", "c", "d"] { _ = try await store.insert(widget(name)) }
        _ = try await store.replace(first, with: first.resized(2))
        let names = try await store.read { try $0.oldest(.widgets, limit: 2).map(\.name) }
        #expect(names == ["b", "c"])
    }

    @Test func dependentsAreFoundByTheirOwnersUID() async throws {
        let owner = try await store.insert(widget("owner"))
        let other = try await store.insert(widget("other"))
        let owned = try await store.insert(widget("owned", owners: [owner, other]))
        #expect(try await dependents(owner) == ["owned"])
        var released = owned
        released.ownerReferences = [OwnerReference(controller: other)]
        released = try await store.replace(owned, with: released)
        #expect(try await dependents(owner) == [])
        #expect(try await dependents(other) == ["owned"])
        _ = try await store.remove(released)
        #expect(try await dependents(other) == [])
    }

    private func dependents(_ object: Object) async throws -> [String] {
        try await store.read { try $0.dependents(ofUID: object.uid).map(\.object.name) }
    }

    @Test func objectsAreFoundByUIDAndNamespace() async throws {
        try await fill()
        try await store.read { snapshot in
            let found = try #require(try snapshot.object(uid: "uid-b-x"))
            #expect(found.resource == .widgets)
            #expect(found.object.key == ObjectKey(namespace: "b", name: "x"))
            #expect(try snapshot.contains(uid: "other"))
            #expect(try !snapshot.contains(uid: "nobody"))
            let contents = try snapshot.contents(ofNamespace: "a").map(\.resource.name).sorted()
            #expect(contents == ["others", "widgets.test.dev", "widgets.test.dev"])
            #expect(try snapshot.isEmpty(namespace: "c"))
            #expect(try !snapshot.isEmpty(namespace: "a"))
        }
    }
}
