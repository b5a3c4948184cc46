import Testing

@testable import ModelStorage

@Suite("A file that was fetched in part")
struct PartialFileTests {
    private let directory = TemporaryDirectory()
    private let content = noise(10_000)

    private func open(_ url: String = "http://host/a") throws -> PartialFile {
        try PartialFile(directory: directory.path, url: url) { _, _ in }
    }

    private func append(_ range: Range<Int>, to file: PartialFile) throws {
        try content[range].withUnsafeBytes { try file.append($0) }
    }

    @Test("is gone on with where the journal says it is sure")
    func goesOn() throws {
        do {
            let file = try open()
            try append(0..<6000, to: file)
            try file.checkpoint()
            // The process dies here: these bytes are in the file, but not in the journal.
            try append(6000..<7000, to: file)
        }
        let file = try open()
        #expect(file.length == 6000)
        try append(6000..<10_000, to: file)
        #expect(isFile(file.path, content))
        let whole = try PartialFile(directory: directory.path + "/whole", url: "x") { _, _ in }
        try append(0..<10_000, to: whole)
        #expect(file.digest == whole.digest)
    }

    @Test("begins anew where the bytes are not what the journal says")
    func damaged() throws {
        do {
            let file = try open()
            try append(0..<6000, to: file)
            try file.checkpoint()
        }
        var bytes = try #require(contents(directory.path + "/content"))
        bytes[100] ^= 1
        _ = try directory.write(bytes, to: "content")
        #expect(try open().length == 0)
    }

    @Test("begins anew with a journal that is lost, cut or another file's", arguments: ["", "{", "{\"url\": \"b\"}"])
    func journal(text: String) throws {
        do {
            let file = try open()
            try append(0..<6000, to: file)
            try file.checkpoint()
        }
        _ = try directory.write(Array(text.utf8), to: "journal.json")
        #expect(try open().length == 0)
        #expect(try open("http://host/other").length == 0)
    }

    @Test("writes its journal every few megabytes by itself")
    func checkpoints() throws {
        let bytes = noise(9 << 20)
        do {
            let file = try open()
            for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
                try bytes[start..<start + (1 << 20)].withUnsafeBytes { try file.append($0) }
            }
        }
        #expect(try open().length == 8 << 20)
    }

    @Test(
        "the range of an answer is read",
        arguments: [
            ("bytes 100-199/1000", 100, 1000), ("bytes */1000", nil, 1000), ("bytes 5-9/*", 5, nil),
        ] as [(String, Int64?, Int64?)])
    func ranges(text: String, first: Int64?, total: Int64?) {
        #expect(ContentRange(text)?.first == first)
        #expect(ContentRange(text)?.total == total)
        #expect(ContentRange("pages 1-2/3") == nil)
    }
}
