import GRDB
import Synchronization

/// One caller's write on its way through the queue.
protocol PendingWrite: Sendable {
    func attempt(_ transaction: Transaction) -> Verdict
    /// Tells the caller, once it is durable or, with `failure`, once it is certain that it is not.
    func finish(_ failure: StoreError?)
}

/// Whether what a write did is to be committed.
enum Verdict {
    case keep
    /// It failed, or was a dry run.
    case undo((any Error)?)

    var isKept: Bool {
        if case .keep = self { true } else { false }
    }

    /// The database's error, if it was one.
    var cause: DatabaseError? {
        if case .undo(let error) = self { error as? DatabaseError } else { nil }
    }
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

    func attempt(_ transaction: Transaction) -> Verdict {
        let outcome = Result { try body(transaction) }
        result.withLock { $0 = outcome }
        return switch outcome {
        case .success: isDryRun ? .undo(nil) : .keep
        case .failure(let error): .undo(error)
        }
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
