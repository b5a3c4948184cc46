import JSONModel
import KubeClient
import KubeController
import KubeModel
import ObjectStore
import Testing

@testable import APIServer

struct ServerWatchTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    /// The next events, as `ADDED a`.
    private func next(_ count: Int, _ iterator: inout WatchStream.Iterator) async throws -> [String] {
        var lines: [String] = []
        while lines.count < count, let event = try await iterator.next() { lines.append(event.line) }
        return lines
    }

    private func watch(_ options: WatchOptions = WatchOptions(), namespace: String? = nil) async throws
        -> WatchStream.Iterator
    {
        try await server.watch(.widgets, namespace: namespace, options).makeAsyncIterator()
    }

    private func resize(_ name: String, _ size: Int) async throws -> Object {
        try await server.patch(.widgets, key(name), .merge(["spec": .object(["size": .number(JSONNumber(size))])]))
    }

    @Test(arguments: [nil, "", "0"] as [String?])
    func withoutAVersionEverythingIsAddedFirst(version: String?) async throws {
        _ = try await server.create(.widgets, widget("a"))
        _ = try await server.create(.widgets, widget("b"))
        var events = try await watch(WatchOptions(resourceVersion: version))
        _ = try await resize("a", 6)
        try await server.delete(.widgets, key("b"))
        #expect(try await next(4, &events) == ["ADDED a", "ADDED b", "MODIFIED a", "DELETED b"])
    }

    @Test func withAVersionWhatCameAfterItIsReplayed() async throws {
        let created = try await server.create(.widgets, widget("a"))
        _ = try await resize("a", 6)
        try await server.delete(.widgets, key("a"))
        var events = try await watch(WatchOptions(resourceVersion: created.resourceVersion))
        _ = try await server.create(.widgets, widget("b"))
        #expect(try await next(3, &events) == ["MODIFIED a", "DELETED a", "ADDED b"])
    }

    @Test func aListAndAWatchFromItMissNothing() async throws {
        _ = try await server.create(.widgets, widget("a"))
        let list = try await server.list(.widgets)
        _ = try await server.create(.widgets, widget("b"))
        var events = try await watch(WatchOptions(resourceVersion: list.resourceVersion))
        #expect(try await next(1, &events) == ["ADDED b"])
    }

    @Test func aDeletedObjectComesAsItLastWasInTheVersionOfItsDeletion() async throws {
        let created = try await server.create(.widgets, widget("a"))
        var events = try await watch(WatchOptions(resourceVersion: created.resourceVersion))
        try await server.delete(.widgets, key("a"))
        guard case .deleted(let last) = try await events.next() else {
            Issue.record("no deletion")
            return
        }
        #expect(last.resourceVersion == (try await server.currentResourceVersion()))
        #expect(last.spec == created.spec)
    }

    @Test(arguments: ["spec.size=6", "spec.size!=4"])
    func whatBeginsToMatchIsAddedAndWhatCeasesToIsDeleted(fields: String) async throws {
        let created = try await server.create(.widgets, widget("a"))
        var events = try await watch(WatchOptions(resourceVersion: "0", fieldSelector: fields))
        _ = try await resize("a", 6)
        _ = try await server.patch(.widgets, key("a"), .merge(["metadata": ["labels": ["x": "y"]]]))
        let last = try await resize("a", 4)
        _ = try await resize("a", 6)
        let expected = ["ADDED a", "MODIFIED a", "DELETED a", "ADDED a"]
        #expect(try await next(4, &events) == expected)
        var replayed = try await watch(
            WatchOptions(resourceVersion: created.resourceVersion, fieldSelector: fields))
        _ = try await next(2, &replayed)
        guard case .deleted(let object) = try await replayed.next() else {
            Issue.record("no deletion")
            return
        }
        #expect(object.resourceVersion == last.resourceVersion)
        #expect(object["spec", "size"] == 6)
    }

    @Test func aWatchHearsOfItsNamespaceAndLabelsOnly() async throws {
        var events = try await watch(
            WatchOptions(labelSelector: LabelSelector(matching: ["x": "y"])), namespace: "default")
        _ = try await server.create(.widgets, widget("a"))
        _ = try await server.create(.widgets, widget("b", namespace: "kube-system").with { $0.labels = ["x": "y"] })
        _ = try await server.create(.gadgets, Object(.gadgets, name: "g"))
        _ = try await server.create(.widgets, widget("c").with { $0.labels = ["x": "y"] })
        #expect(try await next(1, &events) == ["ADDED c"])
    }

    @Test func bookmarksComeEachMinute() async throws {
        _ = try await server.create(.widgets, widget("a"))
        var events = try await watch(WatchOptions(allowsBookmarks: true))
        #expect(try await next(1, &events) == ["ADDED a"])
        _ = try await server.create(.gadgets, Object(.gadgets, name: "g"))
        let version = try await server.currentResourceVersion()
        try await advance(by: .seconds(60))
        #expect(try await next(1, &events) == ["BOOKMARK \(version)"])
    }

    @Test(arguments: [nil, "0", "2"] as [String?])
    func withInitialEventsEverythingComesFirstAndThenABookmark(version: String?) async throws {
        _ = try await server.create(.widgets, widget("a"))
        var events = try await watch(initial(true, version))
        let now = try await server.currentResourceVersion()
        _ = try await server.create(.widgets, widget("b"))
        #expect(try await next(3, &events) == ["ADDED a", "BOOKMARK \(now)", "ADDED b"])
    }

    @Test func withoutInitialEventsOnlyWhatHappensComes() async throws {
        _ = try await server.create(.widgets, widget("a"))
        var events = try await watch(initial(false, nil))
        _ = try await server.create(.widgets, widget("b"))
        #expect(try await next(1, &events) == ["ADDED b"])
    }

    private func initial(_ sends: Bool, _ version: String?, match: String? = "NotOlderThan") -> WatchOptions {
        WatchOptions(
            resourceVersion: version, allowsBookmarks: true, sendsInitialEvents: sends, resourceVersionMatch: match)
    }

    @Test func optionsThatContradictEachOtherAreRefused() async throws {
        for options in [
            initial(true, nil, match: nil), initial(true, "0", match: "Exact"),
            WatchOptions(resourceVersionMatch: "NotOlderThan"),
        ] {
            #expect(try await refusal { _ = try await watch(options) }?.code == 422)
        }
        #expect(try await refusal { _ = try await watch(initial(true, "9999")) }?.code == 504)
        #expect(test.watches == 0)
    }

    @Test func aWatchEndsInTime() async throws {
        var events = try await watch(WatchOptions(timeout: .seconds(5)))
        _ = try await server.create(.widgets, widget("a"))
        #expect(try await next(1, &events) == ["ADDED a"])
        try await advance(by: .seconds(5))
        #expect(try await events.next() == nil)
    }

    /// Moves the clock once somebody waits for it.
    private func advance(by duration: Duration) async throws {
        while test.time.sleeperCount == 0 { await Task.yield() }
        test.time.advance(by: duration)
    }

    @Test func aVersionThatIsNoneIsRefused() async throws {
        #expect(try await refusal { _ = try await watch(WatchOptions(resourceVersion: "x")) }?.code == 400)
        #expect(try await refusal { _ = try await watch(WatchOptions(resourceVersion: "99")) }?.isExpired == true)
        #expect(test.watches == 0)
    }

    @Test func aWatchThatNobodyReadsAnyMoreIsForgotten() async throws {
        do {
            let stream = try await server.watch(.widgets, namespace: nil, WatchOptions(timeout: .seconds(5)))
            #expect(test.watches == 1)
            _ = stream
        }
        #expect(test.watches == 0)
        while test.time.sleeperCount > 0 { await Task.yield() }
    }

    @Test func cancellingTheReaderEndsTheWatch() async throws {
        let stream = try await server.watch(.widgets, namespace: nil, WatchOptions())
        let reader = Task { for try await _ in stream {} }
        reader.cancel()
        _ = await reader.result
        #expect(test.watches == 0)
    }

    @Test func aWatcherThatFallsTooFarBehindIsSentAway() async throws {
        let stream = try await server.watch(.widgets, namespace: nil, WatchOptions())
        try await server.write { scope in
            for index in 0...WatchLimit.events { _ = try scope.transaction.insert(stored(index), .init(.widgets)) }
        }
        var count = 0
        let status = await #expect(throws: Status.self) {
            for try await _ in stream { count += 1 }
        }
        #expect(status?.isExpired == true)
        #expect(count == WatchLimit.events)
        #expect(test.watches == 0)
    }

    private func stored(_ index: Int) -> Object { widget("w\(index)").with { $0.uid = "u\(index)" } }
}

extension WatchEvent {
    var line: String {
        switch self {
        case .added(let object): "ADDED \(object.name)"
        case .modified(let object): "MODIFIED \(object.name)"
        case .deleted(let object): "DELETED \(object.name)"
        case .bookmark(let version): "BOOKMARK \(version)"
        }
    }
}
