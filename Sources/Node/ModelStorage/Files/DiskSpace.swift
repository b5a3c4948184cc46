/// Whether what is to be written fits on the disk.
struct DiskSpace: Sendable {
    /// Left free for everything else.
    static let reserve: Int64 = 64 << 20

    /// Free bytes of the disk that holds a path; `nil` if that cannot be told.
    var free: @Sendable (String) -> Int64?

    /// - Throws: `ModelStorageError` with code `NoSpace`.
    func check(_ needed: Int64, in directory: String, for what: String) throws(ModelStorageError) {
        guard needed > 0, let free = free(directory), free < needed + Self.reserve else { return }
        throw Self.full(
            "\(what) needs \(ByteText.decimal(needed)) in \(directory), which has \(ByteText.decimal(free)) free")
    }

    static func full(_ message: String) -> ModelStorageError {
        ModelStorageError(.noSpace, message, remedy: "make room, or give Martlet a --data-dir on a larger disk")
    }
}
