import KubeClient
import KubeModel

/// What a watch begins with: what `resourceVersion` and `sendInitialEvents` mean together, as in kube-apiserver.
enum WatchBeginning: Sendable, Hashable {
    /// Every object there is, in a state not older than `atLeast`.
    case everything(atLeast: Int, endsWithBookmark: Bool)
    /// What happens from now on.
    case present
    /// What happened behind this revision.
    case after(Int)

    /// Throws a 400 or a 422 where they contradict each other.
    init(_ options: WatchOptions) throws(Status) {
        try options.checkMatch()
        let revision = try ListedState.revision(options.resourceVersion)
        self =
            switch (options.sendsInitialEvents, revision) {
            case (true, _): .everything(atLeast: revision, endsWithBookmark: options.allowsBookmarks)
            case (false, 0): .present
            case (nil, 0): .everything(atLeast: 0, endsWithBookmark: false)
            default: .after(revision)
            }
    }
}

extension WatchOptions {
    fileprivate func checkMatch() throws(Status) {
        let field = FieldPath("resourceVersionMatch")
        let match = resourceVersionMatch ?? ""
        var causes: [Status.Cause] = []
        if sendsInitialEvents != nil, match != "NotOlderThan" {
            causes.append(.forbidden(field, "must be NotOlderThan with sendInitialEvents"))
        }
        if sendsInitialEvents == nil, !match.isEmpty {
            causes.append(.forbidden(field, "means nothing for a watch without sendInitialEvents"))
        }
        if !match.isEmpty, match != "NotOlderThan" {
            causes.append(.notSupported(field, match, supported: ["NotOlderThan"]))
        }
        guard causes.isEmpty else { throw .invalidOptions(causes) }
    }
}
