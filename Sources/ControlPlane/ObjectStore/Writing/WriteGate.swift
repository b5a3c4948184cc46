import Synchronization

/// Whether writes are let through: closed while the disk is full or fails. One write each second is let through to
/// see whether it works again.
final class WriteGate: Sendable {
    private struct Closed {
        var failure: StoreError
        /// Seconds since 1970 of the last failure.
        var time: Int64
    }

    private let state = Mutex<Closed?>(nil)
    private let onChange: @Sendable (StoreError?) -> Void

    /// - Parameter onChange: called with the reason when the gate closes, with `nil` when it opens again.
    init(onChange: @escaping @Sendable (StoreError?) -> Void) { self.onChange = onChange }

    var failure: StoreError? { state.withLock { $0?.failure } }

    /// Why nothing may be written now; `nil` where something may.
    func refusal(now: Int64) -> StoreError? {
        state.withLock { $0.flatMap { $0.time == now ? $0.failure : nil } }
    }

    /// What came of a commit that was let through.
    func commitEnded(_ failure: StoreError?, now: Int64) {
        if let failure, !failure.code.isOfDisk { return }
        let wasClosed = state.withLock { state in
            defer { state = failure.map { Closed(failure: $0, time: now) } }
            return state != nil
        }
        if wasClosed != (failure != nil) { onChange(failure) }
    }
}

extension StoreError.Code {
    /// Whether it is the disk that does not take a write, rather than the write that is wrong.
    fileprivate var isOfDisk: Bool { [.diskFull, .failing, .notWritable].contains(self) }
}
