import JSONModel
import KubeClient
import KubeModel

// The options of each verb, from the parameters of the URL.

extension ListOptions {
    init(_ query: QueryParameters) throws {
        self.init(
            labelSelector: try LabelSelector(query), fieldSelector: query["fieldSelector"],
            limit: try query.int("limit") ?? 0, continueToken: query["continue"],
            resourceVersion: query["resourceVersion"], resourceVersionMatch: query["resourceVersionMatch"])
    }
}

extension WatchOptions {
    init(_ query: QueryParameters) throws {
        self.init(
            resourceVersion: query["resourceVersion"], labelSelector: try LabelSelector(query),
            fieldSelector: query["fieldSelector"], allowsBookmarks: query.bool("allowWatchBookmarks"),
            timeout: try query.int("timeoutSeconds").flatMap { $0 > 0 ? .seconds($0) : nil })
    }
}

extension LabelSelector {
    fileprivate init(_ query: QueryParameters) throws(Status) { try self.init(parsing: query["labelSelector"] ?? "") }
}

extension WriteOptions {
    init(_ request: APIRequest) throws(Status) {
        let query = request.query
        self.init(
            fieldManager: query["fieldManager"] ?? request.defaultFieldManager,
            isDryRun: try Self.isDryRun(query["dryRun"]), fieldValidation: query["fieldValidation"])
        guard fieldValidation == nil || ["Ignore", "Warn", "Strict"].contains(fieldValidation) else {
            throw Status.badRequest("fieldValidation must be Ignore, Warn or Strict")
        }
    }

    fileprivate static func isDryRun(_ value: String?) throws(Status) -> Bool {
        guard value == nil || value == "All" else { throw Status.badRequest("dryRun must be All") }
        return value != nil
    }
}

extension DeleteOptions {
    /// The body says more than the URL.
    init(_ request: APIRequest) throws {
        let query = request.query
        let body = request.body.isEmpty ? [:] : try request.document()
        let orphans = (body["orphanDependents"]?.boolValue ?? query.bool("orphanDependents")) ? "Orphan" : nil
        self.init(
            propagationPolicy: body["propagationPolicy"]?.stringValue ?? query["propagationPolicy"] ?? orphans,
            gracePeriodSeconds: try body["gracePeriodSeconds"]?.intValue ?? query.int("gracePeriodSeconds"),
            preconditionUID: body[path: "preconditions", "uid"]?.stringValue,
            preconditionResourceVersion: body[path: "preconditions", "resourceVersion"]?.stringValue,
            isDryRun: try WriteOptions.isDryRun(body["dryRun"]?[0]?.stringValue ?? query["dryRun"]))
    }
}
