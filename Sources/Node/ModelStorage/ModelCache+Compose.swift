import Crypto
import Glibc

extension ModelCache {
    /// A part of a model that is put together from several.
    package struct Part: Sendable, Hashable {
        /// Absolute; as `acquire` gave it.
        package var directory: String
        /// Where it goes; empty for the top.
        package var subpath: String

        package init(directory: String, subpath: String) {
            self.directory = directory
            self.subpath = subpath
        }
    }

    /// One directory with all parts. A single part at the top is used where it is; else each file is a hard link, or a
    /// symbolic one where it is on another disk.
    ///
    /// - Throws: `ModelStorageError` where two parts have the same file.
    package func compose(_ parts: [Part]) throws -> String {
        if parts.count == 1, parts[0].subpath.isEmpty { return parts[0].directory }
        return try readable { try composed(parts) }
    }

    /// Found by what it is made of, so that a directory that a server uses is never changed.
    private func composed(_ parts: [Part]) throws -> String {
        let inodes = parts.map { "\($0.subpath)=\($0.directory)=\(FileTree.identity($0.directory))" }
        let name = String(hexadecimal(SHA256.hash(data: Array(inodes.joined(separator: "\n").utf8))).prefix(32))
        let target = "\(layout.directory)/composed/\(name)"
        if FileTree.kind(target) == .directory { return target }
        let draft = "\(target).\(UInt64.random(in: 0...UInt64.max))"
        try FileTree.makeDirectory(draft)
        for part in parts {
            let place = part.subpath.isEmpty ? draft : "\(draft)/\(part.subpath)"
            try FileTree.makeDirectory(place)
            try link(part.directory, into: place)
        }
        do { try FileTree.move(draft, to: target) } catch {
            // Another pod's was first.
            try FileTree.remove(draft)
            guard FileTree.kind(target) == .directory else { throw error }
        }
        return target
    }

    private func link(_ source: String, into target: String) throws {
        for name in try FileTree.names(in: source) {
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            if FileTree.kind(from) == .directory {
                try FileTree.makeDirectory(to)
                try link(from, into: to)
            } else if Glibc.link(from, to) != 0, symlink(from, to) != 0 {
                guard errno == EEXIST else { throw FileError("cannot write", to) }
                throw ModelStorageError(
                    .corrupt, "two of the storageUris have a file \(name)", remedy: "give them different mountPaths")
            }
        }
    }
}
