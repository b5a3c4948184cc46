import JSONModel
import KubeModel

/// Kinds that are stored and checked, and that nothing acts on yet. Who writes them is told, so that nobody waits for what
/// will not come.
enum Unserved {
    private static let remedies = [
        "PersistentVolumeClaim": "no volume is bound; pvc://CLAIM/PATH finds a model in a directory of this machine",
        "TrainedModel": "no model is loaded; serve it by an InferenceService of its own",
        "ClusterStorageContainer": "models are fetched by Martlet itself",
        "LocalModelNode": "models are kept once per machine in any case",
        "LocalModelNodeGroup": "models are kept once per machine in any case",
    ]

    @Sendable static func warn(_ object: Object, _ old: Object?) -> [String] {
        let remedy = remedies[object.kind].map { ": \($0)" } ?? ""
        return ["Martlet stores \(object.kind) objects, but does not act on them yet\(remedy)"]
    }

    /// A new object is not ready, and says why: who waits for its readiness finds the reason there.
    @Sendable static func markNotReady(_ object: inout Object, _ old: Object?) {
        guard old == nil else { return }
        let message = warn(object, nil).joined()
        object["status", "conditions"] = [
            ["type": "Ready", "status": "False", "reason": "NotSupported", "message": .string(message)]
        ]
    }
}
