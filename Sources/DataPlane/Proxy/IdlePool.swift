import Activation

/// The idle connections to one endpoint. The one used last is taken first: the others age, and are closed before the
/// server does it.
struct IdlePool<Connection> {
    private var connections: [(connection: Connection, since: MonotonicTime)] = []
    private let limit: Int
    private let idleLimit: Duration

    init(limit: Int, idleLimit: Duration) {
        self.limit = limit
        self.idleLimit = idleLimit
    }

    var count: Int { connections.count }

    /// - Returns: `nil` where there is none, or none that is young enough.
    mutating func take(at now: MonotonicTime) -> Connection? {
        guard let last = connections.last, now < last.since.advanced(by: idleLimit) else { return nil }
        return connections.removeLast().connection
    }

    /// - Returns: Whether there was room; if not, the caller closes the connection.
    mutating func put(_ connection: Connection, at now: MonotonicTime) -> Bool {
        guard connections.count < limit else { return false }
        connections.append((connection, now))
        return true
    }

    /// Takes out those that have been idle for too long, oldest first.
    mutating func removeExpired(at now: MonotonicTime) -> [Connection] {
        let expired = connections.prefix { $0.since.advanced(by: idleLimit) <= now }.map(\.connection)
        connections.removeFirst(expired.count)
        return expired
    }

    mutating func removeAll() -> [Connection] {
        defer { connections = [] }
        return connections.map(\.connection)
    }
}

extension IdlePool where Connection: AnyObject {
    /// Takes out one that was closed by the server.
    mutating func remove(_ connection: Connection) {
        guard let index = connections.lastIndex(where: { $0.connection === connection }) else { return }
        connections.remove(at: index)
    }
}
