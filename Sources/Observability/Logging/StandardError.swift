import Glibc

extension JSONLogHandler {
    /// Each message is one write, so that lines of several threads do not mix.
    package static func standardError(label: String) -> JSONLogHandler {
        JSONLogHandler(label: label, now: timestamp) { line in
            _ = HistoryFile.append(Array(line.utf8), to: STDERR_FILENO)
        }
    }

    @Sendable private static func timestamp() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        gmtime_r(&time.tv_sec, &parts)
        let numbers = [
            parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        let milliseconds = String(time.tv_nsec / 1_000_000 + 1_000).dropFirst()
        return numbers[0...2].joined(separator: "-") + "T" + numbers[3...5].joined(separator: ":") + ".\(milliseconds)Z"
    }
}
