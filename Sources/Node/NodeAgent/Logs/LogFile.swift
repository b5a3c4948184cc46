import Glibc

/// A log that is written: `PATH`, and as it grows `PATH.1` and `PATH.2`, the oldest of which goes.
struct LogFile {
    struct Limits: Sendable {
        /// Bytes at which a new file is begun.
        var size = 10_000_000
        /// Files in all.
        var files = 3
    }

    let path: String
    private let limits: Limits
    private var file: Int32 = -1
    private var size = 0
    /// Bytes that could not be written (disk full) since the last that could.
    private var lost = 0

    /// The files of the log at `path`, from the oldest to the one that grows, whether they exist or not.
    static func generations(_ path: String, limits: Limits = Limits()) -> [String] {
        (1..<limits.files).reversed().map { "\(path).\($0)" } + [path]
    }

    init(path: String, limits: Limits = Limits()) {
        self.path = path
        self.limits = limits
        openFile()
    }

    /// Appends whole records. Never throws and never waits for space: a model server must not stop because its log
    /// cannot be written. What is lost is said in the log once there is space again.
    ///
    /// - Parameter note: makes the record that says how many bytes were lost.
    mutating func append(_ records: [UInt8], note: (_ lost: Int) -> [UInt8]) {
        if size + records.count > limits.size, size > 0 { rotate() }
        if file < 0 { openFile() }
        if lost > 0, write(note(lost)) { lost = 0 }
        if lost > 0 || !write(records) { lost += records.count }
    }

    mutating func close() {
        if file >= 0 { _ = Glibc.close(file) }
        file = -1
    }

    private mutating func openFile() {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        size = file >= 0 ? Int(lseek(file, 0, SEEK_END)) : 0
    }

    private mutating func rotate() {
        close()
        let names = Self.generations(path, limits: limits)
        for (older, newer) in zip(names, names.dropFirst()) { rename(newer, older) }
        openFile()
    }

    private mutating func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
            size += count
        }
        return true
    }
}
