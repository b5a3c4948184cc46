import Glibc
import Testing

@testable import NodeAgent

/// Real processes. Each has a word of its own in its command line, by which survivors are found.
@Suite("The shim", .timeLimit(.minutes(1)))
struct ShimTests {
    private static func unique() -> String { "martlet-\(UInt64.random(in: 0...UInt64.max))" }

    @Test(
        "reports how a command ends",
        arguments: [
            (["true"], ProcessReport.ended(.exited(0))), (["sh", "-c", "exit 7"], .ended(.exited(7))),
            (["sh", "-c", "kill -9 $$"], .ended(.killed(signal: 9))),
            (["sh", "-c", "kill -TERM $$"], .ended(.killed(signal: 15))),
        ], [true, false])
    func endings(_ scenario: ([String], ProcessReport), isConfined: Bool) async throws {
        let running = try Running(scenario.0, in: try Scratch(), isConfined: isConfined)
        #expect(await running.rest() == [.report(.started), .report(scenario.1), .gone(shimSignal: nil)])
    }

    @Test("says why a command cannot be executed", arguments: [true, false])
    func execFailure(isConfined: Bool) async throws {
        let running = try Running(["no-such-command"], in: try Scratch(), isConfined: isConfined)
        #expect(
            await running.rest() == [.report(.failed(step: .exec, error: ENOENT)), .gone(shimSignal: nil)])
    }

    @Test("passes SIGTERM on to the command", arguments: [true, false])
    func termination(isConfined: Bool) async throws {
        let script = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.01; done"
        let scratch = try Scratch()
        var changes = scratch.signals.changes("\(scratch.path)/log").makeAsyncIterator()
        let running = try Running(["sh", "-c", script], in: scratch, isConfined: isConfined)
        try await running.started()
        while !scratch.read("log").contains("up") { await changes.next() }
        running.process.signal(SIGTERM)
        #expect(await running.rest() == [.report(.ended(.exited(3))), .gone(shimSignal: nil)])
        #expect(scratch.read("log").contains("bye"))
    }

    @Test(
        "killing ends whatever came of the command",
        arguments: [
            "trap '' TERM; exec -a WORD sleep 1000",
            "(exec -a WORD sleep 1000) & (exec -a WORD sleep 1000) & wait",
            "setsid bash -c 'exec -a WORD sleep 1000' & exec sleep 1000",
            "setsid bash -c '(exec -a WORD sleep 1000) & disown; exit' & exec sleep 1000",
        ], [true, false])
    func killing(script: String, isConfined: Bool) async throws {
        let word = Self.unique()
        let command = ["bash", "-c", script.replacing("WORD", with: word) + " # "]
        let running = try Running(command, in: try Scratch(), isConfined: isConfined)
        try await running.started()
        while !isAlive(word) { await Task.yield() }
        running.process.kill()
        #expect(await running.rest().last == .gone(shimSignal: nil))
        #expect(!isAlive(word))
    }

    @Test("the end of the command is the end of its daemons, who hold its output open", arguments: [true, false])
    func daemons(isConfined: Bool) async throws {
        let word = Self.unique()
        let script = "setsid bash -c 'exec -a \(word) sleep 1000' & while ! pgrep -f ^\(word) >/dev/null; do :; done"
        let running = try Running(["bash", "-c", script], in: try Scratch(), isConfined: isConfined)
        #expect(await running.rest().last == .gone(shimSignal: nil))
        #expect(!isAlive("\(word)\0"))
    }

    @Test("a shim that is killed takes everything with it")
    func shimKilled() async throws {
        let word = Self.unique()
        let command = ["bash", "-c", "setsid bash -c 'exec -a \(word) sleep 1000' & exec sleep 1000"]
        let running = try Running(command, in: try Scratch(), isConfined: true)
        try await running.started()
        while !isAlive(word) { await Task.yield() }
        running.process.killShim()
        #expect(await running.rest() == [.gone(shimSignal: SIGKILL)])
        // The kernel is at it; nobody has to do anything.
        while isAlive(word) { await Task.yield() }
    }

    @Test("the model is at /mnt/models, read-only, inside and nowhere else")
    func model() async throws {
        let scratch = try Scratch()
        let weights = try scratch.write("weights", "42")
        let binds = [ProcessLaunch.Bind(source: scratch.path, target: "/mnt/models", isReadOnly: true)]
        let script = "cat /mnt/models/weights && ! touch /mnt/models/x 2>/dev/null && ls /mnt >&2 && echo $$"
        let running = try Running(["sh", "-c", script], in: scratch, isConfined: true, binds: binds)
        #expect(await running.rest().dropFirst().first == .report(.ended(.exited(0))))
        #expect(scratch.read("log").contains("stdout F 42"))
        // What else is below /mnt is there too.
        for name in Directory.entries("/mnt") { #expect(running.lastLines.contains(name)) }
        #expect(access("/mnt/models/weights", R_OK) != 0 && access(weights, R_OK) == 0)
    }

    @Test("what is to be bound and is not there is said, and nothing starts")
    func missingSource() async throws {
        let binds = [ProcessLaunch.Bind(source: "/no/such/model", target: "/mnt/models", isReadOnly: true)]
        let running = try Running(["true"], in: try Scratch(), isConfined: true, binds: binds)
        #expect(
            await running.rest() == [.report(.failed(step: .bind, error: ENOENT)), .gone(shimSignal: nil)])
    }

    @Test("a mount point that cannot be made is that container's mistake, not the machine's refusal")
    func missingTarget() async throws {
        let scratch = try Scratch()
        let binds = [ProcessLaunch.Bind(source: scratch.path, target: "/no-such-folder", isReadOnly: true)]
        let running = try Running(["true"], in: scratch, isConfined: true, binds: binds)
        #expect(
            await running.rest() == [.report(.failed(step: .bind, error: ENOENT)), .gone(shimSignal: nil)])
    }

    @Test("a bind may lie over the source of the next one")
    func coveredSource() async throws {
        let scratch = try Scratch()
        let inner = "\(scratch.path)/inner"
        try Directory.make(inner)
        _ = try scratch.write("inner/weights", "42")
        try Directory.make("\(scratch.path)/empty")
        let binds = [
            ProcessLaunch.Bind(source: "\(scratch.path)/empty", target: inner, isReadOnly: false),
            ProcessLaunch.Bind(source: inner, target: "/mnt/models", isReadOnly: true),
        ]
        let script = "cat /mnt/models/weights; echo; ls \(inner) | wc -l"
        let running = try Running(["sh", "-c", script], in: scratch, isConfined: true, binds: binds)
        #expect(await running.rest().dropFirst().first == .report(.ended(.exited(0))))
        #expect(scratch.read("log").contains("stdout F 42"))
        #expect(scratch.read("log").contains("stdout F 0"))
    }

    @Test("the command gets its own environment and no descriptor but its streams", arguments: [true, false])
    func inheritance(isConfined: Bool) async throws {
        let scratch = try Scratch()
        let running = try Running(
            ["sh", "-c", "env >&2; ls /proc/$$/fd; pwd"], in: scratch, isConfined: isConfined,
            environment: ["A": "1"])
        _ = await running.rest()
        let streams = scratch.read("log").split(separator: "\n").filter { $0.contains("stdout") }
        // `ls` opens the directory; the shell is the one that is looked at.
        #expect(streams.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.allSatisfy { $0 < 3 })
        #expect(streams.last?.hasSuffix(scratch.path) == true)
        #expect(
            Set(running.lastLines.split(separator: "\n")).isSubset(of: [
                "A=1", "PATH=/usr/bin:/bin", "PWD=\(scratch.path)",
            ]))
    }

    @Test("one that is kept goes on alone, and is found again with its streams", arguments: [true, false])
    func kept(isConfined: Bool) async throws {
        let scratch = try Scratch()
        let script = "i=0; while [ ! -e stop ]; do echo line $i; i=$((i+1)); sleep 0.01; done; echo bye; exit 5"
        let first = try Running(["sh", "-c", script], in: scratch, isConfined: isConfined, isKept: true)
        try await first.started()
        while !scratch.read("log").contains("line 1\n") { await Task.yield() }
        let shim = try #require(first.process.shimProcess)
        first.process.letGo()
        // Nobody reads but the shim.
        let before = Self.lines(scratch)
        while Self.lines(scratch) < before + 10 { await Task.yield() }
        let found = try #require(KeptShim.find(in: scratch.path))
        let again = try Running(try #require(found.shim), in: scratch)
        #expect(again.process.shimProcess == shim && found.state.startedAt != nil)
        _ = try scratch.write("stop", "")
        #expect(await again.rest() == [.report(.ended(.exited(5))), .gone(shimSignal: nil)])
        let numbers = scratch.read("log").split(separator: "\n")
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(numbers == Array(0..<numbers.count) && scratch.read("log").contains("stdout F bye"))
        waitpid(shim, nil, 0)
    }

    private static func lines(_ scratch: Scratch) -> Int { scratch.read("log").count { $0 == "\n" } }

    @Test("one that ended while nobody was there says how")
    func endedAlone() async throws {
        let scratch = try Scratch()
        let running = try Running(
            ["sh", "-c", "while [ ! -e stop ]; do sleep 0.01; done; echo bye; exit 7"], in: scratch, isConfined: true,
            isKept: true)
        try await running.started()
        let shim = try #require(running.process.shimProcess)
        running.process.letGo()
        _ = try scratch.write("stop", "")
        waitpid(shim, nil, 0)
        let found = try #require(KeptShim.find(in: scratch.path))
        #expect(found.shim == nil && found.state.ending == .ended(.exited(7)))
        #expect(scratch.read("log").contains("stdout F bye"))
    }

    @Test("one whose directory is removed ends by itself")
    func directoryRemoved() async throws {
        let scratch = try Scratch()
        let word = Self.unique()
        let running = try Running(
            ["bash", "-c", "exec -a \(word) sleep 1000"], in: scratch, isConfined: true, isKept: true)
        try await running.started()
        let shim = try #require(running.process.shimProcess)
        running.process.letGo()
        Directory.remove(scratch.path)
        waitpid(shim, nil, 0)
        #expect(!isAlive(word))
    }

    @Test("processes that survived everything are found by their pod's uid")
    func leftovers() async throws {
        let (pod, word) = (Self.unique(), Self.unique())
        let running = try Running(
            ["bash", "-c", "exec -a \(word) sleep 1000"], in: try Scratch(), isConfined: false,
            environment: [Leftovers.marker: pod])
        try await running.started()
        #expect(Leftovers.kill(pods: ["other"]) == 0)
        #expect(isAlive(word))
        #expect(Leftovers.kill(pods: [pod]) >= 1)
        #expect(!isAlive(word))
        _ = await running.rest()
    }
}

@Suite("The shim's reports")
struct ProcessReportTests {
    @Test(
        "are single lines",
        arguments: [
            ("started", ProcessReport.started), ("failed exec 2", .failed(step: .exec, error: 2)),
            ("failed confine 1", .failed(step: .confine, error: 1)), ("exited 3", .ended(.exited(3))),
            ("killed 9", .ended(.killed(signal: 9))), ("exited", nil), ("failed exec", nil), ("", nil),
            ("exited x", nil),
        ])
    func parsing(_ line: String, _ report: ProcessReport?) { #expect(ProcessReport(line: line) == report) }

    @Test("a process that was killed has the exit code of a shell")
    func exitCodes() {
        #expect(ProcessEnding.exited(3).exitCode == 3)
        #expect(ProcessEnding.killed(signal: 9).exitCode == 137)
        #expect(ProcessEnding.killed(signal: 15).signal == 15)
    }
}
