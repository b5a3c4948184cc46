import NIOCore
import Synchronization

/// Tells every handler of a connection that the server stops.
struct ServerIsStopping: Sendable {}

/// The connections of a server, so that each can be told when it stops.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        let isStopping = state.withLock { state in
            state.channels[key] = channel
            return state.isStopping
        }
        channel.closeFuture.whenComplete { [self] _ in state.withLock { $0.channels[key] = nil } }
        if isStopping { channel.close(promise: nil) }
    }

    /// Tells all connections, and comes back when the last of them is closed. Cancelling closes them at once.
    func stop() async {
        let channels = state.withLock { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
        await withTaskCancellationHandler {
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping()) }
            for channel in channels { try? await channel.closeFuture.get() }
        } onCancel: {
            for channel in channels { channel.close(promise: nil) }
        }
    }
}
