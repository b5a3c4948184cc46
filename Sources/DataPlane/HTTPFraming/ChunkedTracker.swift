/// Finds the end of a chunked body in the bytes as they pass, without taking them out of their chunks.
///
///     size -> extension -> sizeEnd -> data -> dataEnd -> size ...
///                          sizeEnd (size 0) -> trailer ... -> complete
package struct ChunkedTracker: Sendable {
    private enum State: Sendable, Hashable {
        case size(digits: Int)
        case `extension`
        case sizeLineFeed
        case data
        case dataCarriageReturn
        case dataLineFeed
        case trailer
        case complete
    }

    /// Bytes of one kind: of the body, or of its framing.
    package struct Run: Sendable, Hashable {
        package var end: Int
        package var isData: Bool
    }

    private var state = State.size(digits: 0)
    /// While the size is read, what was read of it; in data, what is left of the chunk.
    private var remaining = 0
    private var extensionBytes = 0
    private var trailers: TrailerTracker

    /// - Parameter keepsTrailers: Whether `trailerLines` is wanted.
    package init(keepsTrailers: Bool = false) { trailers = TrailerTracker(keeps: keepsTrailers) }

    /// The fields after the last chunk, each with its CRLF.
    package var trailerLines: [UInt8] { trailers.kept }

    package var isComplete: Bool { state == .complete }

    /// How many bytes of data the open chunk still wants; 0 between chunks; `nil` amid framing.
    package var openChunk: Int? {
        switch state {
        case .size(digits: 0): 0
        case .data: remaining
        default: nil
        }
    }

    /// Goes over the longest run of one kind from `start` on.
    package mutating func run(in bytes: Span<UInt8>, from start: Int) throws(FramingError) -> Run {
        if state == .data {
            let count = min(remaining, bytes.count - start)
            remaining -= count
            if remaining == 0 { state = .dataCarriageReturn }
            return Run(end: start + count, isData: true)
        }
        var index = start
        while index < bytes.count, state != .data, state != .complete {
            try take(bytes[index])
            index += 1
        }
        return Run(end: index, isData: false)
    }

    private mutating func take(_ byte: UInt8) throws(FramingError) {
        switch state {
        case .size(let digits): try takeSize(byte, digits: digits)
        case .extension: try takeExtension(byte)
        case .sizeLineFeed:
            guard byte == .lineFeed else { throw .malformedChunk }
            state = remaining == 0 ? .trailer : .data
        case .dataCarriageReturn:
            guard byte == .carriageReturn else { throw .malformedChunk }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == .lineFeed else { throw .malformedChunk }
            state = .size(digits: 0)
        case .trailer:
            try trailers.take(byte)
            if trailers.isComplete { state = .complete }
        case .data, .complete: break
        }
    }

    /// At most 15 digits, so that a size always fits.
    private mutating func takeSize(_ byte: UInt8, digits: Int) throws(FramingError) {
        if let digit = byte.hexDigit, digits < 15 {
            remaining = (digits == 0 ? 0 : remaining << 4) | digit
            state = .size(digits: digits + 1)
        } else if byte == .carriageReturn, digits > 0 {
            state = .sizeLineFeed
        } else if byte == UInt8(ascii: ";"), digits > 0 {
            state = .extension
        } else {
            throw .malformedChunk
        }
    }

    private mutating func takeExtension(_ byte: UInt8) throws(FramingError) {
        if byte == .carriageReturn {
            state = .sizeLineFeed
            return
        }
        guard byte.isFieldValueByte else { throw .malformedChunk }
        extensionBytes += 1
        guard extensionBytes <= 16_384 else { throw .chunkExtensionsTooLarge }
    }
}

/// The fields after the last chunk, checked line by line.
struct TrailerTracker: Sendable {
    private var line: [UInt8] = []
    private var byteCount = 0
    private(set) var isComplete = false
    private let keeps: Bool
    private(set) var kept: [UInt8] = []

    init(keeps: Bool = false) { self.keeps = keeps }

    mutating func take(_ byte: UInt8) throws(FramingError) {
        byteCount += 1
        guard byteCount <= 16_384 else { throw .headTooLarge }
        line.append(byte)
        guard byte == .lineFeed else { return }
        guard line.count > 1, line[line.count - 2] == .carriageReturn else { throw .bareLineFeed }
        if line.count == 2 {
            isComplete = true
        } else {
            try check()
            if keeps { kept += line }
        }
        line.removeAll(keepingCapacity: true)
    }

    private func check() throws(FramingError) {
        let field = try HeaderField.parse(0..<(line.count - 2), in: line.span)
        guard field.kind.mayStandInTrailers else { throw .forbiddenTrailer }
    }
}
