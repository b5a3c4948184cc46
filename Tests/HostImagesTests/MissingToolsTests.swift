import ModelStorage
import Testing

@testable import HostImages

@Suite("Machines that lack something", .timeLimit(.minutes(5)))
struct MissingToolsTests {
    /// A machine whose Python has these modules (of venv, pip and ensurepip).
    private func machine(modules: [String], version: String = "3.11.2") throws -> StoreFixture {
        var fixture = StoreFixture()
        fixture.environment["PATH"] = fixture.programs.path
        let has = modules.map { "'import \($0)'*" }.joined(separator: "|")
        let python = try fixture.programs.write(
            """
            #!/bin/sh
            PATH=/usr/bin:/bin
            echo "$@" >> '\(fixture.programs.path)/calls'
            case "$*" in
            *'import sys'*) echo "$0"; echo \(version) ;;
            *import*) case "$3" in \(has.isEmpty ? "nothing" : has)) exit 0 ;; esac; exit 1 ;;
            *'pip --version'*) \(modules.contains("pip") ? "echo pip 24.0 from somewhere" : "exit 1") ;;
            *'-m venv'*) for last; do :; done; mkdir -p "$last/bin" && ln -s "$0" "$last/bin/python" ;;
            esac
            """, to: "python3", isProgram: true)
        for name in ["python", "python3.11"] {
            try fixture.programs.write("#!/bin/sh\nexec '\(python)' \"$@\"\n", to: name, isProgram: true)
        }
        return fixture
    }

    private let image = hostImage(packages: ["a==1"])

    @Test("pip of the machine installs into an environment without one")
    func pip() async throws {
        let fixture = try machine(modules: ["venv", "pip"])
        let root = try await fixture.store().prepare(image).root
        #expect(fixture.calls.contains("-I -m venv --without-pip \(root)"))
        #expect(fixture.calls.last?.hasPrefix("-I -m pip --python \(root)/bin/python install --no-input") == true)
    }

    @Test("the pip that Python carries is the second choice")
    func ensurepip() async throws {
        let fixture = try machine(modules: ["venv", "ensurepip"])
        let root = try await fixture.store().prepare(image).root
        #expect(fixture.calls.contains("-I -m venv \(root)"))
        #expect(fixture.calls.last?.hasPrefix("-I -m pip install") == true)
    }

    @Test("pip from the package index is the third")
    func fetched() async throws {
        let fixture = try machine(modules: ["venv"])
        _ = try await fixture.store(fetchPip: { "/models/whole" }).prepare(image)
        #expect(fixture.calls.last?.hasPrefix("-I /models/whole/pip install") == true)
    }

    @Test(
        "what cannot be helped says which command helps",
        arguments: [([], "lacks the module venv"), (["venv"], "has no pip")] as [([String], String)])
    func advice(modules: [String], message: String) async throws {
        let fixture = try machine(modules: modules)
        let error = await #expect(throws: HostImageError.self) { try await fixture.store().prepare(image) }
        #expect(error?.message.contains(message) == true)
        #expect(error?.remedy.contains("apt install python3-venv") == true)
    }

    @Test("a pip that cannot be fetched says why")
    func unreachable() async throws {
        let fixture = try machine(modules: ["venv"])
        let reason = ModelStorageError(.unreachable, "the index is away", remedy: "wait")
        let error = await #expect(throws: HostImageError.self) {
            try await fixture.store(fetchPip: { throw reason }).prepare(image)
        }
        #expect(error?.message.contains("the index is away") == true)
    }

    @Test("a version of Python that is not there is told with those that are")
    func version() async throws {
        let fixture = try machine(modules: ["venv", "pip"])
        let error = await #expect(throws: HostImageError.self) {
            try await fixture.store().prepare(hostImage(packages: ["a==1"], version: "3.9"))
        }
        #expect(error?.message.contains("no Python 3.9") == true)
        #expect(error?.message.contains("3.11.2") == true)
    }
}
