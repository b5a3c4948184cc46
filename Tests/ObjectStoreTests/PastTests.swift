import KubeModel
import Testing

@testable import ObjectStore

/// States that were: shown whole, or part by part while writes go on. ModelTests compares them under random writes.
struct PastTests {
    let folder: TemporaryFolder
    let store: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        store = try ObjectStore(path: folder.database)
    }

    @Test func everyRevisionShowsItsState() async throws {
        let first = try await store.insert(widget("b", size: 1))
        let second = try await store.replace(first, with: first.resized(2))
        let other = try await store.insert(widget("a"))
        _ = try await store.remove(second)
        let again = try await store.insert(widget("b", size: 3))
        let states = [[], [first], [second], [other, second], [other], [other, again]]
        for (index, state) in states.enumerated() {
            #expect(try await store.widgets(at: index + 1) == state)
            #expect(try await store.read { try $0.count(.widgets, at: index + 1) } == state.count)
        }
    }

    @Test func aVisitOfThePastEndsWhenItIsTold() async throws {
        for name in ["a", "b", "c"] { _ = try await store.insert(widget(name)) }
        let kept = try await store.widgets()
        for object in kept { _ = try await store.remove(object) }
        let names = try await store.read { snapshot in
            var names: [String] = []
            try snapshot.visit(.widgets, at: 4) {
                names.append($0.key.name)
                return names.count < 2
            }
            return names
        }
        #expect(names == ["a", "b"])
    }

    @Test func namespacesAndOtherResourcesStayApart() async throws {
        let other = GroupResource(name: "others")
        let mine = try await store.insert(widget("x", namespace: "a"))
        _ = try await store.write { transaction in
            var object = widget("x", namespace: "a")
            object.uid = "other"
            return try transaction.insert(object, other)
        }
        let there = try await store.insert(widget("x", namespace: "b"))
        _ = try await store.remove(mine)
        #expect(try await store.widgets(at: 4, namespace: "a") == [mine])
        #expect(try await store.widgets(at: 4, namespace: "b") == [there])
        #expect(try await store.widgets(at: 5, namespace: "a").isEmpty)
    }

    @Test func whatIsNotKnownIsExpired() async throws {
        _ = try await store.insert(widget("a"))
        for revision in [0, 3] {
            let error = await #expect(throws: Status.self) { try await store.widgets(at: revision) }
            #expect(error?.isExpired == true)
        }
    }
}
