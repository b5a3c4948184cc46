import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Testing

@testable import NodeAgent

@Suite("Lines")
struct LineTests {
    private func lines(_ chunks: [String]) -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        let take = { (text: ArraySlice<UInt8>, isPartial: Bool) in
            lines.append(String(decoding: text, as: UTF8.self) + (isPartial ? "…" : ""))
        }
        for chunk in chunks { splitter.feed(Array(chunk.utf8)[...], take) }
        splitter.end(take)
        return lines
    }

    @Test(
        "are cut wherever the bytes were",
        arguments: [
            (["a\nb\n"], ["a", "b"]), (["a", "b\nc"], ["ab", "c"]), (["\n\n"], ["", ""]), ([], []),
            (["a\r\n"], ["a\r"]),
        ])
    func cutting(_ chunks: [String], _ expected: [String]) { #expect(lines(chunks) == expected) }

    @Test("longer than the limit come in parts")
    func long() {
        let parts = lines([String(repeating: "x", count: LineSplitter.limit * 2 + 5) + "\n"])
        #expect(parts.map(\.count) == [LineSplitter.limit + 1, LineSplitter.limit + 1, 5])
    }

    @Test("the tail keeps the last lines, within its bounds")
    func tail() {
        var tail = LogTail()
        for number in 0..<100 { tail.add(Array("line \(number)".utf8)[...]) }
        #expect(tail.text.split(separator: "\n").count == 20)
        #expect(tail.text.hasSuffix("line 99"))
        tail.add(Array(repeating: UInt8(ascii: "y"), count: 100_000)[...])
        #expect(tail.text.utf8.count <= 4_096)
    }

    @Test("a record has its time, its stream and its text")
    func records() throws {
        let time = LogRecord.time(nanoseconds: 1_763_927_821_000_000_042)
        #expect(time == "2025-11-23T19:57:01.000000042Z")
        let line = LogRecord.prefix(time: time, stream: .stderr, isPartial: true) + Array("a b".utf8)
        let record = try #require(LogRecord(line: line[...]))
        #expect(record.isPartial && Array(record.text) == Array("a b".utf8) && Array(record.time) == Array(time.utf8))
        #expect(LogRecord(line: Array("cut off".utf8)[...]) == nil)
    }
}

@Suite("Pod logs")
struct PodLogTests {
    private let scratch: Scratch
    private let logs: PodLogs
    private let directories: PodDirectories
    private let pod: Object
    private let limits = LogFile.Limits(size: 2_000, files: 3)

    init() throws {
        scratch = try Scratch()
        directories = PodDirectories(dataDirectory: scratch.path, temporaryRoot: scratch.path)
        logs = PodLogs(directory: directories, signals: scratch.signals, limits: limits, time: ManualTime())
        pod = Object([
            "metadata": ["name": "p", "uid": "u"], "spec": ["containers": [["name": "c"]]],
        ])
    }

    /// Writes each line at its number's second.
    private func write(_ lines: Range<Int>, attempt: Int = 0) throws {
        try directories.prepare(pod: "u", container: "c")
        var file = LogFile(path: directories.log(pod: "u", container: "c", attempt: attempt), limits: limits)
        defer { file.close() }
        for line in lines {
            let time = LogRecord.time(
                nanoseconds: (ManualTime().microsecondsSince1970 * 1_000) - 1_000_000_000
                    * Int64(lines.upperBound - line))
            let record = LogRecord.prefix(time: time, stream: .stdout, isPartial: false) + Array("line \(line)\n".utf8)
            file.append(record) { _ in [] }
        }
    }

    private func text(_ options: PodLogOptions) async throws -> String {
        var text: [UInt8] = []
        for try await bytes in try logs.read(pod: pod, options) { text += bytes }
        return String(decoding: text, as: UTF8.self)
    }

    @Test("are read whole, over rotated files, and rotation bounds them")
    func whole() async throws {
        try write(0..<30)
        #expect(try await text(.init()) == (0..<30).map { "line \($0)\n" }.joined())
        try write(0..<500)
        let lines = try await text(.init()).split(separator: "\n")
        #expect(lines.last == "line 499" && lines.count < 150 && lines.count > 50)
    }

    @Test(
        "are read in part",
        arguments: [
            (PodLogOptions(tailLines: 2), "line 8\nline 9\n"), (PodLogOptions(tailLines: 0), ""),
            (PodLogOptions(sinceSeconds: 1), "line 9\n"),
            (PodLogOptions(tailLines: 5, sinceSeconds: 2), "line 8\nline 9\n"),
            (PodLogOptions(limitBytes: 9), "line 0\nli"), (PodLogOptions(tailLines: 100, limitBytes: 7), "line 0\n"),
        ])
    func parts(_ options: PodLogOptions, _ expected: String) async throws {
        try write(0..<10)
        #expect(try await text(options) == expected)
    }

    @Test("have times where asked for")
    func times() async throws {
        try write(0..<1)
        #expect(try await text(.init(hasTimestamps: true)) == "2025-12-31T23:59:59.000000000Z line 0\n")
    }

    @Test("of the start before are kept, older ones go")
    func previous() async throws {
        #expect(throws: Status.self) { try logs.read(pod: pod, .init()) }
        try write(0..<1, attempt: 0)
        #expect(throws: Status.self) { try logs.read(pod: pod, .init(isPrevious: true)) }
        try write(1..<2, attempt: 1)
        try write(2..<3, attempt: 2)
        #expect(try await text(.init(isPrevious: true)) == "line 1\n")
        #expect(directories.attempts(pod: "u", container: "c") == [1, 2])
        #expect(throws: Status.self) { try logs.read(pod: pod, .init(container: "other")) }
    }

    @Test("are followed until the container ends, over rotations, however slow the reader is")
    func following() async throws {
        try directories.prepare(pod: "u", container: "c")
        let path = directories.log(pod: "u", container: "c", attempt: 0)
        let limits = LogFile.Limits(size: 1_000_000, files: 3)
        let capture = LogCapture(path: path, limits: limits, loop: scratch.logLoop, signals: scratch.signals) { 0 }
        let (output, error) = (try Pipe(), try Pipe())
        for pipe in [output, error] { pipe.makeNonBlocking(pipe.reading) }
        capture.start(output: output.reading, error: error.reading)
        let logs = PodLogs(directory: directories, signals: scratch.signals, limits: limits, time: ManualTime())
        var reading = try logs.read(pod: pod, .init(follows: true)).makeAsyncIterator()
        let count = 20_000
        try Threads.start(name: "writer") { [writing = output.writing] in
            for number in 0..<count {
                let line = Array("line number \(number)\n".utf8)
                _ = Glibc.write(writing, line, line.count)
            }
            close(writing)
            capture.finish {}
        }
        var text: [UInt8] = []
        while let bytes = try await reading.next() { text += bytes }
        close(error.writing)
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == count)
        #expect(lines.last == "line number \(count - 1)")
    }

    @Test("that cannot be written stop nothing, and say what is lost")
    func fullDisk() async throws {
        // Every write to it fails with "no space left on device".
        var file = LogFile(path: "/dev/full")
        file.append(Array("lost".utf8)) { _ in [] }
        file.close()
        let path = "\(scratch.path)/log"
        var other = LogFile(path: path)
        other.append(Array("kept\n".utf8)) { Array("\($0) lost\n".utf8) }
        #expect(scratch.read("log") == "kept\n")
    }
}
