import Foundation
import JSONModel
import Testing

@testable import Observability

@Suite("Records of requests")
struct RequestRecordsTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "records-\(UUID()).jsonl").path

    private static func record(_ number: Int, _ change: (inout RequestRecord) -> Void = { _ in }) -> RequestRecord {
        var record = RequestRecord(id: "x-0-\(number)")
        (record.namespace, record.service, record.status) = ("default", "m", 200)
        record.began = Int64(number) * 1_000
        record.duration = 12.5
        change(&record)
        return record
    }

    @Test("A record is JSON and back")
    func json() throws {
        let record = Self.record(7) {
            ($0.waited, $0.firstToken, $0.promptTokens, $0.completionTokens) = (1.5, 2.5, 3, 4)
            $0.trace = String(repeating: "a", count: 32)
            $0.bodies = RecordedBodies(request: "{\"a\":\"\u{7}\"}", response: "é", isCut: true)
        }
        #expect(RequestRecord(try JSONValue(parsing: record.json.serialized())) == record)
    }

    @Test("The newest come first, and only those that are meant")
    func filters() async {
        let records = RequestRecords(path: path)
        await records.add((0..<50).map { number in Self.record(number) { $0.status = number % 2 == 0 ? 200 : 503 } })
        var filter = RecordFilter()
        filter.limit = 3
        #expect(await records.find(filter).map(\.id) == ["x-0-49", "x-0-48", "x-0-47"])
        filter.status = 5
        filter.before = 40_000
        #expect(await records.find(filter).map(\.id) == ["x-0-39", "x-0-37", "x-0-35"])
        filter.status = 404
        #expect(await records.find(filter).isEmpty)
    }

    @Test("They survive a restart, torn lines are passed over, bodies come from the disk")
    func restart() async throws {
        await RequestRecords(path: path).add([
            Self.record(1) { $0.bodies = RecordedBodies(request: "hello", response: "world", isCut: false) },
            Self.record(2),
        ])
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"id\":\"torn".utf8))
        try handle.close()
        let records = RequestRecords(path: path)
        var filter = RecordFilter()
        #expect(await records.find(filter).map(\.bodies) == [nil, nil])
        filter.text = "WORLD"
        #expect(await records.find(filter).map(\.bodies?.request) == ["hello"])
        await records.add([Self.record(3)])
        #expect(await RequestRecords(path: path).find(RecordFilter()).map(\.id).contains("x-0-1"))
    }

    @Test("Files stay within their size")
    func rotation() async throws {
        let records = RequestRecords(path: path, largestFile: 10_000)
        for batch in 0..<100 { await records.add((0..<10).map { Self.record(batch * 10 + $0) }) }
        for name in [path, path + ".1"] {
            let size = try FileManager.default.attributesOfItem(atPath: name)[.size] as? Int ?? 0
            #expect(size > 0 && size < 15_000)
        }
        #expect(await records.find(RecordFilter()).first?.id == "x-0-999")
    }

    @Test(
        "Secrets are struck out",
        arguments: [
            (#"{"messages":["hi"],"api_key":"abc"}"#, #"{"api_key":"[redacted]","messages":["hi"]}"#),
            (#"{"max_tokens":5,"token":"abc"}"#, #"{"max_tokens":5,"token":"[redacted]"}"#),
            ("use Bearer abcdefghij, please", "use Bearer [redacted], please"),
            ("data: {\"t\":\"sk-0123456789abcdef0123\"}", "data: {\"t\":\"[redacted]\"}"),
            ("nothing here", "nothing here"),
        ])
    func redaction(text: String, expected: String) { #expect(Redaction.text(Array(text.utf8)) == expected) }

    @Test("What is no text is not recorded")
    func binary() { #expect(Redaction.text([0xFF, 0xFE, 0]) == nil) }
}
