import CZlib
import Synchronization

/// A part of a file that one connection fetches, in one request if it is not cut.
struct Stretch: Sendable {
    var file: PieceFile
    /// Begins at a piece's beginning, and ends at a piece's end.
    var range: Range<Int64>
}

/// The stretches that nobody fetches yet: the longest are given out first.
final class StretchQueue: Sendable {
    private let waiting: Mutex<[Stretch]>

    init(_ stretches: [Stretch]) { waiting = Mutex(stretches.sorted { $0.range.count < $1.range.count }) }

    func next() -> Stretch? { waiting.withLock { $0.popLast() } }
}

/// Writes what arrives of a stretch, and notes each piece that becomes whole.
struct StretchWriter {
    let stretch: Stretch
    /// Where the next byte goes.
    private(set) var position: Int64
    private var sum: UInt = 0

    init(_ stretch: Stretch) {
        self.stretch = stretch
        position = stretch.range.lowerBound
    }

    var isAtEnd: Bool { position >= stretch.range.upperBound }

    /// Bytes past the stretch's end are left out.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty, !isAtEnd {
            let end = min((position / PieceFile.pieceSize + 1) * PieceFile.pieceSize, stretch.range.upperBound)
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Int(end - position)))
            try stretch.file.write(part, at: position)
            sum = crc32(sum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(part.count))
            position += Int64(part.count)
            rest = rest.dropFirst(part.count)
            if position == end {
                try stretch.file.complete(pieceEndingAt: position, sum: UInt32(truncatingIfNeeded: sum))
                sum = 0
            }
        }
    }
}
