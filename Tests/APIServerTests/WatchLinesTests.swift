import JSONModel
import KubeModel
import ObjectStore
import ServingAPI
import Testing

@testable import APIServer

@Suite("An event is encoded once for all who watch")
struct WatchLinesTests {
    private static let definition = ServingKinds.definitions.first { $0.resource == .configMaps }

    private static func lines(_ form: Representation) throws -> WatchLines {
        let table = TableBuilder(try #require(definition), inclusion: .metadata, isUsed: form == .table, now: { 0 })
        return WatchLines(rendering: Rendering(form: form, table: table))
    }

    @Test("a thousand watchers are sent the same bytes, which lie in memory once", arguments: [false, true])
    func shared(isMetadata: Bool) throws {
        let notice = WatchNotice.object(.modified, ObjectVersion(.configMap("a")))
        var places: Set<UInt> = []
        for _ in 0..<1000 {
            var lines = try Self.lines(isMetadata ? .metadata : .object)
            try lines.chunk(notice).withUnsafeBytes { _ = places.insert(UInt(bitPattern: $0.baseAddress)) }
        }
        #expect(places.count == 1)
    }

    @Test("each form and kind of event is told apart")
    func forms() throws {
        let version = ObjectVersion(.configMap("a"))
        var texts: Set<[UInt8]> = []
        for form in [Representation.object, .metadata] {
            for kind in [WatchNotice.Kind.added, .modified, .deleted] {
                var lines = try Self.lines(form)
                texts.insert(try lines.chunk(.object(kind, version)))
            }
        }
        #expect(texts.count == 6)
    }

    @Test("a chunk says how long it is, and ends with a line break")
    func chunk() {
        #expect(WatchLines.chunk(Array("hello world, hello".utf8)) == Array("12\r\nhello world, hello\r\n".utf8))
    }
}
