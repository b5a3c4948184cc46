import Crypto
import Randomness
import Testing

@testable import ModelStorage

@Suite("A fetch that was interrupted")
struct TransferResumeTests {
    private let bytes = noise(20_000_000, seed: 7)

    private func variables(_ hub: FakeServer) -> [String: String] { ["HF_ENDPOINT": hub.url("")] }

    /// Each process finds in the journal what is sure, and asks for nothing of it.
    @Test("goes on without the pieces that are sure")
    func resume() async throws {
        try await FakeServer.with { hub in
            hub.putRepository("o/m", small: [:], large: ["m.bin": bytes], on: hub)
            let path = "/lfs/\(hexadecimal(SHA256.hash(data: bytes)))"
            for _ in 0..<20 { hub.fail(path, .cut(after: 9_000_000)) }
            var fixture = CacheFixture()
            fixture.configuration.retries.maximumTries = 1
            let request = ModelRequest(uri: "hf://o/m", variables: variables(hub))
            var (tries, isWhole) = (0, false)
            while !isWhole, tries < 30 {
                let sure = try surePieces(fixture)
                let before = hub.served.count
                isWhole = await storageError { _ = try await fixture.with { try await $0.acquire(request) } } == nil
                for served in hub.served.dropFirst(before) where served.path == path && served.sent > 0 {
                    let size = Int(PieceFile.pieceSize)
                    let asked = Set(served.from / size...(served.from + served.sent - 1) / size)
                    #expect(sure.isDisjoint(with: asked), "in try \(tries)")
                }
                tries += 1
            }
            #expect(tries >= 2)
            let directory = try await fixture.with { try await $0.acquire(request) }
            let isRight = isFile(directory.path + "/m.bin", bytes)
            #expect(isRight)
        }
    }

    private func surePieces(_ fixture: CacheFixture) throws -> Set<Int> {
        let partial = fixture.directory.path + "/partial"
        return try names(partial).reduce(into: []) { sure, key in
            let journal = try PieceJournal("\(partial)/\(key)/files/journal")
            for pieces in journal.found.values { sure.formUnion(pieces.keys) }
        }
    }

    @Test("does not trust what was changed on the disk", arguments: 0..<8)
    func damaged(round: Int) async throws {
        try await FakeServer.with { hub in
            hub.putRepository("o/m", small: [:], large: ["m.bin": bytes], on: hub)
            let path = "/lfs/\(hexadecimal(SHA256.hash(data: bytes)))"
            for _ in 0..<9 { hub.fail(path, .cut(after: 9_000_000), .status(404)) }
            let fixture = CacheFixture()
            let request = ModelRequest(uri: "hf://o/m", variables: variables(hub))
            _ = await storageError { _ = try await fixture.with { try await $0.acquire(request) } }
            var random = SeededRandom(seed: UInt64(round))
            let partial = fixture.directory.path + "/partial"
            for key in names(partial) {
                for name in names("\(partial)/\(key)/files") {
                    try damage("\(partial)/\(key)/files/\(name)", &random)
                }
            }
            hub.put(path, bytes)
            for _ in 0..<40
            where await storageError({ _ = try await fixture.with { try await $0.acquire(request) } }) == nil {
                break
            }
            let directory = try await fixture.with { try await $0.acquire(request) }
            let isWhole = isFile(directory.path + "/m.bin", bytes)
            #expect(isWhole)
        }
    }

    private func damage(_ path: String, _ random: inout SeededRandom) throws {
        var content = try #require(contents(path))
        guard !content.isEmpty else { return }
        switch random.next() % 3 {
        case 0: content.removeLast(Int(random.next() % UInt64(content.count)))
        case 1: content[Int(random.next() % UInt64(content.count))] ^= 1
        default: content += [0, 10, 255]
        }
        try FileTree.write(content, to: path)
    }

    @Test("a torn journal is read as far as it goes")
    func journal() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/journal"
        do {
            let journal = try PieceJournal(path)
            try journal.add(file: "a", piece: 1, sum: 0xABC)
            try journal.add(file: "a", piece: 17, sum: 2)
            try journal.add(file: "b", piece: 0, sum: 3)
            try journal.reset(file: "b")
        }
        let whole = try FileTree.read(path)
        #expect(try PieceJournal(path).found == ["a": [1: 0xABC, 17: 2]])
        for length in 0..<whole.count {
            try FileTree.write(Array(whole[..<length]), to: path)
            do {
                let torn = try PieceJournal(path)
                #expect(torn.found["a"] == nil || torn.found["a"]?[1] == 0xABC)
                try torn.add(file: "c", piece: 5, sum: 6)
            }
            #expect(try PieceJournal(path).found["c"] == [5: 6], "after \(length) bytes")
        }
    }
}
