import Glibc

/// The processes of this machine at one moment, as far as their use of it goes.
struct ProcessTable: Sendable {
    struct Entry: Sendable, Hashable {
        var parent: Int32
        /// Ticks of processor time, with those of children that were waited for.
        var ticks: Int64
        /// Pages of memory that are resident.
        var pages: Int64
    }

    private let entries: [Int32: Entry]
    private let children: [Int32: [Int32]]

    init(_ entries: [Int32: Entry]) {
        self.entries = entries
        children = Dictionary(grouping: entries.keys) { entries[$0]?.parent ?? 0 }
    }

    /// From /proc.
    static func read() -> ProcessTable {
        var entries: [Int32: Entry] = [:]
        for process in Directory.entries("/proc").compactMap({ Int32($0) }) {
            entries[process] = Directory.contents("/proc/\(process)/stat").flatMap(entry)
        }
        return ProcessTable(entries)
    }

    /// A line of /proc/PID/stat: the second field is in parentheses and may hold anything.
    static func entry(_ line: [UInt8]) -> Entry? {
        guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let words = String(decoding: line[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard words.count > 21, let parent = Int32(words[1]) else { return nil }
        // utime, stime, cutime, cstime; rss.
        return Entry(
            parent: parent, ticks: words[11...14].reduce(0) { $0 + (Int64($1) ?? 0) }, pages: Int64(words[21]) ?? 0)
    }

    /// What a process and all that came of it use together.
    func total(of root: Int32) -> (nanoseconds: Int64, bytes: Int64) {
        var (ticks, pages): (Int64, Int64) = (0, 0)
        var waiting = [root]
        while let process = waiting.popLast() {
            guard let entry = entries[process] else { continue }
            ticks += entry.ticks
            pages += entry.pages
            waiting += children[process] ?? []
        }
        let second = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return (ticks * (1_000_000_000 / second), pages * Int64(sysconf(Int32(_SC_PAGESIZE))))
    }
}
