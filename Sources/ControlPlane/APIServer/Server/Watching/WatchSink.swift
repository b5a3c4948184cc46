import KubeClient
import KubeModel

/// Where a watch tells what happens. Called on the store's writer: it must be quick.
protocol WatchSink: Sendable {
    /// - Returns: false where its reader is too far behind, or cannot be told.
    func take(_ notice: WatchNotice) -> Bool
    /// Nothing comes any more.
    ///
    /// - Parameter reason: why, where that is not the watch's own end.
    func end(_ reason: Status?)
}

/// Tells a reader in this process.
struct WatchStreamSink: WatchSink {
    private let resource: Resource
    private let continuation: WatchStream.Continuation

    /// - Parameters:
    ///   - resource: in whose version objects are shown.
    ///   - capacity: how many events may wait.
    ///   - onEnd: called when the stream has ended, or nobody reads it any more.
    static func make(
        _ resource: Resource, capacity: Int, onEnd: @escaping @Sendable () -> Void
    ) -> (any WatchSink, WatchStream) {
        let (stream, continuation) = WatchStream.makeStream(bufferingPolicy: .bufferingOldest(capacity))
        continuation.onTermination = { _ in onEnd() }
        return (WatchStreamSink(resource: resource, continuation: continuation), stream)
    }

    func take(_ notice: WatchNotice) -> Bool {
        guard let event = try? notice.event(as: resource) else { return false }
        if case .dropped = continuation.yield(event) { return false }
        return true
    }

    func end(_ reason: Status?) { continuation.finish(throwing: reason) }
}
