import Synchronization

/// One caller's write on its way through the queue.
protocol PendingWrite: Sendable {
    /// Runs it; false if what it wrote must be undone.
    func attempt(_ transaction: Transaction) -> Bool
    /// Tells the caller, once it is durable or, with `failure`, once it is certain that it is not.
    func finish(_ failure: StoreError?)
}

final class WriteOf<Value: Sendable>: PendingWrite {
    private let isDryRun: Bool
    private let body: @Sendable (Transaction) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let result = Mutex<Result<Value, any Error>?>(nil)

    init(
        isDryRun: Bool, continuation: CheckedContinuation<Value, any Error>,
        body: @escaping @Sendable (Transaction) throws -> Value
    ) {
        self.isDryRun = isDryRun
        self.continuation = continuation
        self.body = body
    }

    func attempt(_ transaction: Transaction) -> Bool {
        let outcome = Result { try body(transaction) }
        result.withLock { $0 = outcome }
        if case .success = outcome { return !isDryRun }
        return false
    }

    func finish(_ failure: StoreError?) {
        let outcome = result.withLock { $0 }
        switch (outcome, failure) {
        case (.some(let outcome), nil): continuation.resume(with: outcome)
        case (_, .some(let failure)): continuation.resume(throwing: failure)
        case (nil, nil): continuation.resume(throwing: StoreError(.other, "the write was never run"))
        }
    }
}
