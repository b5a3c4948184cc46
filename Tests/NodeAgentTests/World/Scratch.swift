import Glibc
import Synchronization
import Testing

@testable import NodeAgent

/// What a test with real processes needs: a directory of its own, the shim, loops; all gone when it is.
final class Scratch: Sendable {
    let path: String
    let loop: DescriptorLoop
    let logLoop: DescriptorLoop
    let signals = LogSignals()

    init() throws {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        loop = try DescriptorLoop(name: "test-pods")
        logLoop = try DescriptorLoop(name: "test-logs")
    }

    deinit { Directory.remove(path) }

    /// `martlet-shim`, which is built beside the tests.
    static let shimPath: String = {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return executable.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/martlet-shim"
    }()

    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { close(descriptor) }
        try #require(descriptor >= 0)
        let bytes = Array(text.utf8)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        return file
    }

    func read(_ name: String) -> String {
        Directory.contents("\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// A process under the shim, whose events a test awaits.
final class Running: Sendable {
    let process: ContainerProcess
    private let events: AsyncStream<ContainerProcess.Event>
    private let log: LogCapture
    /// Its directory is the process's working directory.
    private let scratch: Scratch

    init(
        _ command: [String], in scratch: Scratch, isConfined: Bool, binds: [ProcessLaunch.Bind] = [],
        environment: [String: String] = [:], isKept: Bool = false, shimPath: String = Scratch.shimPath
    ) throws {
        let (events, sink) = AsyncStream.makeStream(of: ContainerProcess.Event.self)
        self.events = events
        self.scratch = scratch
        log = LogCapture(path: "\(scratch.path)/log", loop: scratch.logLoop, signals: scratch.signals) { 0 }
        var launch = ProcessLaunch(
            command: command, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 },
            workingDirectory: scratch.path, isConfined: isConfined, binds: binds)
        if isKept { launch.keep = .init(directory: scratch.path, log: "\(scratch.path)/log") }
        process = try ContainerProcess.start(shimPath: shimPath, launch, loop: scratch.loop, output: log) { event in
            sink.yield(event)
            if case .gone = event { sink.finish() }
        }
    }

    /// One that was found again.
    init(_ shim: Shim, in scratch: Scratch) throws {
        let (events, sink) = AsyncStream.makeStream(of: ContainerProcess.Event.self)
        self.events = events
        self.scratch = scratch
        log = LogCapture(path: "\(scratch.path)/log", loop: scratch.logLoop, signals: scratch.signals) { 0 }
        process = try ContainerProcess.follow(shim, loop: scratch.loop, output: log) { event in
            sink.yield(event)
            if case .gone = event { sink.finish() }
        }
    }

    /// Waits for the command's execution.
    func started() async throws {
        var iterator = events.makeAsyncIterator()
        try #require(await iterator.next() == .report(.started))
    }

    /// Everything that is still to come; the process is gone then.
    func rest() async -> [ContainerProcess.Event] {
        var rest: [ContainerProcess.Event] = []
        for await event in events { rest.append(event) }
        return rest
    }

    var lastLines: String { log.lastLines }
}

/// Whether any process with this word in its command line is alive.
func isAlive(_ word: String) -> Bool {
    Directory.entries("/proc").contains { pid in
        guard let number = pid_t(pid), number != getpid() else { return false }
        guard let line = Directory.contents("/proc/\(pid)/cmdline") else { return false }
        return String(decoding: line, as: UTF8.self).contains(word)
    }
}
