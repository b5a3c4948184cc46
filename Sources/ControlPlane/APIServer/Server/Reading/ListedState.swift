import KubeClient
import KubeModel
import ObjectStore

/// Which state of the store a list shows: what `resourceVersion`, `resourceVersionMatch`, `limit` and `continue` mean
/// together, as in kube-apiserver.
enum ListedState: Sendable, Hashable {
    /// The present, which must be at least that revision.
    case latest(atLeast: Int)
    case exactly(Int)

    /// Throws a 400 or a 422 where they contradict each other.
    init(_ options: ListOptions, _ token: ContinueToken?) throws(Status) {
        try options.checkMatch()
        let wished = try Self.revision(options.resourceVersion)
        if let token {
            guard wished == 0 else {
                throw .badRequest("resourceVersion must not be given with continue, which has one of its own")
            }
            self = token.revision.map { .exactly($0) } ?? .latest(atLeast: 0)
            return
        }
        let isExact =
            options.resourceVersionMatch == "Exact"
            || options.resourceVersionMatch == nil && options.limit > 0 && wished > 0
        self = isExact ? .exactly(wished) : .latest(atLeast: wished)
    }

    /// The revision to show.
    ///
    /// Throws a 504 for one that is not there yet.
    func revision(_ snapshot: Snapshot) throws -> Int {
        let current = try snapshot.revision()
        switch self {
        case .latest(let wished):
            guard wished <= current else { throw Status.tooLarge(wished, current) }
            return current
        case .exactly(let wished):
            guard wished <= current else { throw Status.tooLarge(wished, current) }
            return wished
        }
    }

    /// 0 for none, which is any.
    static func revision(_ text: String?) throws(Status) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        guard let revision = Int(text), revision >= 0 else {
            throw .badRequest("resourceVersion: Invalid value: \"\(text)\": it must be one that the server handed out")
        }
        return revision
    }
}

extension ListOptions {
    fileprivate func checkMatch() throws(Status) {
        guard let match = resourceVersionMatch, !match.isEmpty else { return }
        let field = FieldPath("resourceVersionMatch")
        var causes: [Status.Cause] = []
        if (resourceVersion ?? "").isEmpty { causes.append(.forbidden(field, "needs a resourceVersion beside it")) }
        if !(continueToken ?? "").isEmpty { causes.append(.forbidden(field, "must not be given with continue")) }
        if !["Exact", "NotOlderThan"].contains(match) {
            causes.append(.notSupported(field, match, supported: ["Exact", "NotOlderThan"]))
        }
        if match == "Exact", resourceVersion == "0" {
            causes.append(.forbidden(field, "Exact means nothing for resourceVersion 0, which is any"))
        }
        guard causes.isEmpty else { throw .invalidOptions(causes) }
    }
}

extension Status {
    /// The query of a list or a watch contradicts itself.
    static func invalidOptions(_ causes: [Cause]) -> Status {
        .invalid(GroupVersionKind(group: "meta.k8s.io", version: "v1", kind: "ListOptions"), "", causes)
    }

    /// A revision that is not there yet. Clients come again.
    static func tooLarge(_ wished: Int, _ current: Int) -> Status {
        Status(
            code: 504, reason: "Timeout",
            message: "Timeout: Too large resource version: \(wished), current: \(current)",
            causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")],
            retryAfterSeconds: 1)
    }
}
