import CZlib
import Crypto
import Glibc
import Synchronization

/// A file of a model while it arrives in pieces, in any order and from several connections at once.
///
/// Whoever completes a piece also digests, from the beginning on, what is there without a gap: so the digest is ready
/// soon after the last byte. A piece is sure when its sum is in the journal.
final class PieceFile: Sendable {
    static let pieceSize: Int64 = 4 << 20

    private struct Pieces {
        var isDone: [Bool]
        var left: Int
        var checksum: Checksum?
    }

    private struct Digest {
        var sha256 = SHA256()
        var promised: ChecksumDigest
        var next = 0
    }

    let file: StoredFile
    let path: String
    /// The file in the journal, and its name on the disk.
    let key: String
    private let content: SharedFile
    private let journal: PieceJournal
    private let pieces: Mutex<Pieces>
    private let digest: Mutex<Digest>

    init(_ file: StoredFile, in directory: String, journal: PieceJournal) throws(FileError) {
        self.file = file
        self.journal = journal
        key = Self.key(file)
        path = "\(directory)/\(key)"
        content = SharedFile(try LocalFile(writing: path))
        let count = Int((file.size + Self.pieceSize - 1) / Self.pieceSize)
        pieces = Mutex(
            Pieces(isDone: Array(repeating: false, count: count), left: count, checksum: file.checksum))
        digest = Mutex(Digest(promised: ChecksumDigest(file.checksum, size: file.size)))
    }

    /// Another one for other contents.
    private static func key(_ file: StoredFile) -> String {
        let text = "\(file.key)\n\(file.version)\n\(file.size)"
        return String(hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(32))
    }

    private func range(ofPiece index: Int) -> Range<Int64> {
        let start = Int64(index) * Self.pieceSize
        return start..<min(start + Self.pieceSize, file.size)
    }

    /// Takes over what an earlier process left, as far as it is what the journal says. Only before anything is written.
    ///
    /// - Parameter verified: told how many bytes were read.
    /// - Returns: the bytes that are there.
    func recover(_ sums: [Int: UInt32], verified: (Int64) throws -> Void) throws -> Int64 {
        guard try content.file.size() <= file.size else {
            try content.file.truncate(to: 0)
            return 0
        }
        var bytes: Int64 = 0
        for (index, sum) in sums.sorted(by: { $0.key < $1.key })
        where index >= 0 && Int64(index) * Self.pieceSize < file.size {
            let range = range(ofPiece: index)
            let piece = try content.file.read(range.count, at: range.lowerBound)
            try verified(Int64(range.count))
            guard piece.count == range.count, Self.sum(piece) == sum else { continue }
            markDone(index)
            bytes += Int64(range.count)
        }
        return bytes
    }

    private static func sum(_ piece: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, piece, UInt32(piece.count)))
    }

    /// Takes the whole room on the disk, so that nobody else can have it meanwhile.
    func reserve() throws(FileError) { try content.file.allocate(file.size) }

    /// The stretches that are still to come, none longer than `longest` (rounded up to whole pieces).
    func missing(longest: Int64) -> [Range<Int64>] {
        let isDone = pieces.withLock { $0.isDone }
        let most = max(1, Int((longest + Self.pieceSize - 1) / Self.pieceSize))
        var stretches: [Range<Int64>] = []
        var index = 0
        while index < isDone.count {
            guard !isDone[index] else {
                index += 1
                continue
            }
            var end = index
            while end < isDone.count, !isDone[end], end - index < most { end += 1 }
            stretches.append(range(ofPiece: index).lowerBound..<range(ofPiece: end - 1).upperBound)
            index = end
        }
        return stretches
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(FileError) {
        try content.file.write(bytes, at: offset)
    }

    /// The piece that ends at `offset` is whole.
    func complete(pieceEndingAt offset: Int64, sum: UInt32) throws {
        let index = Int((offset - 1) / Self.pieceSize)
        try journal.add(file: key, piece: index, sum: sum)
        markDone(index)
        try digest.withLockIfAvailable { try advance(&$0) }
    }

    private func markDone(_ index: Int) {
        pieces.withLock { pieces in
            guard !pieces.isDone[index] else { return }
            pieces.isDone[index] = true
            pieces.left -= 1
        }
    }

    /// What the store's answer says that the contents are checked against: before the first byte, or not at all.
    func expect(_ checksum: Checksum?) {
        digest.withLock { digest in
            guard digest.next == 0, checksum != pieces.withLock({ $0.checksum }) else { return }
            pieces.withLock { $0.checksum = checksum }
            digest.promised = ChecksumDigest(checksum, size: file.size)
        }
    }

    private func advance(_ digest: inout Digest) throws {
        while digest.next < pieces.withLock({ $0.isDone.count }), pieces.withLock({ $0.isDone[digest.next] }) {
            try Task.checkCancellation()
            let range = range(ofPiece: digest.next)
            let piece = try content.file.read(range.count, at: range.lowerBound)
            piece.withUnsafeBytes { bytes in
                // SAFETY: the bytes are used within this closure only.
                digest.sha256.update(bufferPointer: bytes)
                digest.promised.update(bytes)
            }
            digest.next += 1
        }
    }

    /// The SHA-256 of the whole; `nil` where it is not what was promised. Only when nothing is missing.
    func finished() throws -> String? {
        try digest.withLock { digest in
            try advance(&digest)
            let sha256 = hexadecimal(digest.sha256.finalize())
            return digest.promised.matches(sha256: sha256) ? sha256 : nil
        }
    }

    /// What was promised, for messages.
    var promise: String { pieces.withLock { $0.checksum?.name ?? "size" } }

    /// Forgets all bytes.
    func restart() throws {
        try journal.reset(file: key)
        digest.withLock { digest in
            pieces.withLock { pieces in
                pieces.left = pieces.isDone.count
                pieces.isDone = Array(repeating: false, count: pieces.isDone.count)
                digest = Digest(promised: ChecksumDigest(pieces.checksum, size: file.size))
            }
        }
    }

    func sync() throws(FileError) { try content.file.sync() }
}

/// An open file that several tasks read and write, each at places of its own.
private final class SharedFile: Sendable {
    let file: LocalFile
    init(_ file: consuming LocalFile) { self.file = file }
}
