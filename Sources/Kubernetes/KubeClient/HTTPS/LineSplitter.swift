/// Cuts a stream of bytes into lines, however its parts fall.
struct LineSplitter {
    /// The longest line that is kept; one that grows beyond it is an error, not a memory leak.
    static let maximumLength = 64 << 20

    struct LineTooLong: Error {}

    private var pending: [UInt8] = []
    private var lines: [[UInt8]] = []

    mutating func append(_ bytes: some Sequence<UInt8>) throws(LineTooLong) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                finish()
            } else {
                pending.append(byte)
            }
        }
        guard pending.count <= Self.maximumLength else { throw LineTooLong() }
    }

    /// What comes after the last line break is a line, too.
    mutating func finish() {
        if !pending.isEmpty { lines.append(pending) }
        pending = []
    }

    /// The lines that are complete, each once; empty ones are left out.
    mutating func takeLines() -> [[UInt8]] {
        defer { lines = [] }
        return lines
    }
}
