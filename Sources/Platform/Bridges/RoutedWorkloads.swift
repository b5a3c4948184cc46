import Authorization
import JSONModel
import KubeModel
import Routing
import ServingAPI

/// What routes lead to, as Istio's policies name it: by the labels that pods have or would have, since a model at zero has
/// none.
struct RoutedWorkloads {
    private let table: RoutingTable
    private let services: [ObjectKey: Object]
    private let find: (Resource, ObjectKey) -> Object?

    init(_ table: RoutingTable, services: [ObjectKey: Object], find: @escaping (Resource, ObjectKey) -> Object?) {
        self.table = table
        self.services = services
        self.find = find
    }

    /// - Returns: one for each revision; where there is none yet, one for each InferenceService or namespace.
    func behind(route: Int, _ subject: RouteSubject) -> [Workload] {
        let revisions = Set(table.reached(byRoute: route)).sorted()
        var found = Set(revisions.map { workload(table.revisions[$0]) })
        let known = Set(found.map(\.namespace))
        if revisions.isEmpty { found.formUnion(subject.owners.map { workload(owner: $0) }) }
        found.formUnion(
            subject.namespaces.subtracting(known).subtracting(subject.owners.compactMap(\.namespace))
                .map { Workload(namespace: $0) })
        return found.sorted { ($0.namespace, $0.names.sorted().joined()) < ($1.namespace, $1.names.sorted().joined()) }
    }

    private func workload(_ revision: RoutedRevision) -> Workload {
        var workload =
            revision.inferenceService.map(workload(owner:)) ?? Workload(namespace: revision.key.namespace ?? "")
        // A Deployment's key is a revision's in Standard mode.
        let labels =
            find(.revisions, revision.key)?.labels
            ?? find(.deployments, revision.key)?.json[path: "spec", "template", "metadata", "labels"]?.objectValue.map {
                Dictionary($0.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first }
            } ?? [:]
        workload.labels.merge(labels) { $1 }
        if !revision.service.isEmpty { workload.names.insert(revision.service) }
        return workload
    }

    private func workload(owner: ObjectKey) -> Workload {
        let object = services[owner]
        var labels = object?.labels ?? [:]
        labels["serving.kserve.io/inferenceservice"] = owner.name
        labels["component"] = "predictor"
        let own = object?.spec[path: "predictor", "labels"]?.objectValue ?? [:]
        for member in own { labels[member.key] = member.value.stringValue }
        return Workload(
            namespace: owner.namespace ?? "", labels: labels, names: [owner.name, "\(owner.name)-predictor"])
    }
}
