import Glibc

/// The control groups of one container: directories to be in, and what is written into their files. The shim makes, enters
/// and removes them.
struct ControlGroups: Sendable, Hashable {
    var directories: [String] = []
    /// `FILE=VALUE`.
    var settings: [String] = []
    /// The file whose line `oom_kill` counts processes that were killed.
    var outOfMemory: String?

    /// - Parameter isEntered: by a command beside the container's main one.
    func arguments(isEntered: Bool) -> [String] {
        var words = directories.flatMap { ["--cgroup", $0] }
        guard !isEntered else { return words }
        words += settings.flatMap { ["--cgroup-set", $0] }
        if let outOfMemory { words += ["--cgroup-oom", outOfMemory] }
        return words
    }
}

/// What a container may use at most.
struct Limits: Sendable, Hashable {
    /// Bytes.
    var memory: Int?
    /// Processors.
    var cpu: Double?
    /// Processes and threads: a bound on what a fork bomb does, far above what servers need.
    var processes = 8192
}

/// The control groups that this machine lets Martlet make.
enum ControlGroupTree: Sendable, Hashable {
    /// Version 2: all controllers in one directory.
    case unified(String)
    /// Version 1: a directory for each controller.
    case separate([String: String])
    /// None; the reason, for people.
    case none(String)

    /// Bytes a second, ticks and the like are Linux' defaults.
    private static let period = 100_000

    /// The groups of a container; empty where there are none to be had.
    func groups(_ name: String, _ limits: Limits) -> ControlGroups {
        switch self {
        case .none: return ControlGroups()
        case .unified(let root):
            let directory = "\(root)/\(name)"
            var groups = ControlGroups(
                directories: [directory], settings: ["\(directory)/pids.max=\(limits.processes)"],
                outOfMemory: "\(directory)/memory.events")
            if let memory = limits.memory { groups.settings.append("\(directory)/memory.max=\(memory)") }
            if let quota = Self.quota(limits) { groups.settings.append("\(directory)/cpu.max=\(quota) \(Self.period)") }
            return groups
        case .separate(let roots):
            var groups = ControlGroups()
            for (controller, root) in roots.sorted(by: { $0.key < $1.key }) {
                // Coming into a group costs milliseconds: only into those that limit something.
                let settings = Self.settings(controller, limits)
                guard !settings.isEmpty else { continue }
                let directory = "\(root)/\(name)"
                groups.directories.append(directory)
                groups.settings += settings.map { "\(directory)/\($0)" }
                if controller == "memory" { groups.outOfMemory = "\(directory)/memory.oom_control" }
            }
            return groups
        }
    }

    private static func settings(_ controller: String, _ limits: Limits) -> [String] {
        switch controller {
        case "memory": limits.memory.map { ["memory.limit_in_bytes=\($0)"] } ?? []
        case "cpu": quota(limits).map { ["cpu.cfs_quota_us=\($0)"] } ?? []
        case "pids": ["pids.max=\(limits.processes)"]
        default: []
        }
    }

    /// Microseconds of processor time a period; the kernel's least is a millisecond.
    private static func quota(_ limits: Limits) -> Int? {
        limits.cpu.map { max(1000, Int(($0 * Double(period)).rounded())) }
    }

    /// Whether a limit of memory is kept to.
    var limitsMemory: Bool {
        switch self {
        case .unified: true
        case .separate(let roots): roots["memory"] != nil
        case .none: false
        }
    }
}

extension ControlGroupTree {
    /// Looks what there is, and makes what is common to all pods.
    ///
    /// - Parameter root: for tests.
    static func find(root: String = "/sys/fs/cgroup") -> ControlGroupTree {
        let own = ownGroups()
        if access("\(root)/cgroup.controllers", F_OK) == 0 { return unified(root, own[""] ?? "/") }
        var roots: [String: String] = [:]
        for controller in ["cpu", "memory", "pids"] {
            // Below our own group where that is seen, so that our limits are theirs too.
            let places = ["\(root)/\(controller)\(own[controller] ?? "")", "\(root)/\(controller)"]
            roots[controller] = places.first { isWritable($0) }
        }
        return roots.isEmpty ? .none("no control groups at \(root) can be written to by this user") : .separate(roots)
    }

    /// As root, a group of Martlet's own below the machine's; otherwise our own, where it was delegated to us.
    private static func unified(_ root: String, _ own: String) -> ControlGroupTree {
        // A service with DelegateSubgroup=martlet has its processes one level below what is delegated.
        let delegated = own.hasSuffix("/martlet") ? String(own.dropLast("/martlet".count)) : own
        let parent = geteuid() == 0 || delegated == "/" ? root : root + delegated
        let directory = "\(parent)/martlet-pods"
        if mkdir(directory, 0o755) != 0, errno != EEXIST {
            return .none("\(directory) cannot be made: \(PosixError.message(errno)); under systemd: Delegate=yes")
        }
        for place in [parent, directory] {
            guard write("+memory +cpu +pids", to: "\(place)/cgroup.subtree_control") else {
                return .none(
                    "the controllers of \(place) cannot be given on: \(PosixError.message(errno)); under systemd: "
                        + "Delegate=yes and DelegateSubgroup=martlet")
            }
        }
        return .unified(directory)
    }

    private static func isWritable(_ directory: String) -> Bool {
        let probe = "\(directory)/martlet-probe-\(getpid())"
        guard mkdir(probe, 0o755) == 0 else { return false }
        rmdir(probe)
        return true
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        let bytes = Array(text.utf8)
        return Glibc.write(file, bytes, bytes.count) == bytes.count
    }

    /// Lines of /proc/self/cgroup, `4:memory:/a/b`, by controller; version 2's controller is empty.
    private static func ownGroups() -> [String: String] {
        let text = Directory.contents("/proc/self/cgroup").map { String(decoding: $0, as: UTF8.self) } ?? ""
        var groups: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(controller)] = String(parts[2])
            }
        }
        return groups
    }
}
