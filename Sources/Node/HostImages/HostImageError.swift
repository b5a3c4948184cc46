/// Why a host image could not be installed.
package struct HostImageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed, and where.
    package var message: String
    /// What to do about it.
    package var remedy: String
    /// The last lines that the installer wrote; empty where it was not reached.
    package var log: [String]

    package init(_ message: String, remedy: String, log: [String] = []) {
        self.message = message
        self.remedy = remedy
        self.log = log
    }

    package var description: String {
        let head = "\(message): \(remedy)"
        return log.isEmpty ? head : "\(head)\n\(log.joined(separator: "\n"))"
    }
}
