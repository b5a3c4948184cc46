/// What stands around a confined process, beside its namespaces: see martlet-shim's root.c and harden.c.
struct Sandbox: Sendable, Hashable {
    /// As whom it runs.
    struct User: Sendable, Hashable {
        var user: UInt32
        var group: UInt32
        var groups: [UInt32] = []

        var argument: String { ([user, group] + groups).map(String.init).joined(separator: ":") }

        init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
            self.user = user
            self.group = group
            self.groups = groups
        }

        init?(argument: String) {
            let numbers = argument.split(separator: ":").map { UInt32($0) }
            guard numbers.count >= 2, !numbers.contains(nil) else { return nil }
            let known = numbers.compactMap { $0 }
            self.init(user: known[0], group: known[1], groups: Array(known.dropFirst(2)))
        }
    }

    /// The directory that is its /tmp.
    var temporary: String
    /// Bytes of /dev/shm; `nil` for half of the machine's memory.
    var sharedMemory: Int?
    /// Device files that it sees beside the harmless ones.
    var devices: [String] = []
    /// `nil` for Martlet's own.
    var user: User?

    var arguments: [String] {
        var words = ["--root", "--tmp", temporary]
        if let sharedMemory { words += ["--shm", "\(sharedMemory)"] }
        for device in devices { words += ["--device", device] }
        return words
    }
}
