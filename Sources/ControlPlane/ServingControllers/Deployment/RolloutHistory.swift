import JSONModel
import KubeModel

/// The numbers that the versions of a Deployment have in `kubectl rollout history`, and which of them are kept.
///
/// Each rollout has the next number. A version that is rolled out again (`kubectl rollout undo`) takes a new one.
struct RolloutHistory: Sendable, Hashable {
    let deployment: Object
    /// The oldest first.
    let versions: [DeploymentVersion]
    let current: Int?

    /// The current version's number.
    var revision: Int {
        let last = versions.indices.filter { $0 != current }.map { versions[$0].revision }.max() ?? 0
        return max(last + 1, current.map { versions[$0].revision } ?? 0)
    }

    /// Annotations of the current version's ReplicaSet: the Deployment's own, and its number.
    var annotations: [String: String] {
        var annotations = deployment.inheritedAnnotations.filter {
            !$0.key.hasPrefix(RolloutAnnotation.prefix) && !$0.key.hasPrefix(RolloutAnnotation.ofMartlet)
        }
        annotations[RolloutAnnotation.revision] = "\(revision)"
        guard let old = current.map({ versions[$0] }), old.revision > 0 else { return annotations }
        let past = old.replicaSet?.annotations[RolloutAnnotation.history]
        annotations[RolloutAnnotation.history] = past
        if old.revision != revision {
            annotations[RolloutAnnotation.history] = [past, "\(old.revision)"].compactMap(\.self).joined(separator: ",")
        }
        return annotations
    }

    /// Old ReplicaSets beyond `revisionHistoryLimit`, once a rollout is complete.
    var surplus: [Object] {
        let limit = deployment["spec", "revisionHistoryLimit"]?.intValue ?? 10
        let idle = versions.indices.filter { $0 != current && versions[$0].size == 0 && versions[$0].pods.isEmpty }
        let sets = idle.sorted { versions[$0].revision < versions[$1].revision }.compactMap { versions[$0].replicaSet }
        return Array(sets.filter { !$0.isBeingDeleted }.dropLast(limit))
    }
}
