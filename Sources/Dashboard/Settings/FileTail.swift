import Glibc

/// The end of a file.
enum FileTail {
    /// - Returns: `nil` where it cannot be read.
    static func read(_ path: String, _ count: Int) -> (bytes: [UInt8], isWhole: Bool)? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        let start = max(0, size - count)
        var bytes = [UInt8](repeating: 0, count: size - start)
        let read = pread(file, &bytes, bytes.count, off_t(start))
        guard read >= 0 else { return nil }
        return (Array(bytes.prefix(read)), start == 0)
    }
}
