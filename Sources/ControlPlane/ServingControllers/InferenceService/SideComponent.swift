import JSONModel
import KubeModel
import ServingAPI

/// A transformer or an explainer in Knative mode: what is to be, and what there is of it.
struct SideComponent: Sendable {
    var role: ComponentRole
    var rendered: Object
    /// Its Knative Service as it is; `nil` where there is none yet.
    var knativeService: Object?
    /// The pods of its newest revision.
    var pods: [Object]

    /// `status.components.<role>`.
    ///
    /// - Parameter service: the InferenceService as it is.
    func status(of service: Object) -> JSONValue {
        Self.status(knativeService, after: service["status", "components", role.rawValue])
    }

    /// What the status of an InferenceService says of a component.
    ///
    /// - Parameter old: what it said before.
    static func status(_ knativeService: Object?, after old: JSONValue?) -> JSONValue {
        let status = knativeService?["status"]
        let rolledOut = RolledOutRevisions(after: old, knativeService)
        var component: JSONValue = [:]
        component["latestCreatedRevision"] = status?["latestCreatedRevisionName"]
        component["latestReadyRevision"] = status?["latestReadyRevisionName"]
        component["latestRolledoutRevision"] = rolledOut.latest.map { .string($0) }
        component["previousRolledoutRevision"] = rolledOut.previous.map { .string($0) }
        for field in ["traffic", "url", "address"] { component[field] = status?[field] }
        return component
    }
}
