import JSONModel
import KubeModel

/// One version of a Deployment: a ReplicaSet and its pods.
///
/// Pods that belong to the Deployment itself (a Martlet before 0.2 made them so) are a version without a ReplicaSet, if
/// they are of another template than the current one.
struct DeploymentVersion: Sendable, Hashable {
    let replicaSet: Object?
    /// Those that are going included.
    var pods: [Object]

    /// The pods that the ReplicaSet is to have.
    var size: Int { replicaSet.map { $0["spec", "replicas"]?.intValue ?? 1 } ?? alive.count }
    var alive: [Object] { pods.filter(\.isAlive) }

    /// Its number in the history of rollouts; 0 where it has none.
    var revision: Int { replicaSet?.annotations[RolloutAnnotation.revision].flatMap { Int($0) } ?? 0 }

    /// How many pods the Deployment wanted when the size was last decided.
    var decidedFor: Int? { replicaSet?.annotations[RolloutAnnotation.desired].flatMap { Int($0) } }
    /// How many pods of all versions there could be then.
    var mostThen: Int? { replicaSet?.annotations[RolloutAnnotation.most].flatMap { Int($0) } }

    func available(_ availability: PodAvailability) -> Int { alive.count(where: availability.isAvailable) }
}

/// Annotations of ReplicaSets, and of Deployments, that kubectl reads.
enum RolloutAnnotation {
    static let prefix = "deployment.kubernetes.io/"
    static let revision = prefix + "revision"
    /// Numbers that the version had before it was rolled out again.
    static let history = prefix + "revision-history"
    static let desired = prefix + "desired-replicas"
    static let most = prefix + "max-replicas"
    /// What Martlet notes on a Deployment is of the Deployment, not of a version.
    static let ofMartlet = "martlet.dev/"
}
