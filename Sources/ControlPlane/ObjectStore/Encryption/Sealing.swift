import GRDB
import KubeModel

/// Brings every row of the encrypted resources into today's form: those that lie open are sealed, those under an older
/// key get the current one. Opens every envelope on the way, so that a wrong key shows at the start.
struct Sealing {
    let db: Database
    let rows: RowText

    private struct Found {
        var id: Int64
        var value: DatabaseValue
    }

    /// Answers whether anything was rewritten.
    func run() throws -> Bool {
        var isRewritten = false
        for resource in rows.encrypted.sorted(by: { $0.name < $1.name }) {
            isRewritten = try run("objects", "id", resource) || isRewritten
            isRewritten = try run("changes", "revision", resource) || isRewritten
        }
        return isRewritten
    }

    private func run(_ table: String, _ id: String, _ resource: GroupResource) throws -> Bool {
        let stale = try stale(table, id, resource)
        let statement = try db.cachedStatement(sql: "UPDATE \(table) SET json = ? WHERE \(id) = ?")
        for found in stale { try statement.execute(arguments: [found.value, found.id]) }
        return !stale.isEmpty
    }

    /// The rows to be rewritten, with what is to be in them.
    private func stale(_ table: String, _ id: String, _ resource: GroupResource) throws -> [Found] {
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT \(id), namespace, name, json FROM \(table) WHERE resource = ? AND json IS NOT NULL",
            arguments: [resource.name])
        var stale: [Found] = []
        while let row = try cursor.next() {
            let key = Snapshot.key(row[1], row[2])
            let text = try rows.text(row[3], resource, key)
            guard !rows.isCurrent(row[3]) else { continue }
            stale.append(Found(id: row[0], value: try rows.value(text, resource, key)))
        }
        return stale
    }
}
