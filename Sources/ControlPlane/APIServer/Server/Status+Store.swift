import KubeModel
import ObjectStore

extension Status {
    /// What the store's trouble is to a caller. Without `retryAfterSeconds`: a full disk does not empty while one waits,
    /// and clients that retry by themselves would only say so later.
    init(_ error: StoreError) {
        switch error.code {
        case .diskFull, .failing, .notWritable, .busy:
            self.init(code: 503, reason: "ServiceUnavailable", message: error.message)
        default: self = .internalError(error.message)
        }
    }
}
