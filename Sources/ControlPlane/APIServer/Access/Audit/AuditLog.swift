import JSONModel
import KubeAccess
package import Logging
import ServiceLifecycle
import Synchronization

/// Writes down who did what (`audit.k8s.io/v1` Events, one JSON object a line).
///
/// Writing never holds a request up: records wait in a queue that has a bound, in number and in bytes; what does not fit
/// is counted and lost. As a service it is to be started before the API and stopped after it, and then writes what
/// still waits.
package final class AuditLog: Service {
    private static let recordLimit = 10_000
    private static let byteLimit = 64 << 20

    private struct Queue {
        var records: [AuditRecord] = []
        var bytes = 0
        var dropped = 0
        var written = 0
    }

    private let policy: AuditPolicy
    private let file: AuditFile
    private let logger: Logger
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int64
    private let uid: @Sendable () -> String
    private let queue = Mutex(Queue())
    private let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameters:
    ///   - path: of the file; rotated ones are beside it, with `.1` (the latest) and so on at their end.
    ///   - sizeLimit: bytes from which on a new file is begun.
    ///   - backups: how many files are kept beside it.
    /// - Throws: `PrivateFile.Failure` where the file cannot be written.
    package init(
        _ policy: AuditPolicy, path: String, sizeLimit: Int = 100 << 20, backups: Int = 10, logger: Logger,
        environment: ServerEnvironment = .system
    ) throws {
        self.policy = policy
        self.logger = logger
        file = try AuditFile(path, sizeLimit: sizeLimit, backups: backups)
        now = environment.now
        uid = environment.uid
    }

    /// Records that were lost: there were too many at once, or the file could not be written.
    package var dropped: Int { queue.withLock { $0.dropped } }
    package var written: Int { queue.withLock { $0.written } }

    package func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in signals { drain() }
            drain()
        } onGracefulShutdown: {
            self.signal.finish()
        }
    }

    private func add(_ record: AuditRecord) {
        queue.withLock { queue in
            guard queue.records.count < Self.recordLimit, queue.bytes + record.size <= Self.byteLimit else {
                queue.dropped += 1
                return
            }
            queue.records.append(record)
            queue.bytes += record.size
        }
        signal.yield()
    }

    func drain() {
        let records = queue.withLock { queue in
            defer { (queue.records, queue.bytes) = ([], 0) }
            return queue.records
        }
        guard !records.isEmpty else { return }
        var failures = 0
        for record in records {
            do { try file.write(record.json.serialized() + [UInt8(ascii: "\n")]) } catch {
                if failures == 0 { logger.error("The audit log cannot be written", metadata: ["error": "\(error)"]) }
                failures += 1
            }
        }
        queue.withLock {
            $0.dropped += failures
            $0.written += records.count - failures
        }
    }
}

extension AuditLog {
    /// Begins the account of a request; `nil` for one that is not written down.
    func begin(_ request: APIRequest) -> AuditEntry? {
        let attributes = AccessAttributes(request)
        guard let rule = policy.rule(request.identity, attributes), rule.level > .none else { return nil }
        let time = now()
        let level = attributes.holdsSecrets ? min(rule.level, .metadata) : rule.level
        var record = AuditRecord(
            id: uid(), stage: .requestReceived, level: level,
            omitsManagedFields: rule.omitManagedFields ?? policy.omitManagedFields, attributes: attributes,
            request: request, received: time, staged: time)
        if level < .request { record.request.body = [] }
        let entry = AuditEntry(log: self, record: record, omitStages: policy.omitStages.union(rule.omitStages))
        entry.note(.requestReceived)
        return entry
    }

    fileprivate func take(_ record: AuditRecord) {
        var record = record
        record.staged = now()
        add(record)
    }
}

/// The account of one request.
struct AuditEntry: Sendable {
    fileprivate let log: AuditLog
    fileprivate let record: AuditRecord
    fileprivate let omitStages: Set<String>

    /// Adds the response; of a streamed one its begin and its end, of a long list its end. Neither's body.
    func finish(_ response: APIResponse) -> APIResponse {
        var response = response
        switch response.body {
        case .whole(let bytes):
            let isWanted = record.level >= .requestResponse || response.code >= 400 && !record.attributes.holdsSecrets
            note(.responseComplete, code: response.code, isWanted ? bytes : [])
        case .parts(let send):
            response.body = .parts { [self, code = response.code] write in
                defer { note(.responseComplete, code: code) }
                try await send(write)
            }
        case .streamed(let send):
            note(.responseStarted, code: response.code)
            response.body = .streamed { [self, code = response.code] write in
                defer { note(.responseComplete, code: code) }
                try await send(write)
            }
        case .watch(var watch):
            note(.responseStarted, code: response.code)
            watch.onEnd = { [self, code = response.code] in note(.responseComplete, code: code) }
            response.body = .watch(watch)
        case .upgraded(var upgrade):
            note(.responseStarted, code: response.code)
            let run = upgrade.run
            upgrade.run = { [self, code = response.code] connection in
                defer { note(.responseComplete, code: code) }
                try await run(connection)
            }
            response.body = .upgraded(upgrade)
        }
        return response
    }

    fileprivate func note(_ stage: AuditRecord.Stage, code: Int? = nil, _ response: [UInt8] = []) {
        guard !omitStages.contains(stage.rawValue) else { return }
        var record = record
        record.stage = stage
        record.code = code
        record.response = response
        log.take(record)
    }
}
