import CZlib
import Glibc
import Synchronization

/// Which pieces of a model's files are on the disk: a line is added for each, so that whatever moment a process ends at,
/// at most the last line is torn.
///
/// A line is `<file> <piece> <CRC-32 of the piece>` in hexadecimal digits, or `<file> reset`.
final class PieceJournal: Sendable {
    private let path: String
    private let descriptor: Int32
    /// What earlier processes wrote: by file, the sums of the pieces.
    let found: [String: [Int: UInt32]]

    init(_ path: String) throws(FileError) {
        self.path = path
        let text = FileTree.kind(path) == nil ? [] : try FileTree.read(path)
        found = Self.parse(text)
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("cannot write", path) }
        // What is added must not go on a torn line.
        if let last = text.last, last != UInt8(ascii: "\n") { try add("") }
    }

    deinit { close(descriptor) }

    func add(file: String, piece: Int, sum: UInt32) throws(FileError) {
        try add("\(file) \(String(piece, radix: 16)) \(String(sum, radix: 16))")
    }

    func reset(file: String) throws(FileError) { try add("\(file) reset") }

    /// One call, so that lines of several threads do not mix.
    private func add(_ line: String) throws(FileError) {
        let bytes = Array((line + "\n").utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw FileError("cannot write", path) }
    }

    private static func parse(_ bytes: [UInt8]) -> [String: [Int: UInt32]] {
        var found: [String: [Int: UInt32]] = [:]
        // The last element is what follows the last line's end: nothing, or a torn line.
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            if words.count == 2, words[1] == "reset" { found[String(words[0])] = nil }
            guard words.count == 3, let piece = Int(words[1], radix: 16), let sum = UInt32(words[2], radix: 16) else {
                continue
            }
            found[String(words[0]), default: [:]][piece] = sum
        }
        return found
    }
}
