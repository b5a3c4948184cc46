import Foundation
import JSONModel
import KubeController
import KubeModel
import ModelStorage
import ServingAPI
import Testing

@testable import HostImages

@Suite("Environments", .timeLimit(.minutes(5)))
struct EnvironmentStoreTests {
    private let hello = ["bin/hello": "#!python -IS\nimport sys\nprint('hello', *sys.argv[1:])\n"]

    private func output(_ words: [String]) async -> [String]? {
        await withTaskExecutorPreference(BlockingExecutor.shared) { await ChildProcess.output(words, [:]) }
    }

    @Test("are built by the machine's own Python, from a wheel, without a network")
    func real() async throws {
        var fixture = StoreFixture()
        let wheels = TemporaryDirectory()
        try await writeWheel(to: wheels, fixture)
        fixture.environment["PIP_NO_INDEX"] = "1"
        fixture.environment["PIP_FIND_LINKS"] = wheels.path
        fixture.environment["PATH"] = fixture.environment["PATH"]?.replacing("\(fixture.programs.path):", with: "")
        let lines = Lines()
        let image = hostImage(
            packages: ["martlet-tiny==1.0"],
            files: [
                "bin/serve": "#!python -I\nimport tiny, sys\nprint(tiny.answer, sys.argv[1])\n",
                "lib/own.py": "x = 1\n",
            ],
            entrypoint: ["serve", "now"], env: ["MODE": "test"])
        let prepared = try await fixture.store().prepare(image) { lines.add($0.description) }
        #expect(prepared.entrypoint == ["\(prepared.root)/bin/serve", "now"])
        #expect(prepared.path == ["\(prepared.root)/bin"])
        #expect(prepared.environment == ["MODE": "test"])
        #expect(await output(prepared.entrypoint) == ["42 now"])
        #expect(lines.all.contains { $0.hasPrefix("installing martlet-tiny==1.0 (") })
        #expect(try FileTree.names(in: prepared.root + "/lib/__pycache__").count == 1)
        #expect(try await fixture.store().prepare(image) == prepared)
    }

    /// A package as small as can be.
    private func writeWheel(to wheels: TemporaryDirectory, _ fixture: StoreFixture) async throws {
        let source = TemporaryDirectory()
        let metadata = "martlet_tiny-1.0.dist-info"
        try source.write("answer = 42\n", to: "tiny/__init__.py")
        try source.write("Metadata-Version: 2.1\nName: martlet-tiny\nVersion: 1.0\n", to: "\(metadata)/METADATA")
        try source.write(
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n", to: "\(metadata)/WHEEL")
        try source.write(
            "tiny/__init__.py,,\n\(metadata)/METADATA,,\n\(metadata)/WHEEL,,\n\(metadata)/RECORD,,\n",
            to: "\(metadata)/RECORD")
        let wheel = "\(wheels.path)/martlet_tiny-1.0-py3-none-any.whl"
        let packed = await output([
            "/usr/bin/env", "PATH=\(fixture.environment["PATH"] ?? "")", "python3", "-m", "zipfile", "-c", wheel,
            "\(source.path)/tiny", "\(source.path)/\(metadata)",
        ])
        try #require(packed != nil)
    }

    @Test("are built once however many ask")
    func once() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv()
        let store = fixture.store()
        let image = hostImage(packages: ["a==1"], files: hello, entrypoint: ["hello"])
        let prepared = try await withThrowingTaskGroup(of: PreparedImage.self) { group in
            for _ in 0..<20 { group.addTask { try await store.prepare(image) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let entrypoint = try #require(prepared.first?.entrypoint)
        #expect(prepared.count == 1)
        #expect(await output(entrypoint + ["you"]) == ["hello you"])
        #expect(fixture.calls.filter { $0.hasPrefix("venv") }.count == 1)
        #expect(store.isInstalled(image))
        #expect(!store.isInstalled(hostImage(packages: ["a==2"])))
    }

    @Test("with uv get exact packages, hashes and a version of Python")
    func uv() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv()
        let image = hostImage(packages: ["b==2 --hash=sha256:00", "a==1 --hash=sha256:11"], version: "3.12")
        let root = try await fixture.store().prepare(image).root
        #expect(
            fixture.calls == [
                "venv --no-project --no-config --python 3.12 \(root)",
                "pip install --no-config --compile-bytecode --python \(root)/bin/python --requirement \(root)/requirements.txt --require-hashes --no-deps",
            ])
        let requirements = try String(contentsOfFile: "\(root)/requirements.txt", encoding: .utf8)
        #expect(requirements == "a==1 --hash=sha256:11\nb==2 --hash=sha256:00")
    }

    @Test("that could not be built say what the installer said, leave nothing, and are tried again")
    func failure() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv(install: "echo 'No solution found:' >&2; echo 'a==1 is not there' >&2; exit 2")
        let store = fixture.store()
        let image = hostImage(packages: ["a==1"])
        let error = await #expect(throws: HostImageError.self) { try await store.prepare(image) }
        #expect(error?.message == "installing packages with uv failed (exit code 2)")
        #expect(error?.log == ["No solution found:", "a==1 is not there"])
        #expect(try FileTree.names(in: fixture.directory.path).allSatisfy { $0.hasSuffix(".lock") })
        try fixture.addFakeUv()
        _ = try await store.prepare(image)
    }

    @Test("that an interrupted build left are built anew")
    func leftovers() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv()
        let image = hostImage(packages: ["a==1"])
        let root = try await fixture.store().prepare(image).root
        try FileTree.remove(root + "/.complete")
        try FileTree.write([1], to: root + "/junk")
        #expect(try await fixture.store().prepare(image).root == root)
        #expect(FileTree.kind(root + "/junk") == nil)
    }

    @Test("whose Python went away are built anew")
    func pythonGone() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv()
        let image = hostImage(packages: ["a==1"])
        let root = try await fixture.store().prepare(image).root
        try FileTree.remove(root + "/bin/python")
        _ = try await fixture.store().prepare(image)
        #expect(FileTree.kind(root + "/bin/python") == .file)
    }

    @Test("that another process builds are waited for")
    func locked() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv()
        let image = hostImage(packages: ["a==1"])
        let root = "\(fixture.directory.path)/\(EnvironmentRecipe(try #require(image.python)).key)"
        let time = ManualTime()
        var lock: FileLock? = try await FileLock.acquire(root + ".lock", time: time) {}
        let lines = Lines()
        let store = fixture.store(time: time)
        let task = Task { try await store.prepare(image) { lines.add($0.step) } }
        while time.sleeperCount == 0 { await Task.yield() }
        #expect(lines.all == ["waiting for another process that installs a==1"])
        #expect(fixture.calls.isEmpty)
        _ = consume lock
        lock = nil
        time.advance(by: .milliseconds(200))
        #expect(try await task.value.root == root)
    }

    @Test("are given up with all processes when the store stops")
    func stop() async throws {
        let fixture = StoreFixture()
        try fixture.addFakeUv(install: "echo started; sleep 1000")
        let store = fixture.store()
        let lines = Lines()
        let task = Task { try await store.prepare(hostImage(packages: ["a==1"])) { lines.add($0.line) } }
        while !lines.all.contains("started") { await Task.yield() }
        store.stop()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try FileTree.names(in: fixture.directory.path).allSatisfy { $0.hasSuffix(".lock") })
    }

    @Test("an image without anything to install is an error")
    func nothing() async {
        await #expect(throws: HostImageError.self) {
            var object = hostImage().object
            object.spec["python"] = nil
            _ = try await StoreFixture().store().prepare(HostImage(object))
        }
    }
}
