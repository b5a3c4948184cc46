import Glibc

/// Where a pod's things are on this machine: `<data-dir>/pods/<uid>/`.
struct PodDirectories: Sendable {
    /// `<data-dir>/pods`.
    var root: String
    /// Outlives pods.
    var cacheRoot: String
    /// For pods' temporary files. Short: model servers make unix sockets in it, whose paths end at 107 bytes.
    var temporaryRoot: String

    init(dataDirectory: String, cacheRoot: String? = nil, temporaryRoot: String = "/tmp") {
        root = "\(dataDirectory)/pods"
        self.cacheRoot = cacheRoot ?? "\(dataDirectory)/computed"
        self.temporaryRoot = temporaryRoot
    }

    /// The uids of pods that have a directory: of this run or an earlier one.
    var pods: Set<String> { Set(Directory.entries(root)) }

    /// A name that no container can have.
    func home(_ uid: String) -> String { "\(root)/\(uid)/.home" }
    func temporary(_ uid: String) -> String { "\(temporaryRoot)/martlet-\(uid)" }

    /// Makes the directory of a volume, in memory where the machine has a place for that.
    func makeVolume(_ name: String, of uid: String, inMemory: Bool) throws(PosixError) -> String {
        // No container can have this name.
        var path = "\(root)/\(uid)/.volumes/\(name)"
        if inMemory, access("/dev/shm", W_OK) == 0 {
            try makeTemporary(memory(uid))
            path = "\(memory(uid))/\(name)"
        }
        try Directory.make(path)
        return path
    }

    /// One for each model and image, by a hash (FNV-1a) of both.
    func cache(image: String, model: String) -> String {
        let hash = "\(image)\n\(model)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return "\(cacheRoot)/\(String(hash, radix: 16))"
    }

    /// Whether a volume's directory is the pod's own, and no one else's.
    func isOwn(_ path: String, of uid: String) -> Bool {
        path.hasPrefix("\(root)/\(uid)/") || path.hasPrefix(memory(uid) + "/")
    }

    private func memory(_ uid: String) -> String { "/dev/shm/martlet-\(uid)" }

    func log(pod uid: String, container: String, attempt: Int) -> String {
        "\(root)/\(uid)/\(container)/\(attempt).log"
    }

    /// Where the shim of a container keeps its state.
    func container(pod uid: String, _ name: String) -> String { "\(root)/\(uid)/\(name)" }

    /// Removes what shims noted of themselves.
    func forgetProcesses(of uid: String, _ containers: [String]) {
        for name in containers { unlink(ShimState.file(in: container(pod: uid, name))) }
    }

    /// The starts of a container whose logs are kept, in order.
    func attempts(pod uid: String, container: String) -> [Int] {
        Directory.entries("\(root)/\(uid)/\(container)")
            .compactMap { $0.hasSuffix(".log") ? Int($0.dropLast(4)) : nil }.sorted()
    }

    /// Makes the directories of one start of a container, and removes the logs of all starts but the last.
    func prepare(pod uid: String, container: String) throws(PosixError) {
        for path in ["\(root)/\(uid)/\(container)", home(uid)] { try Directory.make(path) }
        try makeTemporary(temporary(uid))
        for attempt in attempts(pod: uid, container: container).dropLast() {
            let path = log(pod: uid, container: container, attempt: attempt)
            for file in LogFile.generations(path) { unlink(file) }
        }
    }

    /// Removes all there is of a pod.
    func remove(_ uid: String) {
        guard !uid.isEmpty, !uid.contains("/"), uid != ".." else { return }
        Directory.remove("\(root)/\(uid)")
        Directory.remove(temporary(uid))
        Directory.remove(memory(uid))
    }

    /// In a directory that others can write to, a name that is taken must be ours.
    private func makeTemporary(_ path: String) throws(PosixError) {
        if mkdir(path, 0o700) == 0 { return }
        let code = errno
        var status = stat()
        guard code == EEXIST, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
        else { throw PosixError("make directory \(path)", code) }
    }
}
