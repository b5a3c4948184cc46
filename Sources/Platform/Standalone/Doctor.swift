import Glibc
import NodeAgent

/// What there is on this machine of what Martlet needs.
package struct Doctor: Sendable {
    let directory: DataDirectory
    /// Those that Martlet would listen on, by name.
    let ports: [(name: String, number: Int)]

    package init(_ directory: DataDirectory, ports: [(name: String, number: Int)]) {
        self.directory = directory
        self.ports = ports
    }

    /// What was found out about one thing.
    package struct Finding: Sendable, Hashable {
        package var name: String
        /// `good`, `lacking`: Martlet runs with less, `failing`: it does not run.
        package var state: String
        package var text: String
        /// What to do about it; empty where nothing is to be done.
        package var remedy: String

        package init(_ name: String, _ state: String, _ text: String, remedy: String = "") {
            self.name = name
            self.state = state
            self.text = text
            self.remedy = remedy
        }
    }

    /// In the order of telling.
    package func findings() async -> [Finding] {
        await checks().map { Finding($0.name, $0.grade.rawValue, $0.finding, remedy: $0.remedy) }
    }

    private func checks() async -> [MachineCheck] {
        let shim: [MachineCheck]
        do {
            shim = await SandboxCheck(shimPath: try ShimPath.find()).run()
        } catch {
            shim = [MachineCheck("sandbox", .failing, error.message)]
        }
        return shim + portChecks + [disk, python, files]
    }

    private var portChecks: [MachineCheck] {
        if let process = InstanceLock.holder(directory) {
            return [MachineCheck("ports", .good, "Martlet runs already (process \(process))")]
        }
        let taken = ports.filter { !Self.isFree($0.number) }
        if taken.isEmpty {
            return [MachineCheck("ports", .good, ports.map { "\($0.number)" }.joined(separator: ", ") + " are free")]
        }
        return taken.map { port in
            MachineCheck(
                "ports", .failing, "\(port.number) is taken by another program",
                remedy: "stop it, or give martlet up --\(port.name)-port another")
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var (address, yes) = (sockaddr_in(), Int32(1))
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        // SAFETY: bind reads a sockaddr of the length that it is given, which is that of `address`.
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private var disk: MachineCheck {
        var place = directory.path
        while access(place, F_OK) != 0, let slash = place.lastIndex(of: "/") {
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        var status = statvfs()
        guard statvfs(place, &status) == 0 else {
            return MachineCheck("disk", .failing, "\(place) cannot be read: \(String(cString: strerror(errno)))")
        }
        let gigabytes = Double(status.f_bavail) * Double(status.f_frsize) / 1e9
        let finding = "\((gigabytes * 10).rounded() / 10) GB free at \(place)"
        guard access(place, W_OK) == 0 else {
            return MachineCheck("disk", .failing, "\(place) cannot be written to", remedy: "give it to this user")
        }
        return gigabytes < 2
            ? MachineCheck("disk", .lacking, finding, remedy: "make room, or give martlet up another --data-dir")
            : MachineCheck("disk", .good, finding)
    }

    private var python: MachineCheck {
        let folders = (ProcessEnvironment.current["PATH"] ?? "").split(separator: ":")
        let found = ["uv", "python3"].filter { name in folders.contains { access("\($0)/\(name)", X_OK) == 0 } }
        return found.isEmpty
            ? MachineCheck(
                "python", .lacking, "neither uv nor python3: the preinstalled runtimes cannot be installed",
                remedy: "install uv, or apt install python3-venv")
            : MachineCheck("python", .good, "\(found.joined(separator: ", ")): model servers' environments can be made")
    }

    private var files: MachineCheck {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur < 4096
            ? MachineCheck(
                "open files", .lacking, "at most \(limit.rlim_cur): some hundreds of connections",
                remedy: "ulimit -n 65536, or LimitNOFILE= of its service")
            : MachineCheck("open files", .good, "at most \(limit.rlim_cur)")
    }
}
