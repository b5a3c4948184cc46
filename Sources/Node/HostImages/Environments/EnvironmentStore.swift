import Glibc
package import KubeController
package import Logging
package import ModelStorage
package import ServingAPI

/// The host images that are installed on this machine. Each Python environment is built once, at its final place, and
/// counts when its `.complete` marker is there.
///
/// Any number of tasks and processes may ask at once.
package final class EnvironmentStore: Sendable {
    private let directory: String
    private let builder: EnvironmentBuilder
    private let time: any TimeSource
    private let logger: Logger
    private let builds = SharedWork<EnvironmentRecipe, InstallProgress, String>()

    /// - Parameters:
    ///   - directory: made when it is needed. Absolute.
    ///   - environment: this process's; installers get the part of it that concerns them.
    ///   - models: fetches pip for machines that have neither uv nor pip.
    package convenience init(
        directory: String, environment: [String: String], models: ModelCache, time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "martlet.images")
    ) {
        self.init(directory: directory, environment: environment, time: time, logger: logger) {
            try await models.acquire("pypi://pip==\(InstallTools.fetchedPipVersion)").path
        }
    }

    /// - Parameter fetchPip: gives a directory with what pip's wheel holds; `nil` to do without.
    init(
        directory: String, environment: [String: String], time: any TimeSource, logger: Logger,
        fetchPip: (@Sendable () async throws -> String)?
    ) {
        self.directory = directory
        self.time = time
        self.logger = logger
        builder = EnvironmentBuilder(
            tools: InstallTools(environment: ChildEnvironment(environment), fetchPip: fetchPip), time: time)
    }

    /// Installs `image` unless it is there; then this returns at once, without starting anything.
    ///
    /// - Parameter progress: called from any thread; never after this has returned.
    /// - Throws: `HostImageError`; `CancellationError` where the caller was cancelled (the installation goes on, for
    ///   others and for later) or the store was stopped.
    package func prepare(
        _ image: HostImage, progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }
    ) async throws -> PreparedImage {
        guard let python = image.python else {
            throw HostImageError(
                "HostImage \(image.name) says nothing that can be installed", remedy: "give it spec.python")
        }
        let recipe = EnvironmentRecipe(python)
        let root = "\(directory)/\(recipe.key)"
        if !Self.isComplete(root) {
            _ = try await builds.value(for: recipe, report: progress) { report in
                try await self.build(recipe, root, report)
                return root
            }
        }
        return Self.prepared(image, root)
    }

    /// Whether `prepare` would return at once.
    package func isInstalled(_ image: HostImage) -> Bool {
        image.python.map { Self.isComplete("\(directory)/\(EnvironmentRecipe($0).key)") } ?? false
    }

    /// What it takes on the disk; `nil` where it is not installed. Reads all of its directories.
    package func bytes(of image: HostImage) -> Int64? {
        guard isInstalled(image), let python = image.python else { return nil }
        return FileTree.bytes(below: "\(directory)/\(EnvironmentRecipe(python).key)")
    }

    /// Removes what was installed. The caller sees to it that nothing runs from it.
    ///
    /// - Throws: `HostImageError`, `CancellationError`.
    package func remove(_ image: HostImage) async throws {
        guard let python = image.python else { return }
        let root = "\(directory)/\(EnvironmentRecipe(python).key)"
        do {
            let lock = try await FileLock.acquire(root + ".lock", time: time) {}
            try withExtendedLifetime(lock) { () throws(FileError) in try FileTree.remove(root) }
        } catch let error as FileError {
            throw HostImageError("\(error)", remedy: "let the user that runs Martlet write there")
        }
    }

    /// Ends all installations, with their processes.
    package func stop() { builds.stop() }

    /// The marker is there, and so is the interpreter: the machine's Python may have been replaced since.
    private static func isComplete(_ root: String) -> Bool {
        access("\(root)/\(EnvironmentBuilder.marker)", F_OK) == 0 && access("\(root)/bin/python", X_OK) == 0
    }

    private static func prepared(_ image: HostImage, _ root: String) -> PreparedImage {
        var entrypoint = image.entrypoint
        if let program = entrypoint.first, !program.hasPrefix("/") {
            let candidates = ["\(root)/bin/\(program)", "\(root)/\(program)"]
            entrypoint[0] = candidates.first { access($0, X_OK) == 0 } ?? program
        }
        return PreparedImage(
            entrypoint: entrypoint, path: ["\(root)/bin"], environment: image.environment, root: root)
    }

    private func build(
        _ recipe: EnvironmentRecipe, _ root: String, _ report: @escaping @Sendable (InstallProgress) -> Void
    ) async throws {
        let started = time.now
        let journal = InstallJournal(time: time, report: report)
        do {
            try FileTree.makeDirectory(directory)
            let lock = try await FileLock.acquire(root + ".lock", time: time) {
                journal.begin("waiting for another process that installs \(recipe.title)")
            }
            if Self.isComplete(root) { return }
            logger.info("Installing an image", metadata: ["packages": "\(recipe.title)", "directory": "\(root)"])
            try await builder.build(recipe, at: root, lock: lock, journal)
        } catch let error as FileError {
            throw HostImageError("\(error)", remedy: "let the user that runs Martlet write there, and make room")
        }
        logger.info(
            "Installed an image", metadata: ["packages": "\(recipe.title)", "took": "\(time.now - started)"])
    }
}
