package import Activation
import Authorization
import HTTPFraming
package import KubeModel
import Routing
import Synchronization

/// A routing table together with the counts that go with its revisions and endpoints.
final class PreparedTable: Sendable {
    struct Revision: Sendable {
        let load: RevisionLoad
        /// One for each event loop.
        let counters: [TrafficCounters]
        /// Of copies of requests.
        let shadowCounters: [TrafficCounters]
        /// In the order of the table's endpoints.
        let endpoints: [EndpointLoad]
    }

    let table: RoutingTable
    let access: AccessTable
    /// In the order of the table's revisions.
    let revisions: [Revision]

    init(table: RoutingTable, access: AccessTable, revisions: [Revision]) {
        self.table = table
        self.access = access
        self.revisions = revisions
    }

    static let empty = PreparedTable(table: RoutingTable(), access: .open, revisions: [])
}

/// Keeps the counts of revisions and endpoints from table to table. Off the request path: its lock is taken when tables
/// change, at a scrape and when a pod stops.
final class TrafficRegistry: Sendable {
    fileprivate struct Record {
        var revision: RoutedRevision
        let load: RevisionLoad
        let counters: [TrafficCounters]
        let shadowCounters: [TrafficCounters]
    }

    private struct State {
        var revisions: [ObjectKey: Record] = [:]
        var endpoints: [Endpoint: EndpointLoad] = [:]
        /// Pods that are going to stop, oldest first: a table that was compiled before does not bring them back.
        var retired: [String] = []
    }

    private let state = Mutex(State())
    private let loops: Int
    private let queue: QueueLimits

    init(loops: Int, queue: QueueLimits) {
        self.loops = loops
        self.queue = queue
    }

    /// Closes the endpoints that `table` no longer has, at once and for all event loops.
    ///
    /// - Parameter now: When what is new has come, for slow start; `nil`: none is slow.
    func prepare(
        _ table: RoutingTable, _ access: AccessTable = .open, at now: MonotonicTime? = nil
    ) -> PreparedTable {
        state.withLock { state in
            let listed = Set(table.revisions.flatMap(\.endpoints))
            for (endpoint, load) in state.endpoints where !listed.contains(endpoint) {
                load.setListed(false)
                if load.inFlight == 0 { state.endpoints[endpoint] = nil }
            }
            var kept: [ObjectKey: Record] = [:]
            let revisions = table.revisions.map { revision in
                let endpoints = revision.endpoints.map { load(for: $0, at: now, in: &state) }
                let record = record(for: revision, in: state)
                kept[revision.key] = record
                if !endpoints.isEmpty { record.load.endWaking() }
                return PreparedTable.Revision(
                    load: record.load, counters: record.counters, shadowCounters: record.shadowCounters,
                    endpoints: endpoints)
            }
            state.revisions = kept
            return PreparedTable(table: table, access: access, revisions: revisions)
        }
    }

    private func load(for endpoint: Endpoint, at now: MonotonicTime?, in state: inout State) -> EndpointLoad {
        let load =
            state.endpoints[endpoint] ?? EndpointLoad(identity: Self.identity(of: endpoint), cameAt: now)
        state.endpoints[endpoint] = load
        if state.retired.contains(endpoint.podUID) { load.retire() }
        load.setListed(true)
        return load
    }

    private func record(for revision: RoutedRevision, in state: borrowing State) -> Record {
        // One that was deleted and made again is another one.
        if var record = state.revisions[revision.key], record.revision.uid == revision.uid {
            record.revision = revision
            return record
        }
        let load = RevisionLoad(
            namespace: revision.key.namespace ?? "", name: revision.key.name,
            concurrencyLimit: revision.containerConcurrency, loops: loops, queue: queue)
        return Record(
            revision: revision, load: load, counters: (0..<loops).map { _ in TrafficCounters() },
            shadowCounters: (0..<loops).map { _ in TrafficCounters() })
    }

    private static func identity(of endpoint: Endpoint) -> UInt64 {
        HeaderHash.of(Array("\(endpoint.podUID) \(endpoint.port)".utf8).span)
    }

    /// Endpoints of revisions that have several.
    var choices: [Endpoint] {
        state.withLock { state in
            state.revisions.values.flatMap { $0.revision.endpoints.count > 1 ? $0.revision.endpoints : [] }
        }
    }

    func note(_ engine: EngineGauge, of endpoint: Endpoint, at now: MonotonicTime) {
        state.withLock { $0.endpoints[endpoint] }?.note(engine, at: now)
    }

    /// No request goes to the pod any more.
    ///
    /// - Returns: The loads of its endpoints.
    func retire(podUID: String) -> [EndpointLoad] {
        state.withLock { state in
            if !state.retired.contains(podUID) { state.retired.append(podUID) }
            if state.retired.count > 1_024 { state.retired.removeFirst() }
            let loads = state.endpoints.filter { $0.key.podUID == podUID }.map(\.value)
            for load in loads { load.retire() }
            return loads
        }
    }

    func inFlight(podUID: String) -> Int {
        state.withLock { state in
            state.endpoints.reduce(0) { $1.key.podUID == podUID ? $0 + $1.value.inFlight : $0 }
        }
    }

    func load(of key: ObjectKey) -> RevisionLoad? {
        state.withLock { state in state.revisions[key]?.load }
    }

    func tokensInFlight(of key: ObjectKey) -> Int {
        let counters = state.withLock { state in state.revisions[key]?.counters ?? [] }
        return counters.reduce(0) { $0 + $1.tokensInFlight }
    }

    func read(at now: MonotonicTime) -> [RevisionTraffic] {
        let records = state.withLock { Array($0.revisions.values) }
        return records.map { RevisionTraffic($0, at: now) }
            .sorted { $0.revision < $1.revision }
    }
}

/// A revision's traffic since the start.
package struct RevisionTraffic: Sendable {
    package let revision: ObjectKey
    /// The Knative Service; empty where there is none.
    package let service: String
    package let inferenceService: ObjectKey?
    package let configuration: String
    package let concurrency: ConcurrencyReading
    /// Requests that wait now.
    package let waiting: Int
    /// What they hold in memory, at most.
    package let bytesWaiting: Int
    package let endpoints: Int
    package let traffic: TrafficReading

    /// The same of the copies of requests that were sent here as shadow traffic. They are in no other count but
    /// `concurrency`.
    package let shadow: TrafficReading

    fileprivate init(_ record: TrafficRegistry.Record, at now: MonotonicTime) {
        revision = record.revision.key
        service = record.revision.service
        inferenceService = record.revision.inferenceService
        configuration = record.revision.configuration
        concurrency = record.load.read(at: now)
        waiting = record.load.waiting
        bytesWaiting = record.load.bytesWaiting
        endpoints = record.revision.endpoints.count
        traffic = .sum(of: record.counters)
        shadow = .sum(of: record.shadowCounters)
    }
}

extension TrafficReading {
    fileprivate static func sum(of counters: [TrafficCounters]) -> TrafficReading {
        var sum = TrafficReading()
        for loop in counters { sum.add(loop.read()) }
        return sum
    }
}
