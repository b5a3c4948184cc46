import GRDB
import Synchronization

/// Commits the writes that wait in one transaction, in the order in which they came: one synchronisation of the disk
/// serves them all. Each is undone by itself if it fails. A caller hears of its write after the commit, and after the
/// observers of changes did.
final class WriteQueue: Sendable {
    /// Writes of one commit: more would only make the first of them wait.
    private static let batchLimit = 128

    private struct State {
        var pending: [any PendingWrite] = []
        var isDraining = false
    }

    let gate: WriteGate
    private let pool: DatabasePool
    private let rows: RowText
    private let hub: ChangeHub
    private let path: String
    private let compaction: Compaction
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    init(_ file: StoreFile, hub: ChangeHub, path: String, _ configuration: StoreConfiguration) {
        pool = file.pool
        rows = file.rows
        self.hub = hub
        self.path = path
        compaction = Compaction(retention: configuration.retention)
        now = configuration.now
        gate = WriteGate(onChange: configuration.onReadOnly)
    }

    func enqueue(_ write: any PendingWrite) {
        let mustDrain = state.withLock { state in
            state.pending.append(write)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustDrain { pool.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = next()
            guard !batch.isEmpty else { return }
            commit(batch, db)
        }
    }

    private func next() -> [any PendingWrite] {
        state.withLock {
            let batch = Array($0.pending.prefix(Self.batchLimit))
            $0.pending.removeFirst(batch.count)
            $0.isDraining = !batch.isEmpty
            return batch
        }
    }

    private func commit(_ batch: [any PendingWrite], _ db: Database) {
        let now = now()
        if let refusal = gate.refusal(now: now) { return batch.forEach { $0.finish(refusal) } }
        do {
            var changes: [Change] = []
            try db.inTransaction(.immediate) {
                for write in batch { changes += try attempt(write, db, now) }
                return .commit
            }
            if !changes.isEmpty { gate.commitEnded(nil, now: now) }
            hub.publish(changes)
            batch.forEach { $0.finish(nil) }
        } catch {
            let failure = StoreError(error, path: path)
            gate.commitEnded(failure, now: now)
            batch.forEach { $0.finish(failure) }
        }
    }

    private func attempt(_ write: any PendingWrite, _ db: Database, _ now: Int64) throws -> [Change] {
        let transaction = try Transaction(Snapshot(db: db, path: path, rows: rows), now: now, compaction)
        var verdict = Verdict.undo(nil)
        do {
            try db.inSavepoint {
                verdict = write.attempt(transaction)
                return verdict.isKept ? .commit : .rollback
            }
        } catch { throw verdict.cause ?? error }
        // A full disk makes SQLite abandon the transaction: nothing must be written outside of it.
        guard db.isInsideTransaction else { throw verdict.cause ?? StoreError(.other, "SQLite gave the write up") }
        return verdict.isKept ? transaction.changes : []
    }
}
