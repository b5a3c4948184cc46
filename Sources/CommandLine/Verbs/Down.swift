import ArgumentParser
import Glibc
import Platform

struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop Martlet and its model servers. Objects, models and logs stay.")

    @OptionGroup var instance: InstanceOptions

    @Flag(help: "Leave the model servers running; the next `martlet up` goes on with them.")
    var keepPods = false

    @Option(help: "Kill it after so many seconds.")
    var timeout = 40

    func run() async throws {
        let directory = instance.directory
        guard let process = InstanceLock.holder(directory) else {
            let ended = keepPods ? 0 : Leavings.end(in: directory)
            let servers = ended > 0 ? "; ended \(ended) processes of model servers that it left" : ""
            print("Martlet is not running on \(directory.path)\(servers)")
            return
        }
        if keepPods { try Leavings.keepPods(in: directory) }
        guard kill(process, SIGTERM) == 0 else {
            throw CommandFailure("process \(process) cannot be stopped: \(String(cString: strerror(errno)))")
        }
        let progress = ProgressLine(terminal: .standard)
        let deadline = ContinuousClock.now + .seconds(timeout)
        while InstanceLock.holder(directory) == process {
            progress.show("Stopping")
            if ContinuousClock.now > deadline {
                kill(process, SIGKILL)
                progress.finish()
                throw CommandFailure(
                    "Martlet did not stop within \(timeout) s and was killed; its data is safe", code: 4)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        progress.finish()
        print("Martlet is down")
    }
}
