import Crypto
import Glibc

/// A model that is being put together, out of everybody's sight, until `publish` makes it appear as a whole.
///
/// Not to be shared: it belongs to the one task that fetches.
final class Staging {
    private let layout: CacheLayout
    private let source: ModelSource
    private var files: [ModelReference.File] = []
    private var directories: Set<String> = []

    private var directory: String { layout.partial(source) + "/staging" }
    private var content: String { directory + "/content" }

    /// Begins anew, whatever an interrupted fetch left.
    init(_ source: ModelSource, in layout: CacheLayout) throws(FileError) {
        self.layout = layout
        self.source = source
        try FileTree.remove(directory)
        try FileTree.makeDirectory(content)
        try FileTree.makeDirectory(layout.directory + "/blobs")
        try FileTree.makeDirectory(layout.directory + "/models")
        directories = [content]
    }

    /// - Parameter path: relative and safe (`SafePath`).
    func addDirectory(_ path: String) throws(FileError) {
        guard !path.isEmpty else { return }
        try FileTree.makeDirectory("\(content)/\(path)")
        directories.insert("\(content)/\(path)")
    }

    /// Writes a file of the model from the pieces that `next` gives, of which an empty one is the end.
    func addFile(_ path: String, next: () throws -> [UInt8]) throws {
        try addParent(of: path)
        let target = "\(content)/\(path)"
        var hasher = SHA256()
        var size: Int64 = 0
        do {
            let file = try LocalFile(writing: target, exclusively: true)
            while true {
                let piece = try next()
                if piece.isEmpty { break }
                try piece.withUnsafeBytes { try file.write($0, at: size) }
                hasher.update(data: piece)
                size += Int64(piece.count)
            }
            try file.setMode(0o444)
            try file.sync()
        }
        try share(.init(path: path, size: size, sha256: hexadecimal(hasher.finalize())))
    }

    /// Moves a file that is whole into the model.
    func adopt(_ existing: PartialFile, as name: String) throws {
        try existing.sync()
        let target = "\(content)/\(name)"
        try FileTree.move(existing.path, to: target)
        guard chmod(target, 0o444) == 0 else { throw FileError("cannot write", target) }
        try share(.init(path: name, size: existing.length, sha256: existing.digest))
    }

    private func addParent(of path: String) throws(FileError) {
        if let slash = path.lastIndex(of: "/") { try addDirectory(String(path[..<slash])) }
    }

    /// Keeps the contents of a file once, however many models have it.
    private func share(_ file: ModelReference.File) throws(FileError) {
        files.append(file)
        let target = "\(content)/\(file.path)"
        let blob = layout.blob(file.sha256)
        if link(target, blob) == 0 { return }
        // Where the disk knows no hard links, each model has its own copy.
        guard errno == EEXIST, FileTree.size(blob) == file.size else { return }
        let draft = directory + "/link"
        guard link(blob, draft) == 0 else { return }
        try FileTree.move(draft, to: target)
    }

    /// Makes the model appear, in place of a damaged one if there is one, and removes what the fetch needed.
    func publish(at moment: String) throws(FileError) {
        let reference = ModelReference(uri: source.title, fetched: moment, files: files)
        try FileTree.write(reference.bytes, to: directory + "/reference.json")
        for path in directories { try FileTree.sync(path) }
        try FileTree.sync(directory)
        try FileTree.remove(layout.model(source))
        try FileTree.move(directory, to: layout.model(source))
        try FileTree.sync(layout.directory + "/models")
        try FileTree.remove(layout.partial(source))
    }
}
