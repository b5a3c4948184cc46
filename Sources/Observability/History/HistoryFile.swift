import Glibc

/// The few system calls that the history makes. What cannot be written is not kept, and nothing else suffers from it.
enum HistoryFile {
    /// - Returns: `nil` where not all of it is there.
    static func read(_ path: String, from offset: Int, count: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            done = 0
            while done < count {
                let got = pread(file, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                guard got > 0 else { return }
                done += got
            }
        }
        return bytes.count == count ? bytes : nil
    }

    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Puts a whole file in the place of another one, or of none.
    static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = append(bytes, to: file)
        close(file)
        return isWritten && rename(draft, path) == 0
    }

    static func append(_ bytes: [UInt8], to file: Int32) -> Bool {
        var done = 0
        return bytes.withUnsafeBytes { buffer in
            while done < buffer.count {
                let put = write(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                guard put > 0 else { return false }
                done += put
            }
            return true
        }
    }

    static func names(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            // SAFETY: d_name ends with a zero.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
