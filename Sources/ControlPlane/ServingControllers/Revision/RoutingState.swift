import JSONModel
import KubeModel
import ServingAPI

/// Whether traffic or a tag leads to a revision, as its label says: `pending` before any ever did, `active` while one
/// does, `reserve` after that. An annotation tells since when, another through which routes.
enum RoutingState {
    /// - Parameters:
    ///   - routes: the names of those whose traffic, as it is, names the revision.
    ///   - now: RFC 3339.
    /// - Returns: `nil` where the revision says so already.
    static func change(of revision: Object, routes: [String], now: String) -> Plan.Change? {
        let old = revision.labels[ServingKeys.routingState] ?? "pending"
        let state = routes.isEmpty ? (old == "active" ? "reserve" : old) : "active"
        let names = routes.sorted().joined(separator: ",")
        var annotations: JSONValue = [:]
        if revision.annotations[Annotation.routes] ?? "" != names {
            annotations[Annotation.routes] = names.isEmpty ? .null : .string(names)
        }
        if state != old { annotations[Annotation.routingStateModified] = .string(now) }
        guard annotations != [:], !revision.isBeingDeleted else { return nil }
        var metadata: JSONValue = ["annotations": annotations]
        if state != old { metadata["labels"] = [ServingKeys.routingState: .string(state)] }
        return Plan.Change(resource: .revisions, key: revision.key, fields: ["metadata": metadata])
    }

    /// The revisions that a route's traffic, as it is, names.
    static func routed(by route: Object) -> [ObjectKey] {
        let names = (route["status", "traffic"]?.arrayValue ?? []).compactMap { $0["revisionName"]?.stringValue }
        return Set(names).map { route.sibling($0) }
    }
}
