import ModelStorage

/// One build: where, and who is told.
struct InstallRun: Sendable {
    var root: String
    /// Held by the build's processes too, so that nobody builds in the same place while one of them is left.
    var lock: FileLock
    var journal: InstallJournal

    var python: String { root + "/bin/python" }
    var requirements: String { root + "/requirements.txt" }

    /// Runs a command of the build.
    ///
    /// - Parameter failing: what it does, for the error: `installing packages`.
    /// - Throws: `HostImageError` with the last lines of its output, or `CancellationError`.
    func command(_ words: [String], _ environment: [String: String], failing: String) async throws {
        let exit = try await ChildProcess.run(
            words, environment: environment, inheriting: lock.descriptor, line: journal.add)
        guard exit != .code(0) else { return }
        throw HostImageError(
            "\(failing) failed (\(exit))", remedy: "see what it said; it is tried again at the next start",
            log: journal.tail)
    }
}

/// A way to make Python environments and to install packages into them.
protocol InstallTool: Sendable {
    /// `uv`, `pip`.
    var name: String { get }
    /// Of its processes.
    var environment: [String: String] { get }
    func makeEnvironment(_ run: InstallRun) async throws
    /// Installs what the run's requirements file lists: with hashes exactly that, else also what it depends on.
    ///
    /// - Parameter index: the URL of a package index to be asked beside the machine's.
    func install(_ run: InstallRun, index: String?, requiresHashes: Bool) async throws
}

extension InstallTool {
    /// A list with hashes is whole: what is not on it is not wanted.
    fileprivate static func exactly(_ requiresHashes: Bool) -> [String] {
        requiresHashes ? ["--require-hashes", "--no-deps"] : []
    }
}

/// https://docs.astral.sh/uv
struct UvTool: InstallTool {
    var program: String
    /// `nil`: uv finds one.
    var pythonVersion: String?
    var environment: [String: String]

    var name: String { "uv" }

    func makeEnvironment(_ run: InstallRun) async throws {
        let version = pythonVersion.map { ["--python", $0] } ?? []
        try await run.command(
            [program, "venv", "--no-project", "--no-config"] + version + [run.root], environment,
            failing: "making a Python environment with uv")
    }

    func install(_ run: InstallRun, index: String?, requiresHashes: Bool) async throws {
        try await run.command(
            [
                program, "pip", "install", "--no-config", "--compile-bytecode", "--python", run.python,
                "--requirement", run.requirements,
            ] + Self.exactly(requiresHashes) + (index.map { ["--index", $0] } ?? []), environment,
            failing: "installing packages with uv")
    }
}

/// pip, from wherever it runs: it can install into an environment that has none itself.
struct PipTool: InstallTool {
    var interpreter: PythonInterpreter
    /// What runs pip, given the environment's own interpreter.
    var pip: @Sendable (String) -> [String]
    /// Whether the environment brings its own pip, which takes seconds.
    var isSeeded = false
    var environment: [String: String]

    var name: String { "pip" }

    func makeEnvironment(_ run: InstallRun) async throws {
        try await run.command(
            [interpreter.path, "-I", "-m", "venv"] + (isSeeded ? [] : ["--without-pip"]) + [run.root], environment,
            failing: "making a Python environment")
    }

    func install(_ run: InstallRun, index: String?, requiresHashes: Bool) async throws {
        try await run.command(
            pip(run.python) + [
                "install", "--no-input", "--progress-bar", "off", "--prefer-binary", "--no-warn-script-location",
                "--disable-pip-version-check", "--requirement", run.requirements,
            ] + Self.exactly(requiresHashes) + (index.map { ["--extra-index-url", $0] } ?? []), environment,
            failing: "installing packages with pip")
    }
}
