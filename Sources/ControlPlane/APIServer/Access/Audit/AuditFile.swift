import Glibc
import Synchronization

/// A file that is written line by line, and put aside when it is large.
final class AuditFile: Sendable {
    private struct State {
        var descriptor: Int32
        var size: Int
    }

    private let path: String
    private let sizeLimit: Int
    private let backups: Int
    private let state: Mutex<State>

    init(_ path: String, sizeLimit: Int, backups: Int) throws(PrivateFile.Failure) {
        self.path = path
        self.sizeLimit = sizeLimit
        self.backups = backups
        state = Mutex(try Self.open(path))
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    func write(_ line: [UInt8]) throws(PrivateFile.Failure) {
        let result = state.withLock { state in
            Result { () throws(PrivateFile.Failure) in
                if state.size > 0, state.size + line.count > sizeLimit { try rotate(&state) }
                guard PrivateFile.writeAll(line, to: state.descriptor) else {
                    throw PrivateFile.Failure("write", path)
                }
                state.size += line.count
            }
        }
        try result.get()
    }

    /// `log` becomes `log.1`, `log.1` becomes `log.2`, and the last is lost.
    ///
    /// Nothing is renamed before there is a new file to write to.
    private func rotate(_ state: inout State) throws(PrivateFile.Failure) {
        let fresh = path + ".new"
        let next = try Self.open(fresh)
        for number in stride(from: backups, to: 0, by: -1) {
            rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)")
        }
        rename(fresh, path)
        close(state.descriptor)
        state = next
    }

    private static func open(_ path: String) throws(PrivateFile.Failure) -> State {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateFile.Failure("write", path) }
        return State(descriptor: descriptor, size: Int(max(0, lseek(descriptor, 0, SEEK_END))))
    }
}
