/// Finds out how Python environments can be made on this machine.
struct InstallTools: Sendable {
    static let fetchedPipVersion = "26.0"

    let environment: ChildEnvironment
    let fetchPip: (@Sendable () async throws -> String)?

    /// uv where there is one, since it is fast; else the machine's pip; else the pip that Python carries; else pip
    /// from the package index.
    ///
    /// - Throws: `HostImageError`.
    func choose(_ version: String?, _ run: InstallRun) async throws -> any InstallTool {
        if let uv = environment.find("uv") {
            return UvTool(program: uv, pythonVersion: version, environment: environment.variables)
        }
        let interpreter = try await PythonInterpreter.find(version, environment)
        guard await interpreter.runs("import venv", environment) else {
            throw HostImageError(
                "\(interpreter.path) lacks the module venv",
                remedy: "install it: apt install python3-venv, or install uv")
        }
        if await interpreter.hasModernPip(environment) {
            return PipTool(
                interpreter: interpreter,
                pip: { [path = interpreter.path] in [path, "-I", "-m", "pip", "--python", $0] },
                environment: environment.variables)
        }
        // Debian's Python has the module ensurepip, but without python3-venv not what it needs.
        if await interpreter.runs("import ensurepip; ensurepip.version()", environment) {
            return PipTool(
                interpreter: interpreter, pip: { [$0, "-I", "-m", "pip"] }, isSeeded: true,
                environment: environment.variables)
        }
        return try await fetched(interpreter, run)
    }

    private func fetched(_ interpreter: PythonInterpreter, _ run: InstallRun) async throws -> any InstallTool {
        let advice = "apt install python3-venv, or install uv"
        guard let fetchPip else {
            throw HostImageError("\(interpreter.path) has no pip", remedy: "install one: \(advice)")
        }
        run.journal.begin("fetching pip")
        do {
            let directory = try await fetchPip()
            return PipTool(
                interpreter: interpreter, pip: { [$0, "-I", "\(directory)/pip"] }, environment: environment.variables)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HostImageError(
                "\(interpreter.path) has no pip, and none could be fetched (\(error))", remedy: "install one: \(advice)"
            )
        }
    }
}
