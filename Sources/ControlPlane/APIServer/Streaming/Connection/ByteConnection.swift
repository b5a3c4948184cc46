/// Both directions of a connection that is no longer HTTP.
protocol ByteConnection: Sendable {
    /// What came, as much as there is; `nil` at the end. For one reader, whose pace is the sender's: what is not read
    /// stays with the sender. Cancelling the task closes the connection.
    func read() async throws -> [UInt8]?
    /// Sends bytes in the order of the calls; comes back when the system has taken them.
    func write(_ bytes: [UInt8]) async throws
    func close()
}

extension ByteConnection {
    /// How long a client may take to close, once all is said.
    private static var patience: Duration { .seconds(2) }

    /// Does `work` while what the client sends is taken by `reading`. When the client goes, `work` is cancelled. When
    /// the work is done, the client may close first: what was sent to it would be lost with a connection that is closed
    /// while something comes in.
    func serve(
        reading: @escaping @Sendable () async throws -> Void, _ work: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await reading()
                return true
            }
            group.addTask {
                await work()
                return false
            }
            let isClientGone = await group.next() ?? true
            if !isClientGone {
                group.addTask {
                    try? await Task.sleep(for: Self.patience)
                    return false
                }
                _ = await group.next()
            }
            group.cancelAll()
            close()
        }
    }
}
