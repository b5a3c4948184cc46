import Crypto

/// A file as far as it was fetched, in a directory of its own: `content`, and `journal.json` that says how much of it
/// is sure. The journal is written every few megabytes; bytes after the last entry are fetched again by the next process.
///
/// Not to be shared: it belongs to the one task that fetches.
final class PartialFile {
    static let checkpointInterval: Int64 = 4 << 20

    private let directory: String
    private let content: LocalFile
    private var hasher = SHA256()
    private(set) var journal: DownloadJournal
    /// Bytes that are on the disk and in the digest.
    private(set) var length: Int64 = 0

    var path: String { Self.contentPath(directory) }
    private static func contentPath(_ directory: String) -> String { directory + "/content" }
    private var journalPath: String { directory + "/journal.json" }

    /// Opens what an earlier fetch of `url` left, as far as it is what its journal says; else begins anew.
    ///
    /// - Parameter verifying: told how many bytes were read of how many.
    init(directory: String, url: String, verifying: (Int64, Int64) throws -> Void) throws {
        self.directory = directory
        try FileTree.makeDirectory(directory)
        content = try LocalFile(writing: Self.contentPath(directory))
        journal = DownloadJournal(url: url)
        let bytes = (try? FileTree.read(directory + "/journal.json")) ?? []
        if let found = DownloadJournal(parsing: bytes), found.url == url, try verify(found, verifying) {
            journal = found
            length = found.verified
            try content.truncate(to: length)
        } else {
            try restart()
        }
    }

    private func verify(_ found: DownloadJournal, _ verifying: (Int64, Int64) throws -> Void) throws -> Bool {
        guard try content.size() >= found.verified else { return false }
        var offset: Int64 = 0
        while offset < found.verified {
            try verifying(offset, found.verified)
            let bytes = try content.read(Int(min(1 << 20, found.verified - offset)), at: offset)
            guard !bytes.isEmpty else { return false }
            hasher.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return hexadecimal(hasher.finalize()) == found.digest
    }

    /// Forgets all bytes. What is fetched from now on has these validators.
    func restart(entityTag: String? = nil, lastModified: String? = nil, total: Int64? = nil) throws {
        hasher = SHA256()
        length = 0
        journal = DownloadJournal(url: journal.url)
        journal.entityTag = entityTag
        journal.lastModified = lastModified
        journal.total = total
        try content.truncate(to: 0)
        try checkpoint()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        try content.write(bytes, at: length)
        hasher.update(bufferPointer: bytes)
        length += Int64(bytes.count)
        if length - journal.verified >= Self.checkpointInterval { try checkpoint() }
    }

    /// Writes down that all bytes so far are sure.
    func checkpoint() throws {
        journal.verified = length
        journal.digest = digest
        try FileTree.write(journal.bytes, to: journalPath)
    }

    /// SHA-256 of all bytes so far, in hexadecimal digits.
    var digest: String { hexadecimal(hasher.finalize()) }

    func sync() throws { try content.sync() }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
