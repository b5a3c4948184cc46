import JSONModel
import KubeModel
import Routing
import ServingAPI

@testable import ServingControllers

/// The objects, and who hears of their changes.
final class SimulatedObjects {
    private(set) var autoscalers: [String: Object] = [:]
    private(set) var deployments: [String: Object] = [:]
    /// By the name of the revision; its Deployment's template never changes.
    private(set) var replicaSets: [String: Object] = [:]
    private(set) var pods: [String: Object] = [:]
    private(set) var revisions: [String: Object] = [:]
    private(set) var routes: [String: Object] = [:]
    private var made = 0

    /// An autoscaler is looked at when it, its deployment or its pods change; a deployment when it or its pods do.
    var onAutoscaler: (_ revision: String) -> Void = { _ in }
    var onDeployment: (_ revision: String) -> Void = { _ in }
    /// What the routing table is made of.
    var onRouting: () -> Void = {}

    /// A pod has its node.
    var onBinding: (_ pod: Object) -> Void = { _ in }
    /// A pod waits for its node, or one is gone.
    var onRoom: () -> Void = {}
    /// A pod is to go.
    var onDeletion: (_ pod: Object) -> Void = { _ in }

    func uid(_ kind: String) -> String {
        made += 1
        return "\(kind)-\(made)"
    }

    func setRoute(_ object: Object) {
        routes[object.name] = object
        onRouting()
    }

    func setRevision(_ name: String, _ object: Object?) {
        revisions[name] = object
        onRouting()
    }

    func setAutoscaler(_ revision: String, _ object: Object?) {
        guard autoscalers[revision] != object else { return }
        autoscalers[revision] = object
        onAutoscaler(revision)
    }

    func setDeployment(_ revision: String, _ object: Object?) {
        guard deployments[revision] != object else { return }
        deployments[revision] = object
        if object == nil { replicaSets[revision] = nil }
        onDeployment(revision)
        onAutoscaler(revision)
    }

    func setReplicaSet(_ revision: String, _ object: Object) {
        guard replicaSets[revision] != object else { return }
        replicaSets[revision] = object
        onDeployment(revision)
    }

    func setPod(_ object: Object) {
        guard pods[object.name] != object else { return }
        pods[object.name] = object
        podChanged(object)
    }

    func bindPod(_ name: String) {
        guard var object = pods[name], object["spec", "nodeName"] == nil, !object.isBeingDeleted else { return }
        object["spec", "nodeName"] = "node"
        setPod(object)
        onBinding(object)
    }

    func updatePod(_ name: String, _ change: (inout Object) -> Void) {
        guard var object = pods[name] else { return }
        change(&object)
        setPod(object)
    }

    /// As the server does it: the node lets it go, and then it is removed.
    func deletePod(_ name: String, uid: String, at timestamp: String) {
        guard var object = pods[name], object.uid == uid, !object.isBeingDeleted else { return }
        object.deletionTimestamp = timestamp
        if object["spec", "nodeName"] == nil { return removePod(name, uid: uid) }
        setPod(object)
        onDeletion(object)
    }

    func removePod(_ name: String, uid: String) {
        guard let object = pods[name], object.uid == uid else { return }
        pods[name] = nil
        podChanged(object)
        onRoom()
    }

    private func podChanged(_ pod: Object) {
        let revision = pod.labels["serving.knative.dev/revision"] ?? ""
        onDeployment(revision)
        onAutoscaler(revision)
        onRouting()
    }

    func pods(of revision: String) -> [Object] {
        pods.values.filter { $0.labels["serving.knative.dev/revision"] == revision }.sorted { $0.name < $1.name }
    }

    /// The real compiler's table of them.
    func compile() -> RoutingTable {
        RoutingTable.compile(
            RoutingObjects(routes: Array(routes.values), revisions: Array(revisions.values), pods: Array(pods.values)),
            domain: "localhost")
    }
}
