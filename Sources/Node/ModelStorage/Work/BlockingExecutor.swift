import NIOPosix

/// Runs tasks on NIO's threads for blocking calls. A fetch reads and writes files, computes digests and waits for
/// child processes: on Swift's own few threads it would hold up everything else.
package final class BlockingExecutor: TaskExecutor {
    package static let shared = BlockingExecutor()

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        NIOThreadPool.singleton.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
