import JSONModel
import KubeClient
import KubeModel
import Testing

@testable import KubeController

private let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")

func pod(
    _ name: String, version: Int, labels: [String: String] = [:], owner: String? = nil, uid: String? = nil
) -> Object {
    var pod = Object(pods, namespace: "default", name: name)
    pod.uid = uid ?? "uid-\(name)"
    pod.resourceVersion = String(version)
    pod.labels = labels
    if let owner {
        var controller = Object(pods, namespace: "default", name: owner)
        controller.uid = owner
        pod.ownerReferences = [OwnerReference(controller: controller)]
    }
    return pod
}

func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

@Suite("A store")
struct StoreTests {
    private let store = Store(indices: [.label("app")])

    @Test("answers by key, by owner and by label, and forgets what changed")
    func indices() {
        _ = store.take(.added(pod("a", version: 1, labels: ["app": "x"], owner: "o")))
        _ = store.take(.added(pod("b", version: 2, labels: ["app": "x"], owner: "o")))
        #expect(store[key("a")]?.resourceVersion == "1")
        #expect(store.owned(by: "o").map(\.name) == ["a", "b"])
        #expect(store.labelled("app", "x").map(\.name) == ["a", "b"])
        _ = store.take(.modified(pod("a", version: 3, labels: ["app": "y"])))
        #expect(store.owned(by: "o").map(\.name) == ["b"])
        #expect(store.labelled("app", "x").map(\.name) == ["b"])
        #expect(store.labelled("app", "y").map(\.name) == ["a"])
        _ = store.take(.deleted(pod("b", version: 4, labels: ["app": "x"], owner: "o")))
        #expect(store.all.map(\.name) == ["a"])
        #expect(store.owned(by: "o").isEmpty)
    }

    @Test("answers by namespace and by what a caller's own index says")
    func ownIndex() {
        let phases = StoreIndex("phase") { $0.status["phase"]?.stringValue.map { [$0] } ?? [] }
        let store = Store(indices: [phases])
        var running = pod("a", version: 1)
        running.status = ["phase": "Running"]
        _ = store.take(.added(running))
        _ = store.take(.added(pod("b", version: 2)))
        var cluster = pod("c", version: 3)
        cluster.json["metadata"]?["namespace"] = nil
        _ = store.take(.added(cluster))
        #expect(store.found(by: phases, "Running").map(\.name) == ["a"])
        #expect(store.all(in: "default").map(\.name) == ["a", "b"])
        #expect(store.all(in: nil).map(\.name) == ["c"])
        #expect(store.found(by: .label("app"), "x").isEmpty)
    }

    @Test("takes a whole list as additions, changes and deletions")
    func replace() {
        for name in ["gone", "same", "changed"] { _ = store.take(.added(pod(name, version: 1))) }
        let list = ObjectList(
            items: [pod("same", version: 1), pod("changed", version: 5), pod("new", version: 6)],
            resourceVersion: "7")
        let changes = store.replace(with: list)
        #expect(
            changes == [
                .deleted(pod("gone", version: 1)),
                .modified(old: pod("changed", version: 1), new: pod("changed", version: 5)),
                .added(pod("new", version: 6)),
            ])
    }

    @Test("sees a write before its event, and the event then changes nothing")
    func written() {
        #expect(store.takeWritten(pod("a", version: 5)) == .added(pod("a", version: 5)))
        #expect(store.take(.added(pod("a", version: 5))) == nil)
        #expect(store[key("a")] != nil)
    }

    @Test("ignores the answer to a write that the watch has gone past: the object may be gone")
    func lateAnswer() {
        _ = store.take(.added(pod("a", version: 5)))
        _ = store.take(.deleted(pod("a", version: 6)))
        #expect(store.takeWritten(pod("a", version: 5)) == nil)
        #expect(store[key("a")] == nil)
    }

    @Test("keeps what was written after the list that replaces everything")
    func writtenDuringList() {
        _ = store.takeWritten(pod("a", version: 9))
        _ = store.replace(with: ObjectList(items: [], resourceVersion: "8"))
        #expect(store[key("a")] != nil)
        _ = store.replace(with: ObjectList(items: [], resourceVersion: "9"))
        #expect(store[key("a")] == nil)
    }

    @Test("does not go back to an older version, nor lose an object that was made anew")
    func olderEvents() {
        _ = store.take(.added(pod("a", version: 5)))
        #expect(store.take(.modified(pod("a", version: 4))) == nil)
        _ = store.takeWritten(pod("a", version: 8, uid: "second"))
        #expect(store.take(.deleted(pod("a", version: 7))) == nil)
        #expect(store[key("a")]?.uid == "second")
    }
}
