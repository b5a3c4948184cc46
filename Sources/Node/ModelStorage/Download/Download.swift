import AsyncHTTPClient
import KubeController
import NIOCore
import NIOHTTP1

/// Fetches one file from a web server to this machine: going on where an earlier try or process stopped, trying again
/// when the connection is cut, and checking the digest of the whole.
struct Download {
    /// Bytes gathered before they are written: what a fetch holds in memory.
    private static let bufferSize = 1 << 20

    let web: WebClient
    let retrying: Retrying
    let space: DiskSpace
    let meter: ProgressMeter

    /// - Parameter directory: where the partial file is, or will be.
    /// - Returns: the whole file, whose digest is right.
    /// - Throws: `ModelStorageError`, `FileError`, or `CancellationError`; what has arrived stays for the next time.
    func fetch(_ remote: RemoteFile, in directory: String) async throws -> PartialFile {
        let file = try PartialFile(directory: directory, url: remote.address.title) { done, total in
            try Task.checkCancellation()
            if done == 0 { meter.begin(.verifying, total: total) }
            meter.reach(done)
        }
        let hadBytes = file.length > 0
        meter.begin(.downloading, done: file.length, total: file.journal.total)
        try await transfer(remote, file)
        if matches(remote, file) { return file }
        // What an earlier process left may have been of another file. What comes in one go is what the server has.
        try file.restart()
        if hadBytes {
            try await transfer(remote, file)
            if matches(remote, file) { return file }
            try file.restart()
        }
        throw ModelStorageError(
            .digestMismatch,
            "\(remote.title) from \(remote.address.title) is not what was promised: its SHA-256 is wrong",
            remedy: "it was thrown away; try again, and if it stays so ask whoever runs that server")
    }

    private func matches(_ remote: RemoteFile, _ file: PartialFile) -> Bool {
        remote.sha256.map { $0 == file.digest } ?? true
    }

    /// Fetches until the file is whole.
    private func transfer(_ remote: RemoteFile, _ file: PartialFile) async throws {
        defer { try? file.checkpoint() }
        try await retrying.run(url: remote.address.title, hindered: meter.hinder) {
            if let total = file.journal.total, file.length == total, total > 0 { return }
            let before = file.length
            do {
                try await request(remote, file)
            } catch var failure as PassingFailure {
                failure.isFruitful = file.length > before
                throw failure
            }
        }
    }

    private func request(_ remote: RemoteFile, _ file: PartialFile) async throws {
        // Without a digest and a validator nothing says that the rest would belong to what is there.
        if remote.sha256 == nil, file.journal.validator == nil, file.length > 0 { try file.restart() }
        var headers: [(String, String)] = [("Accept-Encoding", "identity")]
        if file.length > 0 {
            headers.append(("Range", "bytes=\(file.length)-"))
            if let validator = file.journal.validator { headers.append(("If-Range", validator)) }
        }
        let response = try await web.send(
            WebRequest(
                address: remote.address, headers: headers + remote.headers, followsRedirects: remote.headers.isEmpty))
        switch response.status.code {
        case 200: try restart(file, response, remote)
        case 206: try resume(file, response)
        case 416 where file.length > 0: return try checkEnd(file, response)
        default: throw ResponseFailure.error(response, remote.title, remote.address.title)
        }
        let left = file.journal.total.map { $0 - file.length } ?? 0
        try space.check(left, in: file.path, for: "fetching \(remote.title)")
        meter.begin(.downloading, done: file.length, total: file.journal.total)
        try await receive(response, file)
    }

    private func restart(_ file: PartialFile, _ response: HTTPClientResponse, _ remote: RemoteFile) throws {
        try file.restart(
            entityTag: response.headers.first(name: "ETag"),
            lastModified: response.headers.first(name: "Last-Modified"),
            total: response.headers.first(name: "Content-Length").flatMap { Int64($0) })
    }

    /// Checks that the part that comes is the one that was asked for, of the same file.
    private func resume(_ file: PartialFile, _ response: HTTPClientResponse) throws {
        let range = ContentRange(response.headers.first(name: "Content-Range") ?? "")
        let tag = response.headers.first(name: "ETag")
        guard let range, range.first == file.length, file.journal.total == nil || range.total == file.journal.total,
            tag == nil || file.journal.entityTag == nil || tag == file.journal.entityTag
        else {
            try file.restart()
            throw PassingFailure(reason: "the file changed on the server")
        }
    }

    /// 416: there is nothing after what we have. If it is the whole, good; else the file has shrunk.
    private func checkEnd(_ file: PartialFile, _ response: HTTPClientResponse) throws {
        let total = response.headers.first(name: "Content-Range").flatMap { ContentRange($0)?.total }
        if total == file.length { return }
        try file.restart()
        throw PassingFailure(reason: "the file changed on the server")
    }

    private func receive(_ response: HTTPClientResponse, _ file: PartialFile) async throws {
        var buffer = ByteBuffer()
        do {
            for try await part in response.body {
                try Task.checkCancellation()
                buffer.writeImmutableBuffer(part)
                if buffer.readableBytes >= Self.bufferSize { try flush(&buffer, file) }
            }
        } catch {
            try flush(&buffer, file)
            throw try WebClient.readable(error)
        }
        try flush(&buffer, file)
        if let total = file.journal.total, file.length != total {
            throw PassingFailure(reason: "the connection ended after \(file.length) of \(total) bytes")
        }
    }

    private func flush(_ buffer: inout ByteBuffer, _ file: PartialFile) throws {
        try buffer.withUnsafeReadableBytes { bytes in
            // SAFETY: the bytes are used within this closure only.
            try file.append(bytes)
        }
        buffer.clear()
        meter.reach(file.length)
    }
}

/// `Content-Range: bytes 100-199/1000`, or `bytes */1000`.
struct ContentRange: Hashable {
    var first: Int64?
    var total: Int64?

    init?(_ text: String) {
        let words = text.split(whereSeparator: { " /".contains($0) })
        guard words.count == 3, words[0].lowercased() == "bytes" else { return nil }
        first = words[1].split(separator: "-").first.flatMap { Int64($0) }
        total = Int64(words[2])
    }
}
