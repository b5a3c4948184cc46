import JSONModel
import KubeModel
import Testing

@testable import KubeClient

@Suite struct WatchLinesTests {
    static let lines = """
        {"type":"ADDED","object":{"metadata":{"name":"a"}}}
        {"type":"MODIFIED","object":{"metadata":{"name":"ä"}}}

        {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}}
        {"type":"DELETED","object":{"metadata":{"name":"a"}}}

        """

    static func events(_ parts: [[UInt8]]) async throws -> [WatchEvent] {
        let (stream, continuation) = ByteStream.makeStream()
        for part in parts { continuation.yield(part) }
        continuation.finish()
        var lines = WatchLines(stream)
        var events: [WatchEvent] = []
        while let event = try await lines.next() { events.append(event) }
        return events
    }

    @Test("Events are the same however the bytes fall", arguments: [1, 2, 3, 7, 50, 51, 52, 1_000])
    func splitting(_ size: Int) async throws {
        let bytes = Array(Self.lines.utf8)
        let parts = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        let events = try await Self.events(parts)
        #expect(
            events == [
                .added(Object(["metadata": ["name": "a"]])), .modified(Object(["metadata": ["name": "ä"]])),
                .bookmark(resourceVersion: "12"), .deleted(Object(["metadata": ["name": "a"]])),
            ])
    }

    @Test("A line that was not finished is no event")
    func unfinished() async throws {
        #expect(try await Self.events([Array(#"{"type":"ADDED","object":{}}"#.utf8)]).isEmpty)
    }

    @Test("An ERROR event throws its Status")
    func failure() async throws {
        let status = Status.expired("too old resource version: 1 (9)")
        let line = JSONValue.object(["type": "ERROR", "object": status.json]).serialized() + [0x0A]
        await #expect(throws: status) { try await Self.events([line]) }
    }

    @Test("What is no event is an error", arguments: ["nonsense\n", "{\"type\":\"OTHER\",\"object\":{}}\n"])
    func nonsense(_ text: String) async throws {
        await #expect(throws: Status.self) { try await Self.events([Array(text.utf8)]) }
    }

    @Test("An event reads back as it was written")
    func roundTrip() throws {
        let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
        let object = Object(pods, namespace: "a", name: "p")
        for event in [WatchEvent.added(object), .modified(object), .deleted(object), .bookmark(resourceVersion: "4")] {
            #expect(try WatchEvent(json: event.json(of: pods)) == event)
        }
    }
}
