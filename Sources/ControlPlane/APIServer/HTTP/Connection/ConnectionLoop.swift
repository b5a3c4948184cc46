import NIOCore

/// What the connections of an event loop share.
final class ConnectionLoop: Sendable {
    let executor: LoopExecutor
    let rounds: WatchRounds

    init(_ loop: any EventLoop) {
        executor = LoopExecutor(loop)
        rounds = WatchRounds(loop)
    }
}
