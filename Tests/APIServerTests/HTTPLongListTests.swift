import Foundation
import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import Testing

@testable import APIServer

/// Lists and watches that are sent part by part, without sockets.
struct HTTPLongListTests {
    let test: TestServer
    var api: API { API(server: test.server, logs: ScriptedLogs()) }

    /// More than one part.
    static let count = 1234

    init() async throws {
        test = try await TestServer()
        try await test.server.write { scope in
            for index in 0..<Self.count {
                let name = "w" + String(index + 10_000).dropFirst()
                let stored = widget(name).with {
                    $0.uid = name
                    $0["spec", "color"] = "blue"
                }
                _ = try scope.transaction.insert(stored, .init(.widgets))
            }
        }
    }

    private func get(_ query: String, accept: String = "") async -> APIResponse {
        var request = APIRequest(method: "GET", target: "/apis/test.dev/v1/widgets?" + query)
        request.accept = accept
        return await api.respond(to: request)
    }

    /// The whole body; `meanwhile` runs after the first part.
    private func body(_ response: APIResponse, meanwhile: () async throws -> Void = {}) async throws -> [[UInt8]] {
        var parts: [[UInt8]] = []
        switch response.body {
        case .whole(let bytes): return [bytes]
        case .upgraded, .watch: Issue.record("no list")
        case .parts(let send), .streamed(let send):
            try await send { bytes in
                parts.append(bytes)
                if parts.count == 1 { try await meanwhile() }
            }
        }
        return parts
    }

    private func list(_ parts: [[UInt8]]) throws -> JSONValue { try JSONValue(parsing: Array(parts.joined())) }

    @Test func aLongListIsOneStateAlthoughWritesGoOn() async throws {
        let before = try await test.server.list(.widgets)
        let response = await get("")
        let parts = try await body(response) {
            try await test.server.delete(.widgets, key("w1200"))
            _ = try await test.server.create(.widgets, widget("w0999x"))
        }
        #expect(parts.count > 2, "it was not sent part by part")
        let list = try list(parts)
        #expect(list["items"]?.arrayValue == before.items.map(\.json))
        #expect(list["kind"] == "WidgetList" && list["apiVersion"] == "test.dev/v1")
        #expect(list["metadata"] == ["resourceVersion": .string(before.resourceVersion)])
    }

    @Test func aLimitBeyondOnePartHolds() async throws {
        let list = try list(try await body(await get("limit=700")))
        #expect(list["items"]?.arrayValue?.count == 700)
        #expect(list[path: "metadata", "remainingItemCount"] == .number(JSONNumber(Self.count - 700)))
        let token = try #require(list[path: "metadata", "continue"]?.stringValue)
        let rest = try self.list(try await body(await get("limit=700&continue=\(token)")))
        #expect(rest["items"]?.arrayValue?.count == Self.count - 700)
        #expect(rest[path: "metadata", "continue"] == nil)
    }

    @Test func metadataAloneIsSentPartByPartToo() async throws {
        let response = await get("", accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
        let list = try list(try await body(response))
        #expect(list["kind"] == "PartialObjectMetadataList")
        #expect(list["items"]?.arrayValue?.count == Self.count)
        #expect(list["items"]?[0]?["kind"] == "PartialObjectMetadata" && list["items"]?[0]?["spec"] == nil)
    }

    @Test func aTableIsWhole() async throws {
        let list = try list(try await body(await get("", accept: "application/json;as=Table;g=meta.k8s.io;v=v1")))
        #expect(list["rows"]?.arrayValue?.count == Self.count)
    }

    @Test func aListThatCannotBeGivenIsAnErrorAndNotHalfAList() async throws {
        #expect(await get("resourceVersion=999999").code == 504)
        #expect(await get("sendInitialEvents=true").code == 422)
        #expect(await get("continue=x").code == 400)
    }

    @Test func aWatchSendsAllThereIsInPartsAndThenWhatCame() async throws {
        let response = await get(
            "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
        let state = try await test.server.currentResourceVersion()
        let lines = try await lines(response, upTo: Self.count + 3) {
            try await test.server.delete(.widgets, key("w0001"))
            _ = try await test.server.create(.widgets, widget("later"))
        }
        #expect(lines.prefix(Self.count).allSatisfy { $0["type"] == "ADDED" })
        #expect(Set(lines.prefix(Self.count).compactMap { $0[path: "object", "metadata", "name"] }).count == Self.count)
        let bookmark = lines[Self.count]
        #expect(bookmark["type"] == "BOOKMARK")
        #expect(bookmark[path: "object", "metadata", "resourceVersion"] == .string(state))
        #expect(bookmark[path: "object", "metadata", "annotations"] == ["k8s.io/initial-events-end": "true"])
        #expect(lines[Self.count + 1]["type"] == "DELETED" && lines[Self.count + 2]["type"] == "ADDED")
    }

    @Test func aWatchThatIsFarBehindMissesNothing() async throws {
        let start = try await test.server.currentResourceVersion()
        for index in 0..<600 {
            _ = try await test.server.patch(
                .widgets, key("w0000"), .merge(["spec": ["replicas": .number(JSONNumber(index))]]))
        }
        let lines = try await lines(await get("watch=1&resourceVersion=\(start)"), upTo: 601) {
            try await test.server.delete(.widgets, key("w0000"))
        }
        let versions = lines.compactMap {
            $0[path: "object", "metadata", "resourceVersion"]?.stringValue.flatMap { Int($0) }
        }
        let first = try #require(Int(start))
        #expect(versions == Array((first + 1)...(first + 601)))
    }

    @Test func aWatchFromAForgottenVersionIsAnAnswerOf410() async throws {
        let test = try await TestServer(changeCount: 10)
        for index in 0..<210 { _ = try await test.server.create(.widgets, widget("w\(index)")) }
        let request = APIRequest(method: "GET", target: "/apis/test.dev/v1/widgets?watch=1&resourceVersion=5")
        let response = await API(server: test.server, logs: ScriptedLogs()).respond(to: request)
        #expect(response.code == 410)
    }

    private func lines(
        _ response: APIResponse, upTo count: Int, meanwhile: () async throws -> Void
    ) async throws -> [JSONValue] {
        guard case .watch(var watch) = response.body else {
            throw Status(code: response.code, reason: "", message: "")
        }
        var (bytes, isFirst) = ([UInt8](), true)
        func take(_ part: [UInt8]) async throws {
            bytes += part
            if isFirst { try await meanwhile() }
            isFirst = false
        }
        try await watch.sendPast(take)
        if isFirst { try await take([]) }
        let (events, continuation) = AsyncStream<WatchNotice>.makeStream()
        let observed = try await watch.follow(into: CollectingSink(continuation: continuation), take)
        defer { observed.leave() }
        var notices = events.makeAsyncIterator()
        while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count, let notice = await notices.next() {
            bytes += try watch.lines.bytes([notice])
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    }
}

private struct CollectingSink: WatchSink {
    let continuation: AsyncStream<WatchNotice>.Continuation

    func take(_ notice: WatchNotice) -> Bool {
        continuation.yield(notice)
        return true
    }

    func end(_ reason: Status?) { continuation.finish() }
}
