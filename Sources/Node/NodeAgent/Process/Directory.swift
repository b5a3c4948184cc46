import Glibc

/// The few things that this room does with directories and small files.
enum Directory {
    /// The names in it, without `.` and `..`, in no order. Empty where it cannot be read.
    static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes it and its parents, for this user alone.
    static func make(_ path: String) throws(PosixError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw PosixError("make directory \(path)")
        }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw PosixError("make directory \(path)") }
    }

    /// Removes it with all that is in it; never follows a link. What cannot be removed stays.
    static func remove(_ path: String) {
        guard unlink(path) != 0, errno == EISDIR || errno == EPERM else { return }
        for name in entries(path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    /// A whole small file; `nil` where it cannot be read.
    static func contents(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var contents: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &bytes, bytes.count)
            if count > 0 { contents += bytes.prefix(count) } else if count == 0 || errno != EINTR { break }
        }
        return contents
    }
}
