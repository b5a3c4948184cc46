import AsyncHTTPClient
import KubeController
import NIOCore
import NIOHTTP1

/// Fetches all files of a model from a store, over several connections at once: large files in stretches, small ones
/// whole. What an earlier process left is used, as far as it is sure.
struct Transfer {
    /// Stretches are not shorter than this, so that requests are few.
    static let shortestStretch: Int64 = 16 << 20

    let store: any ModelStore
    /// Of the model, for messages.
    let title: String
    let retrying: Retrying
    let space: DiskSpace
    let meter: ProgressMeter
    let connections: Int

    /// - Parameters:
    ///   - files: with checked names.
    ///   - directory: where the pieces are, or will be.
    /// - Returns: the files in the same order, whole, with their SHA-256.
    /// - Throws: `ModelStorageError`, `FileError` or `CancellationError`; what has arrived stays for the next time.
    func fetch(_ files: [StoredFile], in directory: String) async throws -> [(file: PieceFile, sha256: String)] {
        try FileTree.makeDirectory(directory)
        let journal = try PieceJournal(directory + "/journal")
        let pieces = try files.map { file throws(FileError) in try PieceFile(file, in: directory, journal: journal) }
        try removeOthers(than: pieces, in: directory)
        let had = try recover(pieces, journal)
        try reserve(pieces, had.values.reduce(0, +), in: directory)
        let total = files.reduce(0) { $0 + $1.size }
        meter.begin(.downloading, done: had.values.reduce(0, +), total: total)
        try await fetch(pieces, of: total)
        // What an earlier process left may have been of other contents with the same name.
        let stale = try pieces.filter { file in
            guard had[file.key] ?? 0 > 0, try file.finished() == nil else { return false }
            try file.restart()
            return true
        }
        if !stale.isEmpty { try await fetch(stale, of: total) }
        return try pieces.map { ($0, try digest($0)) }
    }

    private func removeOthers(than files: [PieceFile], in directory: String) throws(FileError) {
        let wanted = Set(files.map(\.key)).union(["journal"])
        for name in try FileTree.names(in: directory) where !wanted.contains(name) {
            try FileTree.remove("\(directory)/\(name)")
        }
    }

    /// - Returns: by file, the bytes that are there.
    private func recover(_ files: [PieceFile], _ journal: PieceJournal) throws -> [String: Int64] {
        let sums = files.compactMap { file in journal.found[file.key].map { (file, $0) } }
        guard !sums.isEmpty else { return [:] }
        let count = sums.reduce(0) { $0 + $1.1.count }
        meter.begin(.verifying, total: Int64(count) * PieceFile.pieceSize)
        var had: [String: Int64] = [:]
        for (file, sums) in sums {
            had[file.key] = try file.recover(sums) { count in
                try Task.checkCancellation()
                meter.advance(count)
            }
        }
        return had
    }

    /// Takes the room for all files before the first byte is fetched.
    private func reserve(_ files: [PieceFile], _ had: Int64, in directory: String) throws {
        let total = files.reduce(0) { $0 + $1.file.size }
        let allocated = files.reduce(0) { $0 + FileTree.allocated($1.path) }
        try space.check(total - max(had, min(allocated, total)), in: directory, for: "fetching \(title)")
        for file in files { try file.reserve() }
    }

    private func fetch(_ files: [PieceFile], of total: Int64) async throws {
        let longest = max(Self.shortestStretch, total / Int64(connections * 4))
        let stretches = files.flatMap { file in file.missing(longest: longest).map { Stretch(file: file, range: $0) } }
        let queue = StretchQueue(stretches)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(connections, stretches.count) {
                group.addTask {
                    while let stretch = queue.next() { try await fetch(stretch) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func fetch(_ stretch: Stretch) async throws {
        var writer = StretchWriter(stretch)
        let name = "\(stretch.file.file.path) of \(title)"
        try await retrying.run(url: name, hindered: meter.hinder) {
            let before = writer.position
            do {
                try await receive(&writer)
            } catch var failure as PassingFailure {
                failure.isFruitful = writer.position > before
                throw failure
            }
        }
    }

    private func receive(_ writer: inout StretchWriter) async throws {
        let file = writer.stretch.file
        let response = try await store.get(file.file, writer.position..<writer.stretch.range.upperBound)
        let range = response.headers.first(name: "Content-Range").flatMap(ContentRange.init)
        let isAsked = range.map { $0.first == writer.position && $0.total ?? file.file.size == file.file.size }
        let isWhole = writer.position == 0 && writer.stretch.range.upperBound == file.file.size
        guard isAsked ?? (response.status.code == 200 && isWhole) else {
            throw ModelStorageError(
                .unreachable, "the server of \(title) does not give the part of \(file.file.path) that it is asked for",
                remedy: "use a server that knows range requests, or fetch it again if the model has changed")
        }
        file.expect(store.checksum(of: file.file, response.headers))
        do {
            for try await part in response.body {
                try Task.checkCancellation()
                try part.withUnsafeReadableBytes { bytes in
                    // SAFETY: the bytes are used within this closure only.
                    try writer.write(bytes)
                }
                meter.advance(Int64(part.readableBytes))
                if writer.isAtEnd { break }
            }
        } catch {
            throw try WebClient.readable(error)
        }
        guard writer.isAtEnd else { throw PassingFailure(reason: "the connection was cut") }
    }

    private func digest(_ file: PieceFile) throws -> String {
        if let sha256 = try file.finished() { return sha256 }
        try file.restart()
        throw ModelStorageError(
            .digestMismatch, "\(file.file.path) of \(title) is not what was promised: its \(file.promise) is wrong",
            remedy: "it was thrown away; try again, and if it stays so ask whoever runs that server")
    }
}
