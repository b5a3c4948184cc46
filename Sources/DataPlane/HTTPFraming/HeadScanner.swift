/// How large a head may be.
package struct HeadLimits: Sendable {
    package var byteCount: Int
    package var fieldCount: Int

    package init(byteCount: Int = 65_536, fieldCount: Int = 128) {
        self.byteCount = byteCount
        self.fieldCount = fieldCount
    }
}

/// Cuts a head into its lines. It is given all bytes of the head received so far, again and again as they grow, and
/// goes on where it stopped: each byte is looked at a bounded number of times, however it is split.
struct HeadScanner: Sendable {
    var fields: [HeaderField] = []
    private(set) var startLine = 0..<0
    private let limits: HeadLimits
    private var hasStartLine = false
    private var lineStart = 0
    private var searched = 0

    init(limits: HeadLimits) { self.limits = limits }

    /// Ready for the next message; keeps its memory.
    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        startLine = 0..<0
        hasStartLine = false
        lineStart = 0
        searched = 0
    }

    /// - Returns: The length of the head with its blank line, or `nil` while it is incomplete.
    mutating func scan(_ bytes: Span<UInt8>) throws(FramingError) -> Int? {
        while let line = try nextLine(in: bytes) {
            if line.isEmpty {
                guard hasStartLine else { throw .emptyStartLine }
                return lineStart
            }
            if hasStartLine {
                guard fields.count < limits.fieldCount else { throw .tooManyFields }
                fields.append(try HeaderField.parse(line, in: bytes))
            } else {
                startLine = line
                hasStartLine = true
            }
        }
        return nil
    }

    /// - Parameter names: in lower case.
    mutating func drop(_ names: [[UInt8]], in bytes: Span<UInt8>) {
        for index in fields.indices where names.contains(where: { bytes.equals($0, in: fields[index].name) }) {
            guard ![.contentLength, .transferEncoding].contains(fields[index].kind) else { continue }
            fields[index].isDropped = true
        }
    }

    private mutating func nextLine(in bytes: Span<UInt8>) throws(FramingError) -> Range<Int>? {
        guard let lineFeed = bytes.index(of: .lineFeed, from: searched) else {
            searched = bytes.count
            if bytes.count > limits.byteCount { throw .headTooLarge }
            return nil
        }
        if lineFeed >= limits.byteCount { throw .headTooLarge }
        guard lineFeed > lineStart, bytes[lineFeed - 1] == .carriageReturn else { throw .bareLineFeed }
        let line = lineStart..<(lineFeed - 1)
        lineStart = lineFeed + 1
        searched = lineStart
        return line
    }
}
