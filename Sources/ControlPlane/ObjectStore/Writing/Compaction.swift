import GRDB

/// Forgets old changes while new ones are written, which needs no clockwork: what nobody writes to does not grow.
struct Compaction: Sendable {
    /// How many changes are written from one time to the next.
    static let stride = 100
    /// More than are written meanwhile, so that a store that was left alone for long catches up; few, so that no write
    /// waits for it.
    private static let forgottenAtOnce = 500

    let retention: Retention

    /// - Parameters:
    ///   - revision: the latest; it stays, whatever its age.
    ///   - now: seconds since 1970.
    func run(_ db: Database, at revision: Int, now: Int64) throws {
        guard let oldest = try Int.fetchOne(db.cachedStatement(sql: "SELECT min(revision) FROM changes")) else {
            return
        }
        let limit = min(oldest + Self.forgottenAtOnce, revision)
        let old = try firstYoung(db, from: oldest, upTo: limit, now: now) ?? limit
        let end = min(max(old, revision - retention.count + 1), limit)
        try db.cachedStatement(sql: "DELETE FROM changes WHERE revision < ?").execute(arguments: [end])
    }

    private func firstYoung(_ db: Database, from oldest: Int, upTo limit: Int, now: Int64) throws -> Int? {
        let statement = try db.cachedStatement(
            sql:
                "SELECT revision FROM changes WHERE revision >= ? AND revision < ? AND time > ? ORDER BY revision LIMIT 1"
        )
        return try Int.fetchOne(statement, arguments: [oldest, limit, now - retention.age.components.seconds])
    }
}
