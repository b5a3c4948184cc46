/// Why a model could not be had: what failed and where, and what to do about it.
package struct ModelStorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A machine-readable word.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let word: String

        /// The URI cannot be read as one.
        package static let invalidURI = Code(word: "InvalidURI")
        /// The server or the disk has no such package, version, path or file.
        package static let notFound = Code(word: "NotFound")
        /// The server refuses to give it: credentials are missing or wrong.
        package static let refused = Code(word: "Refused")
        /// What arrived is not what was promised.
        package static let digestMismatch = Code(word: "DigestMismatch")
        /// The archive is broken.
        package static let corrupt = Code(word: "Corrupt")
        /// The archive tries to write elsewhere, or holds links or devices.
        package static let unsafeArchive = Code(word: "UnsafeArchive")
        /// The disk is full, or would be.
        package static let noSpace = Code(word: "NoSpace")
        /// The server cannot be reached, or failed again and again.
        package static let unreachable = Code(word: "Unreachable")
        /// A file on this machine cannot be read or written.
        package static let unreadable = Code(word: "Unreadable")

        package var description: String { word }
    }

    package var code: Code
    /// What failed, and where.
    package var message: String
    /// What to do about it.
    package var remedy: String

    package init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message): \(remedy)" }
}
