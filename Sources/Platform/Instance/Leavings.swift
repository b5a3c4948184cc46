import Glibc
import NodeAgent

/// What a Martlet leaves behind when it ends.
package enum Leavings {
    /// Kills the model servers that run in `directory` though no Martlet does.
    ///
    /// - Returns: how many processes there were.
    package static func end(in directory: DataDirectory) -> Int { NodeAgent.endLeftovers(in: directory.path) }

    /// Tells the Martlet that runs there to leave its pods running when it is stopped next.
    ///
    /// - Throws: `StartFailure` where that cannot be noted.
    package static func keepPods(in directory: DataDirectory) throws(StartFailure) {
        let file = open(directory.keepPods, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StartFailure("cannot write \(directory.keepPods): \(String(cString: strerror(errno)))")
        }
        close(file)
    }
}
