import Glibc

/// What this machine has, and has left, at one moment.
struct MachineReadings: Sendable, Hashable {
    var processors = 1
    /// Bytes.
    var memory = 0
    var memoryAvailable = 0
    /// Bytes of the file system that holds the pods' directories.
    var storage = 0
    var storageAvailable = 0
    var inodes = 0
    var inodesAvailable = 0
    var processLimit = 0
    var processes = 0
    /// Nanoseconds that all processors together were busy since the start of the machine.
    var busy: Int64 = 0

    init() {}

    /// - Parameter directory: on the file system that counts. What cannot be read stays as it is above.
    init(directory: String) {
        processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let lines = Self.lines("/proc/meminfo")
        memory = Self.number(lines, "MemTotal:") * 1_024
        memoryAvailable = Self.number(lines, "MemAvailable:") * 1_024
        var disk = statvfs()
        if statvfs(directory, &disk) == 0 {
            storage = Int(disk.f_blocks) * Int(disk.f_frsize)
            storageAvailable = Int(disk.f_bavail) * Int(disk.f_frsize)
            (inodes, inodesAvailable) = (Int(disk.f_files), Int(disk.f_favail))
        }
        processLimit = Self.lines("/proc/sys/kernel/pid_max").first.flatMap { $0.first }.flatMap { Int($0) } ?? 0
        // `0.10 0.20 0.30 2/345 6789`: 345 threads.
        let load = Self.lines("/proc/loadavg").first?.dropFirst(3).first?.split(separator: "/") ?? []
        processes = load.count == 2 ? Int(load[1]) ?? 0 : 0
        busy = Self.busy(Self.lines("/proc/stat").first ?? [], ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
    }

    /// - Parameter words: `cpu`, then ticks: user, nice, system, idle, iowait, irq, softirq, steal.
    static func busy(_ words: [String], ticksPerSecond: Int) -> Int64 {
        let ticks = words.dropFirst().prefix(8).map { Int64($0) ?? 0 }
        guard ticks.count == 8, ticksPerSecond > 0 else { return 0 }
        return (ticks.reduce(0, +) - ticks[3] - ticks[4] - ticks[7]) * 1_000_000_000 / Int64(ticksPerSecond)
    }

    private static func number(_ lines: [[String]], _ name: String) -> Int {
        lines.first { $0.first == name }.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0
    }

    private static func lines(_ path: String) -> [[String]] {
        String(decoding: Directory.contents(path) ?? [], as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
    }
}

/// What this machine is: does not change while it runs.
struct MachineIdentity: Sendable, Hashable {
    var hostname = ""
    var machineID = ""
    var bootID = ""
    var kernel = ""
    var system = ""
    var architecture = ""

    init() {}

    static func read() -> MachineIdentity {
        var identity = MachineIdentity()
        identity.hostname = text("/proc/sys/kernel/hostname").lowercased()
        identity.machineID = text("/etc/machine-id")
        identity.bootID = text("/proc/sys/kernel/random/boot_id")
        identity.kernel = text("/proc/sys/kernel/osrelease")
        let release = text("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        identity.system = release.map { String($0.dropFirst(12).filter { $0 != "\"" }) } ?? "Linux"
        #if arch(arm64)
            identity.architecture = "arm64"
        #else
            identity.architecture = "amd64"
        #endif
        return identity
    }

    private static func text(_ path: String) -> String {
        var text = String(decoding: Directory.contents(path) ?? [], as: UTF8.self)[...]
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
