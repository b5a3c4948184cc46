import Crypto
import Glibc

/// A model that is being put together, out of everybody's sight, until `publish` makes it appear as a whole.
///
/// Not to be shared: it belongs to the one task that fetches.
final class Staging {
    private let layout: CacheLayout
    private let key: String
    private let uri: String
    private var files: [ModelReference.File] = []
    private var directories: Set<String> = []

    /// The files so far.
    var contents: [ModelReference.File] { files }
    var isEmpty: Bool { files.isEmpty }

    private var directory: String { layout.partial(ofKey: key) + "/staging" }
    private var content: String { directory + "/content" }

    convenience init(_ model: ModelIdentity, in layout: CacheLayout) throws(FileError) {
        try self.init(key: CacheLayout.key(model), uri: model.title, in: layout)
    }

    /// Begins anew, whatever an interrupted fetch left.
    init(key: String, uri: String, in layout: CacheLayout) throws(FileError) {
        self.layout = layout
        self.key = key
        self.uri = uri
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
        try adopt(existing.path, .init(path: name, size: existing.length, sha256: existing.digest))
    }

    /// Moves a file that is whole, and on the disk, into the model.
    ///
    /// - Parameter file: with a path that is relative and safe.
    func adopt(_ existing: String, _ file: ModelReference.File) throws(FileError) {
        try addParent(of: file.path)
        let target = "\(content)/\(file.path)"
        try FileTree.move(existing, to: target)
        guard chmod(target, 0o444) == 0 else { throw FileError("cannot write", target) }
        try share(file)
    }

    /// Takes a file into the model that another model has, or had. `false` where there is none.
    func take(_ file: ModelReference.File) throws(FileError) -> Bool {
        let blob = layout.blob(file.sha256)
        guard FileTree.size(blob) == file.size else { return false }
        try addParent(of: file.path)
        guard link(blob, "\(content)/\(file.path)") == 0 else { return false }
        files.append(file)
        return true
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
        let reference = ModelReference(uri: uri, fetched: moment, files: files)
        try FileTree.write(reference.bytes, to: directory + "/reference.json")
        for path in directories { try FileTree.sync(path) }
        try FileTree.sync(directory)
        try FileTree.remove(layout.directory(ofKey: key))
        try FileTree.move(directory, to: layout.directory(ofKey: key))
        try FileTree.sync(layout.directory + "/models")
        try FileTree.remove(layout.partial(ofKey: key))
    }
}
