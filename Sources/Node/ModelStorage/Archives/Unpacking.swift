import CZlib

/// Unpacks archives into a model that is being put together.
struct Unpacking {
    /// No model shrinks to a hundredth; what does so was made to fill disks.
    private static let largestRatio: Int64 = 100

    let meter: ProgressMeter
    let space: DiskSpace
    /// What any archive may grow by, however small it is.
    var allowance: Int64 = 256 << 20

    /// Unpacks an archive whose name says that it is one (.zip, .tar.gz, .tgz, .tar); `false` where it does not.
    ///
    /// - Throws: `ArchiveError`, `FileError`, `ModelStorageError`.
    func unpack(_ archivePath: String, name: String, into staging: Staging) throws -> Bool {
        let small = name.lowercased()
        if small.hasSuffix(".zip") {
            try unpackZip(archivePath, path: "", title: name, into: staging)
        } else if small.hasSuffix(".tar.gz") || small.hasSuffix(".tgz") || small.hasSuffix(".tar") {
            try unpackTar(archivePath, title: name, into: staging)
        } else {
            return false
        }
        return true
    }

    /// Unpacks what is at `path` in a zip file: a file, which keeps its last name, or the contents of a directory; all
    /// of it where `path` is empty.
    ///
    /// - Throws: `ArchiveError`, `FileError`, `ModelStorageError`.
    func unpackZip(_ archivePath: String, path: String, title: String, into staging: Staging) throws {
        let archive = try ZipArchive(archivePath)
        let members = Self.members(of: archive, at: path)
        guard !members.isEmpty else { throw Self.missing(path, archive, title) }
        let total = members.reduce(0) { $0 + $1.entry.size }
        try space.check(total, in: archivePath, for: "unpacking \(title)")
        meter.begin(.unpacking, total: total)
        var done: Int64 = 0
        for member in members {
            if member.entry.isDirectory {
                try staging.addDirectory(member.name)
            } else {
                try unpack(member.entry, of: archive, as: member.name, into: staging, &done)
            }
        }
    }

    /// Unpacks a whole tar file, packed by gzip or not.
    ///
    /// - Throws: `ArchiveError`, `FileError`, `ModelStorageError`.
    func unpackTar(_ archivePath: String, title: String, into staging: Staging) throws {
        meter.begin(.unpacking)
        var done: Int64 = 0
        try TarArchive(archivePath).forEach { entry, next in
            if entry.isDirectory { return try staging.addDirectory(entry.path) }
            try space.check(entry.size, in: archivePath, for: "unpacking \(title)")
            try staging.addFile(entry.path) {
                try Task.checkCancellation()
                let piece = try next()
                done += Int64(piece.count)
                try check(done, of: archivePath)
                meter.reach(done)
                return piece
            }
        }
    }

    private func check(_ unpacked: Int64, of archivePath: String) throws {
        let size = FileTree.size(archivePath) ?? 0
        guard unpacked > allowance + size * Self.largestRatio else { return }
        throw ArchiveError.unsafe("it grows to more than \(Self.largestRatio) times its size")
    }

    /// Unpacks what an image's layer has below a directory, as far as no layer above hides it. What is elsewhere in the
    /// image, links and devices too, is passed over.
    ///
    /// - Throws: `ArchiveError`, `FileError`, `ModelStorageError`.
    func unpackLayer(
        _ archivePath: String, below top: String, title: String, cover: inout LayerCover, into staging: Staging
    ) throws {
        meter.begin(.unpacking)
        var count: Int64 = 0
        let archive = try TarArchive(
            archivePath, where: { $0 == top || $0.hasPrefix(top + "/") || $0.hasPrefix(".wh.") })
        try archive.forEach { entry, next in
            if cover.addWhiteout(entry.path) || !entry.path.hasPrefix(top + "/") {
                while try !next().isEmpty {}
                return
            }
            let path = String(entry.path.dropFirst(top.count + 1))
            let isShown = cover.shows(entry.path)
            if entry.isDirectory {
                if isShown { try staging.addDirectory(path) }
                return
            }
            cover.add(entry.path)
            guard isShown else {
                while try !next().isEmpty {}
                return
            }
            try space.check(entry.size, in: archivePath, for: "unpacking \(title)")
            try staging.addFile(path) {
                try Task.checkCancellation()
                let piece = try next()
                count += Int64(piece.count)
                try check(count, of: archivePath)
                meter.reach(count)
                return piece
            }
        }
        cover.endLayer()
    }

    private static func members(of archive: ZipArchive, at path: String) -> [(entry: ZipArchive.Entry, name: String)] {
        if path.isEmpty { return archive.entries.map { ($0, $0.path) } }
        if let file = archive.entries.first(where: { $0.path == path && !$0.isDirectory }) {
            return [(file, String(path.split(separator: "/").last ?? "model"))]
        }
        return archive.entries.filter { $0.path.hasPrefix(path + "/") }.map {
            ($0, String($0.path.dropFirst(path.count + 1)))
        }
    }

    private static func missing(_ path: String, _ archive: ZipArchive, _ title: String) -> ModelStorageError {
        let names = archive.entries.filter { !$0.isDirectory && !$0.path.contains(".dist-info/") }.map(\.path)
        let nearest = Nearest.sorted(names, to: path).prefix(5).joined(separator: ", ")
        return ModelStorageError(
            .notFound, "\(title) holds no \(path)", remedy: nearest.isEmpty ? "it is empty" : "it holds \(nearest)")
    }

    private func unpack(
        _ entry: ZipArchive.Entry, of archive: ZipArchive, as name: String, into staging: Staging, _ done: inout Int64
    ) throws {
        var contents = try ZipContents(entry, in: archive)
        let before = done
        try staging.addFile(name) {
            try Task.checkCancellation()
            let piece = try contents.next()
            try check(before + contents.count, of: archive.file.path)
            meter.reach(before + contents.count)
            return piece
        }
        done += entry.size
    }
}

/// Gives out the contents of a zip entry, and holds them to the size and the sum that the directory promises.
private struct ZipContents {
    private static let pieceSize = 1 << 20

    private let entry: ZipArchive.Entry
    private var stored: FileSlice
    private let inflated: InflateReader?
    private var sum: UInt = 0
    private(set) var count: Int64 = 0

    init(_ entry: ZipArchive.Entry, in archive: ZipArchive) throws {
        self.entry = entry
        stored = try archive.data(of: entry)
        inflated = entry.method == 8 ? try InflateReader(stored, format: .raw) : nil
    }

    /// The next bytes; none at the end.
    mutating func next() throws -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        let got = try piece.withUnsafeMutableBytes { buffer in
            if let inflated { return try inflated.read(into: buffer) }
            return try stored.read(into: buffer)
        }
        piece.removeLast(piece.count - got)
        count += Int64(got)
        sum = crc32(sum, piece, UInt32(got))
        if count > entry.size || (got == 0 && (count != entry.size || UInt32(truncatingIfNeeded: sum) != entry.crc32)) {
            throw ArchiveError.corrupt("\(entry.path) is not what its directory promises")
        }
        return piece
    }
}
