import Glibc

/// Directories, links and small files.
package enum FileTree {
    package enum Kind: Sendable { case file, directory, other }

    /// What is at `path`, following links; `nil` if nothing is.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        default: .other
        }
    }

    /// The bytes of the file at `path`; `nil` if it is no file.
    package static func size(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// What all files below `path` take on the disk; each name of a file that has several counts.
    package static func bytes(below path: String) -> Int64 {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var total: Int64 = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name != ".", name != "..", lstat("\(path)/\(name)", &status) == 0 else { continue }
            total += Int64(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR { total += bytes(below: "\(path)/\(name)") }
        }
        return total
    }

    /// Bytes that the file at `path` takes on the disk.
    static func allocated(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_blocks) * 512 : 0
    }

    /// Differs for two directories that were at the same path one after the other.
    static func identity(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "" }
        return "\(status.st_dev):\(status.st_ino):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// How many names a file has; 0 where there is none.
    static func linkCount(_ path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_nlink) : 0
    }

    static func isSameFile(_ first: String, _ second: String) -> Bool {
        var one = stat()
        var other = stat()
        return stat(first, &one) == 0 && stat(second, &other) == 0 && one.st_ino == other.st_ino
            && one.st_dev == other.st_dev
    }

    /// Makes the directory and those on the way to it.
    package static func makeDirectory(_ path: String) throws(FileError) {
        if mkdir(path, 0o755) == 0 || (errno == EEXIST && kind(path) == .directory) { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw FileError("cannot make the directory", path)
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError("cannot make the directory", path) }
    }

    /// The names in a directory, sorted.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError("cannot read", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                // SAFETY: the kernel ends d_name with a zero within its bytes.
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes what is at `path`, with all that is in it; links are not followed. Nothing there is no error.
    package static func remove(_ path: String) throws(FileError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw FileError("cannot remove", path)
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            if status.st_mode & 0o700 != 0o700 { chmod(path, 0o700) }
            for name in try names(in: path) { try remove("\(path)/\(name)") }
            guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("cannot remove", path) }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError("cannot remove", path) }
        }
    }

    package static func move(_ source: String, to target: String) throws(FileError) {
        guard rename(source, target) == 0 else { throw FileError("cannot write", target) }
    }

    /// Waits until the entries of a directory are on the disk.
    static func sync(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("cannot read", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("cannot write", path) }
    }

    /// The whole of a small file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = try LocalFile(reading: path)
        return try file.read(Int(try file.size()), at: 0)
    }

    /// Replaces a small file whole: a reader sees the old bytes or the new ones.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let draft = path + ".new"
        try overwrite(draft, bytes)
        try move(draft, to: path)
    }

    private static func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let file = try LocalFile(writing: path)
        try file.truncate(to: 0)
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, FileError> in
            // SAFETY: the buffer is used within this closure only.
            do throws(FileError) { return .success(try file.write(buffer, at: 0)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// Bytes that an ordinary user may still write to the disk that holds `path`; `nil` if that cannot be told.
    package static func freeBytes(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
