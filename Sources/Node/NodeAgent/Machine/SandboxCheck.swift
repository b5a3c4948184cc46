import Glibc
import Synchronization

/// What this machine lets Martlet put around a model server: found out by doing it to a process that does nothing.
package struct SandboxCheck: Sendable {
    let shimPath: String

    package init(shimPath: String) { self.shimPath = shimPath }

    /// Takes some hundredths of a second.
    package func run() async -> [MachineCheck] { [await sandbox(), groups(), user()] }

    private func sandbox() async -> MachineCheck {
        let name = "sandbox"
        var template = Array("/tmp/martlet-doctor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            return MachineCheck(name, .failing, "no directory can be made in /tmp", remedy: "let this user write there")
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { rmdir(folder) }
        do {
            let (reports, took) = try await reports(of: launch(folder))
            return judge(name, reports, took)
        } catch {
            return MachineCheck(name, .failing, "\(error)")
        }
    }

    private func launch(_ folder: String) -> ProcessLaunch {
        ProcessLaunch(
            command: ["true"], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", isConfined: true,
            sandbox: Sandbox(temporary: folder))
    }

    private func reports(of launch: ProcessLaunch) async throws -> ([ProcessReport], Duration) {
        let loop = try DescriptorLoop(name: "martlet-doctor")
        let (events, sink) = AsyncStream.makeStream(of: ContainerProcess.Event.self)
        let start = ContinuousClock.now
        let process = try ContainerProcess.start(
            shimPath: shimPath, launch, loop: loop, output: StreamedOutput(loop: loop)
        ) { event in
            sink.yield(event)
            if case .gone = event { sink.finish() }
        }
        var (reports, took): ([ProcessReport], Duration) = ([], .zero)
        for await case .report(let report) in events {
            reports.append(report)
            if report == .started { took = .now - start }
        }
        withExtendedLifetime(process) {}
        return (reports, took)
    }

    private func judge(_ name: String, _ reports: [ProcessReport], _ took: Duration) -> MachineCheck {
        for case .failed(let step, let error) in reports {
            return MachineCheck(
                name, .lacking,
                "refused at \(step.word): \(PosixError.message(error)); model servers see all of the machine",
                remedy: "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                    + "kernel.apparmor_restrict_unprivileged_userns=0), or run Martlet as root")
        }
        var lacks: [String] = []
        for case .without(let part, let error) in reports { lacks.append("\(part) (\(PosixError.message(error)))") }
        let milliseconds = Int(took / .milliseconds(1))
        guard reports.contains(.started), lacks.isEmpty else {
            return MachineCheck(name, .lacking, "without \(lacks.joined(separator: ", "))")
        }
        return MachineCheck(
            name, .good,
            "namespaces, a root of its own, no rights, a filter of system calls; a start takes \(milliseconds) ms")
    }

    private func groups() -> MachineCheck {
        switch ControlGroupTree.find() {
        case .unified(let root): MachineCheck("limits", .good, "memory, processors and processes, in \(root)")
        case .separate(let roots):
            MachineCheck(
                "limits", roots.count == 3 ? .good : .lacking,
                "\(roots.keys.sorted().joined(separator: ", ")) (control groups, version 1)")
        case .none(let reason):
            MachineCheck(
                "limits", .lacking, "none: \(reason)",
                remedy: "run Martlet as root, or as a systemd service with Delegate=yes")
        }
    }

    private func user() -> MachineCheck {
        geteuid() == 0
            ? MachineCheck("user", .good, "root: pods may run as other users (securityContext.runAsUser)")
            : MachineCheck("user", .good, "\(geteuid()): all pods run as this user")
    }
}
