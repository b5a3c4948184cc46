import CPosix
import Glibc

/// A shim that an earlier run of Martlet started, found again: what it runs, and how that goes.
struct KeptShim: Sendable {
    /// `nil` where everything of it has ended meanwhile.
    var shim: Shim?
    var state: ShimState
    /// What the process was started with, as far as the shim knows: its environment, its working directory, its log. Empty
    /// where it has ended.
    var launch: ProcessLaunch

    /// Which start of its container it is: the number of its log.
    var attempt: Int? {
        guard let name = launch.keep?.log.split(separator: "/").last else { return nil }
        return name.hasSuffix(".log") ? Int(name.dropLast(4)) : nil
    }

    /// How long a shim may take to answer, in milliseconds.
    private static let patience: Int32 = 1000

    /// What is kept in `directory`; `nil` where there is nothing, or nothing that could be gone on with.
    static func find(in directory: String) -> KeptShim? {
        guard let state = ShimState.read(in: directory), state.startedAt != nil, state.boot == ShimState.thisBoot else {
            return nil
        }
        guard state.isAlive else {
            guard state.ending != nil else { return nil }
            return KeptShim(shim: nil, state: state, launch: empty)
        }
        guard let launch = launch(of: state.process), let shim = connect(to: state, in: directory) else { return nil }
        // What it says from now on comes by the connection; what it said before is in the file by now.
        guard let latest = ShimState.read(in: directory) else { return nil }
        return KeptShim(shim: shim, state: latest, launch: launch)
    }

    private static var empty: ProcessLaunch {
        ProcessLaunch(command: [], environment: [:], workingDirectory: "/", isConfined: false)
    }

    private static func connect(to state: ShimState, in directory: String) -> Shim? {
        let control = cposix_connect_local(ShimState.socket(in: directory))
        guard control >= 0 else { return nil }
        var (bytes, descriptors) = ([UInt8](repeating: 0, count: 64), [Int32](repeating: -1, count: 3))
        var count: Int32 = 0
        let length = cposix_receive(control, &bytes, bytes.count, &descriptors, 3, &count, patience)
        var streams = descriptors.prefix(Int(count))
        let words = String(decoding: bytes.prefix(max(0, length)), as: UTF8.self).split { $0 == " " || $0 == "\n" }
        let letters = words.count > 1 ? Array(words[1]) : []
        guard words.first == "streams", letters.count == streams.count, cposix_peer(control) == state.process else {
            for descriptor in streams + [control] { close(descriptor) }
            return nil
        }
        var shim = Shim(process: state.process, isChild: false, control: control)
        for letter in letters {
            let stream = streams.removeFirst()
            switch letter {
            case "o": shim.output = stream
            case "e": shim.error = stream
            default: shim.input = stream
            }
        }
        _ = fcntl(control, F_SETFL, fcntl(control, F_GETFL) | O_NONBLOCK)
        return shim
    }

    /// The shim's own command line and environment say what it was started with; nothing else has to be kept, and no
    /// secret comes to a disk.
    private static func launch(of process: pid_t) -> ProcessLaunch? {
        guard let words = strings("/proc/\(process)/cmdline"), let variables = strings("/proc/\(process)/environ")
        else {
            return nil
        }
        var environment: [String: String] = [:]
        for variable in variables {
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        return ProcessLaunch(shimArguments: words.dropFirst(), environment: environment)
    }

    private static func strings(_ path: String) -> [String]? {
        guard let contents = Directory.contents(path), !contents.isEmpty else { return nil }
        return contents.dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
