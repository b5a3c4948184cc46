import CPosix
import Glibc
import Synchronization

/// Carries what a process writes to its log file. Runs on a loop of its own, so that neither a disk that is slow nor a
/// process that writes thousands of lines a second delays anything else; readers of the log read the file.
final class LogCapture: Sendable {
    fileprivate struct Source {
        var stream: LogRecord.Stream
        var descriptor: Int32
        var token: DescriptorLoop.Token?
        var splitter = LineSplitter()
    }

    fileprivate struct State {
        var file: LogFile
        var sources: [Source] = []
        var errorTail = LogTail()
        var outputTail = LogTail()
        var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var lastListener = 0
    }

    /// Pieces that a listener may be behind; who is further behind is let go of: a log never waits.
    private static let listenerLimit = 256

    private let loop: DescriptorLoop
    private let signals: LogSignals
    private let path: String
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    /// - Parameters:
    ///   - now: nanoseconds since 1970.
    init(
        path: String, limits: LogFile.Limits = .init(), loop: DescriptorLoop, signals: LogSignals,
        now: @escaping @Sendable () -> Int64
    ) {
        self.path = path
        self.loop = loop
        self.signals = signals
        self.now = now
        state = Mutex(State(file: LogFile(path: path, limits: limits)))
        signals.opened(path)
    }

    /// Takes over the reading ends of both pipes; one that has ended is none.
    func start(output: Int32?, error: Int32?) {
        for case (let stream, let descriptor?) in [(LogRecord.Stream.stdout, output), (.stderr, error)]
            as [(LogRecord.Stream, Int32?)]
        {
            _ = cposix_set_pipe_size(descriptor, 1 << 20)
            // Under the lock: the handler, which takes it too, must find its token.
            state.withLock { state in
                let token = try? loop.watch(descriptor) { self.read(stream) }
                state.sources.append(Source(stream: stream, descriptor: descriptor, token: token))
            }
        }
    }

    /// Takes what is still in the pipes, whether or not some process holds them open, and ends the log.
    ///
    /// - Parameter done: called on the loop's thread.
    func finish(_ done: @escaping @Sendable () -> Void) {
        loop.submit { [self] in
            for stream in [LogRecord.Stream.stdout, .stderr] {
                // As much as a pipe holds: a process that survived and goes on writing is not waited for.
                for _ in 0..<32 where read(stream) {}
                end(stream)
            }
            state.withLock { $0.file.close() }
            signals.closed(path)
            done()
        }
    }

    /// What comes from now on, as it comes; the stream ends with the process, or when its reader does not keep up.
    func listen(to stream: LogRecord.Stream) -> AsyncStream<[UInt8]> {
        let (pieces, listener) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingOldest(Self.listenerLimit))
        let number = state.withLock { state -> Int? in
            guard state.source(stream) != nil else { return nil }
            state.lastListener += 1
            let number = state.lastListener * 2 + (stream == .stderr ? 1 : 0)
            state.listeners[number] = listener
            return number
        }
        guard let number else {
            listener.finish()
            return pieces
        }
        listener.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return pieces
    }

    /// The last lines of stderr, or of stdout where nothing came on stderr.
    var lastLines: String {
        state.withLock { $0.errorTail.text.isEmpty ? $0.outputTail.text : $0.errorTail.text }
    }

    /// - Returns: whether there may be more.
    @discardableResult
    private func read(_ stream: LogRecord.Stream) -> Bool {
        guard let descriptor = state.withLock({ $0.source(stream)?.descriptor }) else { return false }
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            count = max(0, result)
        }
        if result > 0 {
            add(bytes, stream)
        } else if result == 0 || (errno != EAGAIN && errno != EINTR) {
            end(stream)
        }
        return result > 0
    }

    private func add(_ bytes: [UInt8], _ stream: LogRecord.Stream) {
        let time = LogRecord.time(nanoseconds: now())
        let listeners = state.withLock { state in
            state.add(bytes[...], stream, time: time)
            return state.listeners(stream)
        }
        for listener in listeners {
            if case .dropped = listener.yield(bytes) { listener.finish() }
        }
        signals.changed(path)
    }

    private func end(_ stream: LogRecord.Stream) {
        let time = LogRecord.time(nanoseconds: now())
        guard let source = state.withLock({ $0.end(stream, time: time) }) else { return }
        for listener in state.withLock({ $0.listeners(stream) }) { listener.finish() }
        if let token = source.token { loop.forget(source.descriptor, token) }
        close(source.descriptor)
    }
}

extension LogCapture.State {
    fileprivate func source(_ stream: LogRecord.Stream) -> LogCapture.Source? {
        sources.first { $0.stream == stream }
    }

    fileprivate func listeners(_ stream: LogRecord.Stream) -> [AsyncStream<[UInt8]>.Continuation] {
        listeners.filter { $0.key % 2 == (stream == .stderr ? 1 : 0) }.map(\.value)
    }

    fileprivate mutating func add(_ bytes: ArraySlice<UInt8>, _ stream: LogRecord.Stream, time: String) {
        write(stream, time) { source, take in source.splitter.feed(bytes, take) }
    }

    /// Takes the source out.
    fileprivate mutating func end(_ stream: LogRecord.Stream, time: String) -> LogCapture.Source? {
        write(stream, time) { source, take in source.splitter.end(take) }
        guard let index = sources.firstIndex(where: { $0.stream == stream }) else { return nil }
        return sources.remove(at: index)
    }

    private mutating func write(
        _ stream: LogRecord.Stream, _ time: String,
        _ split: (inout LogCapture.Source, (ArraySlice<UInt8>, Bool) -> Void) -> Void
    ) {
        guard let index = sources.firstIndex(where: { $0.stream == stream }) else { return }
        let prefixes = [false, true].map { LogRecord.prefix(time: time, stream: stream, isPartial: $0) }
        var records: [UInt8] = []
        var tail = stream == .stderr ? errorTail : outputTail
        split(&sources[index]) { text, isPartial in
            records += prefixes[isPartial ? 1 : 0]
            records += text
            records.append(UInt8(ascii: "\n"))
            tail.add(text)
        }
        if stream == .stderr { errorTail = tail } else { outputTail = tail }
        guard !records.isEmpty else { return }
        file.append(records) { lost in
            LogRecord.prefix(time: time, stream: .stderr, isPartial: false)
                + Array("[martlet] \(lost) bytes of this log could not be written and are lost\n".utf8)
        }
    }
}
