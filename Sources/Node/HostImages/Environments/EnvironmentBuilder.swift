import Glibc
import JSONModel
import KubeController
import ModelStorage

/// Builds Python environments, each at its final place: they are not relocatable.
struct EnvironmentBuilder: Sendable {
    /// In an environment that is whole.
    static let marker = ".complete"

    let tools: InstallTools
    let time: any TimeSource

    /// Builds anew, whatever an interrupted build left. The caller holds the lock.
    ///
    /// - Throws: `HostImageError`, `FileError` or `CancellationError`; what was built so far is removed.
    func build(_ recipe: EnvironmentRecipe, at root: String, lock: FileLock, _ journal: InstallJournal) async throws {
        try FileTree.remove(root)
        do {
            try await journal.ticking { try await steps(recipe, root, lock, journal) }
        } catch {
            try? FileTree.remove(root)
            throw error
        }
    }

    private func steps(
        _ recipe: EnvironmentRecipe, _ root: String, _ lock: FileLock, _ journal: InstallJournal
    ) async throws {
        let started = time.now
        let run = InstallRun(root: root, lock: lock, journal: journal)
        journal.begin("preparing Python")
        let tool = try await tools.choose(recipe.pythonVersion, run)
        try await tool.makeEnvironment(run)
        for step in recipe.steps {
            journal.begin("installing \(EnvironmentRecipe.title(step.packages))")
            try FileTree.write(Array(step.packages.joined(separator: "\n").utf8), to: run.requirements)
            try await tool.install(run, index: step.index, requiresHashes: recipe.requiresHashes)
        }
        try EnvironmentFiles(recipe.files).write(to: root)
        try await compile(recipe, run, tool)
        try FileTree.write(summary(recipe, tool, time.now - started), to: "\(root)/\(Self.marker)")
    }

    /// Compiles our own modules: what starts often should not be compiled at every start.
    private func compile(_ recipe: EnvironmentRecipe, _ run: InstallRun, _ tool: any InstallTool) async throws {
        let modules = recipe.files.keys.filter { $0.hasSuffix(".py") }.sorted().map { "\(run.root)/\($0)" }
        guard !modules.isEmpty else { return }
        try await run.command(
            [run.python, "-I", "-m", "compileall", "-q"] + modules, tool.environment, failing: "compiling its files")
    }

    private func summary(_ recipe: EnvironmentRecipe, _ tool: any InstallTool, _ took: Duration) -> [UInt8] {
        let json: JSONValue = [
            "packages": .array(recipe.packages.map { .string($0) }), "installer": .string(tool.name),
            "seconds": .number(JSONNumber(Int(took.components.seconds))),
        ]
        return json.serialized()
    }
}
