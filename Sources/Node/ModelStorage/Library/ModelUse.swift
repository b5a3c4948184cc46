import Glibc
import Synchronization

/// Which models this process has given out. Each is locked in its own directory, so that no process removes it; the lock's
/// time is when the model was used last.
final class ModelUse: Sendable {
    private struct Use {
        var lock: Int32
        var users: Set<String>
    }

    private let uses = Mutex<[String: Use]>([:])

    deinit {
        for use in uses.withLock({ Array($0.values) }) { close(use.lock) }
    }

    /// - Parameters:
    ///   - model: the model's directory, with `reference.json` in it.
    ///   - user: a pod, by its uid; empty for this process, which uses it to its end.
    func begin(_ model: String, by user: String) {
        uses.withLock { uses in
            if uses[model] == nil {
                let lock = Self.open(model)
                guard lock >= 0 else { return }
                flock(lock, LOCK_SH)
                uses[model] = Use(lock: lock, users: [])
            }
            uses[model]?.users.insert(user)
            if let lock = uses[model]?.lock { futimens(lock, nil) }
        }
    }

    /// Lets go of what only others use than these and this process itself.
    func keep(users: Set<String>) {
        uses.withLock { uses in
            for (model, use) in uses where use.users.isDisjoint(with: users.union([""])) {
                close(use.lock)
                uses[model] = nil
            }
        }
    }

    /// Runs `body` if no process uses the model; `false` if one does.
    static func whileUnused(_ model: String, _ body: () throws -> Void) rethrows -> Bool {
        let descriptor = open(model)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        try body()
        return true
    }

    /// In seconds since 1970.
    static func lastUsed(_ model: String) -> Int64 {
        var status = stat()
        guard stat("\(model)/used", &status) == 0 || stat("\(model)/reference.json", &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec)
    }

    private static func open(_ model: String) -> Int32 {
        Glibc.open("\(model)/used", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    }
}
