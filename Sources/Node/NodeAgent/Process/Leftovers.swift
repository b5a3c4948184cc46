import CPosix
import Glibc

/// Processes that an earlier run of Martlet left behind. There are none unless both Martlet and a shim were killed at
/// once where there are no pid namespaces; they are known by the pod's uid in their environment.
enum Leftovers {
    /// The variable that every process of a pod carries.
    static let marker = "MARTLET_POD_UID"

    /// Kills every process that carries the uid of one of `pods`, and waits until they are gone.
    ///
    /// - Parameter patience: how long to wait; a process that hangs in the kernel cannot be waited for.
    /// - Returns: how many there were.
    static func kill(pods: Set<String>, patience: Duration = .seconds(5)) -> Int {
        guard !pods.isEmpty else { return 0 }
        var killed: [Int32] = []
        defer { for pidfd in killed { close(pidfd) } }
        for process in Directory.entries("/proc").compactMap({ pid_t($0) }) where process != getpid() {
            // The descriptor first: what is read next is of the process that the descriptor stands for.
            let pidfd = cposix_pidfd_open(process)
            guard pidfd >= 0 else { continue }
            if let pod = pod(of: process), pods.contains(pod), cposix_pidfd_send_signal(pidfd, SIGKILL) == 0 {
                killed.append(pidfd)
            } else {
                close(pidfd)
            }
        }
        waitForEnd(of: killed, patience)
        return killed.count
    }

    private static func pod(of process: pid_t) -> String? {
        let prefix = Array("\(marker)=".utf8)
        guard let environment = Directory.contents("/proc/\(process)/environ") else { return nil }
        return environment.split(separator: 0).first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// A pidfd is readable once its process has ended.
    private static func waitForEnd(of processes: [Int32], _ patience: Duration) {
        let deadline = ContinuousClock.now + patience
        var waiting = processes.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while !waiting.isEmpty {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0, poll(&waiting, nfds_t(waiting.count), Int32(left.rounded(.up))) != 0 else { return }
            waiting.removeAll { $0.revents != 0 }
        }
    }
}
