import KubeModel
import ServingAPI

/// The conditions of a revision, from its pods and its autoscaler.
///
/// | its pods                          | ResourcesAvailable        | ContainerHealthy |
/// |-----------------------------------|---------------------------|------------------|
/// | as many ready as it began with    | True                      | True             |
/// | one ended                         | as before                 | False ExitCode<N>|
/// | one cannot start (model)          | False, the node's reason  | as before        |
/// | one has no image                  | False, the node's reason  | False ContainerMissing |
/// | none can be made                  | False FailedCreate        | as before        |
/// | none moved for the deadline       | False ProgressDeadlineExceeded | as before   |
/// | without room on the node          | Unknown Unschedulable     | Unknown Deploying|
/// | starting, and never ready so far  | Unknown Deploying         | Unknown Deploying|
/// | starting again, or at zero        | as before                 | as before        |
///
/// A revision that was ready once stays so at zero and while it wakes: "as before" is then True.
struct RevisionHealth {
    let conditions: [Condition]

    init(_ observation: RevisionReconciler.Observation) {
        let revision = observation.revision
        let pods = observation.pods.map { PodState($0) }.filter { !$0.isBeingDeleted }
        let isInitialized = observation.autoscaler?.condition("ScaleTargetInitialized")?.isTrue ?? false
        var resources = Self.before("ResourcesAvailable", revision, isInitialized)
        var container = Self.before("ContainerHealthy", revision, isInitialized)
        if let failure = revision.annotations[ServingKeys.handOverFailed] {
            resources = Condition("ResourcesAvailable", "False", reason: "HandOverFailed", message: failure)
        } else if pods.contains(where: \.isReady) {
            container = Condition("ContainerHealthy", "True")
            resources = isInitialized ? Condition("ResourcesAvailable", "True") : Self.deploying("ResourcesAvailable")
        } else if let failure = pods.lazy.compactMap(\.failure).first {
            if failure.exitCode != nil, !failure.isOfModel {
                container = Self.exited(failure)
            } else {
                resources = Self.unavailable(failure)
                if failure.isOfImage { container = Self.missing(failure) }
            }
        } else if let stuck = Self.stuck(observation, isInitialized) {
            resources = stuck
        } else if !isInitialized, !pods.isEmpty {
            (container, resources) = (Self.deploying("ContainerHealthy"), Self.deploying("ResourcesAvailable"))
            if let message = pods.lazy.compactMap(\.unschedulable).first {
                resources = Condition("ResourcesAvailable", "Unknown", reason: "Unschedulable", message: message)
            }
        }
        let active = Condition.copy(observation.autoscaler?.condition("Active"), as: "Active")
        let severe = [container, resources]
        conditions = severe + [.summary(of: severe), active.informational]
    }

    private static func before(_ type: String, _ revision: Object, _ isInitialized: Bool) -> Condition {
        if let old = revision.condition(type), !old.isUnknown { return old }
        return isInitialized ? Condition(type, "True") : deploying(type)
    }

    private static func deploying(_ type: String) -> Condition {
        Condition(type, "Unknown", reason: "Deploying", message: "the first replica is starting")
    }

    private static func exited(_ failure: PodFailure) -> Condition {
        Condition(
            "ContainerHealthy", "False", reason: failure.exitReason,
            message: "container \"\(failure.container)\" failed: \(failure.message)")
    }

    private static func missing(_ failure: PodFailure) -> Condition {
        Condition(
            "ContainerHealthy", "False", reason: "ContainerMissing",
            message: "the image of container \"\(failure.container)\" cannot be had: \(failure.message)")
    }

    private static func unavailable(_ failure: PodFailure) -> Condition {
        Condition(
            "ResourcesAvailable", "False", reason: failure.isOfModel ? "ModelLoadFailed" : failure.reason,
            message: failure.message)
    }

    /// No pod can be made, or the first start took too long, or was given up.
    private static func stuck(
        _ observation: RevisionReconciler.Observation, _ isInitialized: Bool
    ) -> Condition? {
        if let failure = observation.deployment?.condition("ReplicaFailure"), failure.isTrue {
            return Condition("ResourcesAvailable", "False", reason: failure.reason, message: failure.message)
        }
        let progress = observation.deployment?.condition("Progressing")
        let active = observation.autoscaler?.condition("Active")
        let wasGivenUp = !isInitialized && active?.isFalse == true && active?.reason == "TimedOut"
        guard progress?.isFalse == true || wasGivenUp else { return nil }
        return Condition(
            "ResourcesAvailable", "False", reason: "ProgressDeadlineExceeded",
            message: progress?.isFalse == true ? progress?.message : active?.message)
    }
}

extension Condition {
    /// The same, but not counted for Ready.
    var informational: Condition {
        Condition(type, status, reason: reason, message: message, severity: isTrue ? nil : "Info")
    }
}
