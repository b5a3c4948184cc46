import Glibc

/// A place in a log's files from which whole lines are read on, while the log grows and is rotated.
///
/// An open file goes on being read under whatever name rotation gives it; at its end comes the next newer one.
struct LogCursor {
    private let path: String
    private let limits: LogFile.Limits
    private var file: Int32 = -1
    private var identity: (device: dev_t, inode: ino_t)?
    private var pending: [UInt8] = []

    /// At the beginning of the oldest file.
    init(path: String, limits: LogFile.Limits) {
        self.path = path
        self.limits = limits
    }

    /// Whole lines, each with its newline, as they stand in the file; empty where there are no more for now.
    mutating func read() -> [UInt8] {
        while true {
            if let end = pending.lastIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return Array(pending[...end])
            }
            let bytes = file < 0 ? [] : readFile()
            if !bytes.isEmpty { pending += bytes } else if !openNext() { return [] }
        }
    }

    mutating func close() {
        if file >= 0 { _ = Glibc.close(file) }
        file = -1
    }

    private func readFile() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            repeat { count = Glibc.read(file, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            count = max(0, count)
        }
    }

    /// Opens the file that is next newer than the one that is open: the oldest if none is, or if it was removed.
    private mutating func openNext() -> Bool {
        let names = LogFile.generations(path, limits: limits)
        let current = identity.flatMap { open in
            names.firstIndex { name in Self.identity(of: name).map { $0 == open } ?? false }
        }
        for name in names[(current.map { $0 + 1 } ?? 0)...] {
            let next = open(name, O_RDONLY | O_CLOEXEC)
            guard next >= 0 else { continue }
            // What was written to the old file between our last read and its rotation.
            while file >= 0, case let rest = readFile(), !rest.isEmpty { pending += rest }
            close()
            file = next
            var status = stat()
            identity = fstat(next, &status) == 0 ? (status.st_dev, status.st_ino) : nil
            return true
        }
        return false
    }

    private static func identity(of path: String) -> (dev_t, ino_t)? {
        var status = stat()
        return stat(path, &status) == 0 ? (status.st_dev, status.st_ino) : nil
    }
}
