import APIServer

/// Files that users give to a verb.
package enum FileContents {
    /// The bytes of the file at `path`; `nil` where it cannot be read.
    package static func read(_ path: String) -> [UInt8]? { (try? PrivateFile.bytes(path)).flatMap { $0 } }
}
