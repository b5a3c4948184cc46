import Glibc

/// What a shim noted of itself and its process, for the next Martlet: see martlet-shim's state.c.
struct ShimState: Sendable, Hashable {
    /// A report, and when it was made in microseconds since 1970.
    struct Entry: Sendable, Hashable {
        var time: Int64
        var report: ProcessReport
    }

    var process: pid_t
    /// Of the process, in ticks after the boot.
    var startTicks: UInt64
    var boot: String
    var entries: [Entry]

    /// Where in `directory` a shim notes its state, and where it listens.
    static func file(in directory: String) -> String { "\(directory)/state" }
    static func socket(in directory: String) -> String { "\(directory)/control" }

    /// `nil` where none was written, or not to its first line's end.
    static func read(in directory: String) -> ShimState? {
        Directory.contents(file(in: directory)).flatMap { ShimState(String(decoding: $0, as: UTF8.self)) }
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 4, words[0] == "shim", let process = pid_t(words[1]), let ticks = UInt64(words[2]) else {
            return nil
        }
        self.process = process
        startTicks = ticks
        boot = String(words[3])
        entries = lines.dropFirst().compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let time = Int64(parts[0]), let report = ProcessReport(line: parts[1]) else {
                return nil
            }
            return Entry(time: time, report: report)
        }
    }

    /// When the command was executed, in microseconds since 1970.
    var startedAt: Int64? { entries.first { $0.report == .started }?.time }

    /// How it ended, if it did.
    var ending: ProcessReport? {
        entries.lazy.map(\.report).first { if case .ended = $0 { true } else { false } }
    }

    /// Whether the process with this number is still the shim that wrote this, and no later one.
    var isAlive: Bool {
        guard boot == Self.thisBoot, let line = Directory.contents("/proc/\(process)/stat") else { return false }
        return Self.startTicks(line) == startTicks
    }

    static let thisBoot = Directory.contents("/proc/sys/kernel/random/boot_id")
        .map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }

    /// The 22nd field of a line of /proc/PID/stat; the second is in parentheses and may hold anything.
    private static func startTicks(_ line: [UInt8]) -> UInt64? {
        guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let words = String(decoding: line[(end + 1)...], as: UTF8.self).split(separator: " ")
        return words.count > 19 ? UInt64(words[19]) : nil
    }
}
