import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// What is known of a pod from others like it that ran before: `martlet.dev/memory-bytes` and `martlet.dev/load-seconds`
/// of its revision, or of its deployment where it has no revision.
struct LearnedNeeds: Sendable {
    let bench: Workbench
    let machine: any ModelMachine

    /// Bytes that pods like it had. A revision that never ran is taken to need what the newest of its siblings did.
    func memory(of pod: Object) -> Int? {
        guard let source = source(of: pod) else { return nil }
        return Self.bytes(source) ?? siblings(source).lazy.compactMap(Self.bytes).first
    }

    /// Bytes of the model's files; `nil` while they are not here.
    func files(of pod: Object) -> Int? {
        let parts = ModelPart.parts(ofPod: pod).map { part in part.uri.flatMap { machine.bytes(ofModel: $0) } }
        let known = parts.compactMap(\.self)
        return parts.isEmpty || known.count < parts.count ? nil : known.reduce(0, +)
    }

    /// `nil` where it was not learned yet.
    func loadSeconds(of revision: ObjectKey) -> Double? {
        bench.store(.revisions)[revision]?.annotations[ServingKeys.loadSeconds].flatMap { Double($0) }
    }

    private func source(of pod: Object) -> Object? {
        if let revision = pod.labels[ServingKeys.revision] { return bench.store(.revisions)[pod.sibling(revision)] }
        let set = pod.controller.flatMap { bench.store(.replicaSets)[pod.sibling($0.name)] }
        return set?.controller.flatMap { bench.store(.deployments)[pod.sibling($0.name)] }
    }

    /// The revisions of the same configuration, newest first.
    private func siblings(_ revision: Object) -> [Object] {
        guard let configuration = revision.controller else { return [] }
        return bench.store(.revisions).owned(by: configuration.uid)
            .sorted { $0.configurationGeneration > $1.configurationGeneration }
    }

    private static func bytes(_ object: Object) -> Int? {
        object.annotations[ServingKeys.memoryBytes].flatMap { Int($0) }
    }
}

extension Object {
    /// Of a revision: of which generation of its configuration it is.
    var configurationGeneration: Int { labels[ServingKeys.configurationGeneration].flatMap { Int($0) } ?? 0 }

    /// Of a pod: whether it waits for Martlet's scheduler.
    var isUnscheduled: Bool {
        let isAssigned = self["spec", "nodeName"]?.stringValue.map { !$0.isEmpty } ?? false
        let scheduler = self["spec", "schedulerName"]?.stringValue ?? "default-scheduler"
        return !isAssigned && !isBeingDeleted && !hasFailed && scheduler == "default-scheduler"
            && self["spec", "schedulingGates"]?.arrayValue?.isEmpty ?? true
    }
}
