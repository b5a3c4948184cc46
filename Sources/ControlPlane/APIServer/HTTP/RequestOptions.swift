import JSONModel
import KubeClient
import KubeModel

// The options of each verb, from the parameters of the URL.

extension ListOptions {
    init(_ query: QueryParameters) throws {
        self.init(
            labelSelector: try LabelSelector(query), fieldSelector: query["fieldSelector"],
            limit: max(0, try query.signedInt("limit") ?? 0), continueToken: query["continue"],
            resourceVersion: query["resourceVersion"], resourceVersionMatch: query["resourceVersionMatch"])
    }
}

extension WatchOptions {
    init(_ query: QueryParameters) throws {
        self.init(
            resourceVersion: query["resourceVersion"], labelSelector: try LabelSelector(query),
            fieldSelector: query["fieldSelector"], allowsBookmarks: query.bool("allowWatchBookmarks"),
            timeout: try query.int("timeoutSeconds").flatMap { $0 > 0 ? .seconds($0) : nil },
            sendsInitialEvents: query["sendInitialEvents"].map { _ in query.bool("sendInitialEvents") },
            resourceVersionMatch: query["resourceVersionMatch"])
    }
}

extension LabelSelector {
    fileprivate init(_ query: QueryParameters) throws(Status) { try self.init(parsing: query["labelSelector"] ?? "") }
}
