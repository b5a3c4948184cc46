/// A Python of this machine.
struct PythonInterpreter: Sendable, Hashable {
    /// Absolute: the interpreter itself, not a launcher that chooses one.
    var path: String
    /// `3.11.7`
    var version: String

    /// The interpreter with the wanted version (`3.11`, `3.11.7`); any Python 3 for `nil`.
    ///
    /// - Throws: `HostImageError` that names the versions that are there.
    static func find(_ wanted: String?, _ environment: ChildEnvironment) async throws -> PythonInterpreter {
        let short = wanted.map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
        var found: [String] = []
        for name in [short.map { "python\($0)" }, "python3", "python"].compactMap({ $0 }) {
            guard let program = environment.find(name), let candidate = await probe(program, environment) else {
                continue
            }
            if candidate.fits(wanted) { return candidate }
            found.append(candidate.version)
        }
        let there = found.isEmpty ? "" : "; there is \(found.joined(separator: ", "))"
        throw HostImageError(
            "there is no Python \(wanted ?? "3") on this machine\(there)",
            remedy: wanted == nil
                ? "install it: apt install python3-venv, or install uv" : "install uv, which fetches it")
    }

    func fits(_ wanted: String?) -> Bool {
        guard let wanted else { return version.hasPrefix("3.") }
        return version == wanted || version.hasPrefix(wanted + ".")
    }

    private static func probe(_ program: String, _ environment: ChildEnvironment) async -> PythonInterpreter? {
        let script = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])"
        guard let lines = await ChildProcess.output([program, "-I", "-c", script], environment.variables),
            lines.count == 2, lines[0].hasPrefix("/")
        else { return nil }
        return PythonInterpreter(path: lines[0], version: lines[1])
    }

    /// Whether it runs a script without an error.
    func runs(_ script: String, _ environment: ChildEnvironment) async -> Bool {
        await ChildProcess.output([path, "-I", "-c", script], environment.variables) != nil
    }

    /// pip 22.3 is the first that installs into another environment (`--python`).
    func hasModernPip(_ environment: ChildEnvironment) async -> Bool {
        let lines = await ChildProcess.output([path, "-I", "-m", "pip", "--version"], environment.variables) ?? []
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0] == "pip" else { return false }
        let numbers = words[1].split(separator: ".").prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (22, 3)
    }
}
