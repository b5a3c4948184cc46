/// What is wrong with an archive.
struct ArchiveError: Error, Hashable {
    enum Kind: Sendable { case corrupt, unsafe }

    var kind: Kind
    /// `it ends in the middle`
    var reason: String

    static func corrupt(_ reason: String) -> ArchiveError { ArchiveError(kind: .corrupt, reason: reason) }
    static func unsafe(_ reason: String) -> ArchiveError { ArchiveError(kind: .unsafe, reason: reason) }
}
