import Testing

@testable import ModelStorage

@Suite("Archives")
struct ArchiveTests {
    private let directory = TemporaryDirectory()

    /// What is unpacked from an archive, by path.
    private func unpack(_ bytes: [UInt8], name: String, path: String = "") throws -> [String: [UInt8]] {
        let archive = try directory.write(bytes, to: name)
        let layout = CacheLayout(directory: directory.path + "/cache")
        let source = ModelIdentity(source: .web(url: "http://host/\(name)", sha256: nil))
        let staging = try Staging(source, in: layout)
        let meter = ProgressMeter(time: SkippingTime()) { _ in }
        let unpacking = Unpacking(meter: meter, space: DiskSpace(free: { _ in 1 << 30 }), allowance: 1 << 20)
        if name.hasSuffix(".zip") {
            try unpacking.unpackZip(archive, path: path, title: name, into: staging)
        } else {
            try unpacking.unpackTar(archive, title: name, into: staging)
        }
        try staging.publish(at: "2026-01-01T00:00:00Z")
        var found: [String: [UInt8]] = [:]
        let reference = try #require(
            ModelReference(parsing: try FileTree.read(layout.model(source) + "/reference.json")))
        for file in reference.files { found[file.path] = contents("\(layout.content(source))/\(file.path)") }
        return found
    }

    @Test("bombs are refused, whatever their names promise", arguments: ["a.zip", "a.tar.gz"])
    func bomb(name: String) {
        let zeros = [UInt8](repeating: 0, count: 20_000_000)
        var zip = ZipWriter()
        zip.add("a", zeros)
        var tar = TarWriterForTests()
        tar.add("a", zeros)
        let bytes = name.hasSuffix(".zip") ? zip.finished() : tar.finished()
        #expect { try unpack(bytes, name: name) } throws: { ($0 as? ArchiveError)?.kind == .unsafe }
    }

    @Test("a zip file gives a file, a directory or all of it", arguments: [true, false])
    func zip(deflated: Bool) throws {
        var writer = ZipWriter()
        let large = noise(3_000_000)
        writer.add("pkg/models/a.gguf", large, deflated: deflated)
        writer.add("pkg/models/sub/", [], deflated: false, mode: 0o040755)
        writer.add("pkg/models/sub/b.txt", Array("bee".utf8), deflated: deflated)
        writer.add("pkg/empty", [], deflated: deflated)
        let bytes = writer.finished()
        #expect(try unpack(bytes, name: "a.zip", path: "pkg/models/a.gguf") == ["a.gguf": large])
        #expect(
            try unpack(bytes, name: "b.zip", path: "pkg/models") == ["a.gguf": large, "sub/b.txt": Array("bee".utf8)])
        #expect(
            try unpack(bytes, name: "c.zip").keys.sorted() == [
                "pkg/empty", "pkg/models/a.gguf", "pkg/models/sub/b.txt",
            ])
    }

    @Test("a path that is not in the zip file is answered by those that are")
    func missing() throws {
        var writer = ZipWriter()
        writer.add("llm/SmolLM2.gguf", [1])
        writer.add("llm-1.dist-info/METADATA", [1])
        let bytes = writer.finished()
        #expect {
            try unpack(bytes, name: "a.zip", path: "llm/smollm2.gguf")
        } throws: { error in
            guard let error = error as? ModelStorageError else { return false }
            return error.code == .notFound && error.remedy == "it holds llm/SmolLM2.gguf"
        }
    }

    @Test(
        "a zip file that would write elsewhere is refused",
        arguments: ["../evil", "a/../../evil", "/etc/passwd", "a\\..\\b"])
    func escape(name: String) throws {
        var writer = ZipWriter()
        writer.add(name, [1])
        let bytes = writer.finished()
        #expect {
            try unpack(bytes, name: "a.zip")
        } throws: { ($0 as? ArchiveError)?.kind == .unsafe }
    }

    @Test("a zip file with a link in it is refused")
    func link() throws {
        var writer = ZipWriter()
        writer.add("link", Array("/etc/passwd".utf8), mode: 0o120777)
        let bytes = writer.finished()
        #expect {
            try unpack(bytes, name: "a.zip")
        } throws: { ($0 as? ArchiveError)?.kind == .unsafe }
    }

    @Test("a zip file that is broken is found to be so, wherever it is cut")
    func broken() throws {
        var writer = ZipWriter()
        writer.add("a", noise(50_000), sum: 1)
        let wrongSum = writer.finished()
        #expect { try unpack(wrongSum, name: "a.zip") } throws: { ($0 as? ArchiveError)?.kind == .corrupt }
        var good = ZipWriter()
        good.add("a", noise(50_000))
        let whole = good.finished()
        for count in [0, 10, 100, 40_000, whole.count - 1] {
            #expect(
                performing: { try unpack(Array(whole.prefix(count)), name: "b.zip") },
                throws: { ($0 as? ArchiveError)?.kind == .corrupt })
        }
    }

    @Test("a zip file's every bit may flip: it is unpacked right, or refused")
    func flips() throws {
        var writer = ZipWriter()
        writer.add("a.bin", Array("some text, some text, some text".utf8))
        let bytes = writer.finished()
        for offset in bytes.indices {
            var flipped = bytes
            flipped[offset] ^= 1 << UInt8(offset % 8)
            let result = try? unpack(flipped, name: "a.zip")
            if let contents = result?.values.first {
                #expect(contents == Array("some text, some text, some text".utf8))
            }
        }
    }

    @Test("a tar file gives all of it, with long names")
    func tar() throws {
        var writer = TarWriterForTests()
        let large = noise(2_500_000)
        let long = String(repeating: "d/", count: 80) + "weights.bin"
        let record = "path=\(long)\n"
        let length = record.utf8.count + 4
        writer.add("model/", [], type: "5")
        writer.add("model/a.bin", large)
        writer.add("x", Array("\(length) \(record)".utf8), type: "x")
        writer.add("short", [7])
        writer.add("././@LongLink", Array((long + "2\0").utf8), type: "L")
        writer.add("short", [8])
        #expect(
            try unpack(writer.finished(), name: "a.tar.gz") == ["model/a.bin": large, long: [7], long + "2": [8]])
    }

    @Test(
        "a tar file with links, devices or ways out is refused",
        arguments: [("../evil", "0"), ("/abs", "0"), ("link", "2"), ("hard", "1"), ("device", "3"), ("pipe", "6")]
            as [(String, Character)])
    func unsafeTar(name: String, type: Character) throws {
        var writer = TarWriterForTests()
        writer.add(name, [], type: type)
        let bytes = writer.finished()
        #expect { try unpack(bytes, name: "a.tgz") } throws: { ($0 as? ArchiveError)?.kind == .unsafe }
    }

    @Test("a tar file that is cut is broken")
    func cutTar() throws {
        var writer = TarWriterForTests()
        writer.add("a", noise(50_000))
        let bytes = Array(writer.finished().prefix(20_000))
        #expect { try unpack(bytes, name: "a.tgz") } throws: { ($0 as? ArchiveError)?.kind == .corrupt }
    }
}
