import Glibc

/// A system call that failed.
struct PosixError: Error, Hashable, CustomStringConvertible {
    /// What was tried, for people: `open /a/b`.
    var call: String
    var code: Int32

    init(_ call: String, _ code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    /// The system's words for `code`.
    static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

    var description: String { "\(call): \(Self.message(code))" }
}
