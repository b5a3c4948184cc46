import JSONModel
import KubeModel
import ServingAPI

/// What is to be done about a Deployment: its versions get their sizes, and their pods are made at once. Pods come before
/// the ReplicaSet that says how many there are to be: whoever waits, waits for a pod.
struct DeploymentPlanner {
    let observation: DeploymentReconciler.Observation
    let clock: Calendar

    private var deployment: Object { observation.deployment }

    func plan(_ pods: ReplicaSetPods) -> Plan {
        let current = observation.current
        guard current != nil || deployment.isPaused else { return beginning }
        let rollout = RolloutPlan(deployment, observation.versions, current: current, clock: clock)
        var plan = Plan()
        var waits: [Duration?] = []
        for (version, size) in zip(observation.versions, rollout.sizes) {
            let replacement = PodReplacement(wanted: size, pods: version.pods, clock: clock)
            plan.delete += replacement.delete.map { Plan.Manifest(.pods, $0) }
            waits.append(replacement.untilRetry)
            guard let set = version.replicaSet else { continue }
            plan.create += pods.make(replacement.create, of: set)
        }
        plan.change = sizeChanges(rollout) + historyChanges + adoptions
        let status = status(sizes: rollout.sizes)
        if status.isComplete { plan.delete += history.surplus.map { Plan.Manifest(.replicaSets, $0) } }
        plan.status = status.json
        plan.notices = ScalingNotices.of(rollout.sizes, observation.versions)
        waits += [status.untilDeadline, availability.untilNext(of: observation.versions.flatMap(\.pods))]
        plan.lookAgain = waits.compactMap(\.self).min()
        return plan
    }

    /// The first step of a rollout: the ReplicaSet of the new template. Its pods follow when it is there, since they name
    /// it as their owner. One that was left over from before (`kubectl delete --cascade=orphan`) is taken over instead.
    private var beginning: Plan {
        var plan = Plan()
        let hash = TemplateHash.of(deployment)
        plan.change = observation.orphans.map(owned)
        guard !observation.orphans.contains(where: { TemplateHash.fits($0, deployment, hash) }) else { return plan }
        let versions = observation.versions + [DeploymentVersion(replicaSet: nil, pods: [])]
        let rollout = RolloutPlan(deployment, versions, current: versions.count - 1, clock: clock)
        let size = rollout.sizes.last ?? 0
        let set = NewReplicaSet.make(
            of: deployment, hash: hash, size: size, annotations: history.annotations.merging(decided) { $1 })
        plan.create = [Plan.Manifest(.replicaSets, set)]
        plan.change.append(revisionChange)
        let status = status(sizes: versions.map(\.size))
        plan.status = status.json
        plan.lookAgain = status.untilDeadline
        plan.notices = ScalingNotices.up(set.name, from: 0, to: size)
        return plan
    }

    private var history: RolloutHistory {
        RolloutHistory(deployment: deployment, versions: observation.versions, current: observation.current)
    }

    private var availability: PodAvailability { PodAvailability(deployment, at: clock) }

    private func status(sizes: [Int]) -> DeploymentStatus {
        DeploymentStatus(
            deployment, observation.versions, current: observation.current, sizes: sizes, clock: clock)
    }

    // MARK: Changes of ReplicaSets

    /// What a ReplicaSet notes of the moment in which its size was decided.
    private var decided: [String: String] {
        let wanted = deployment["spec", "replicas"]?.intValue ?? 1
        let surge = RolloutLimits(deployment, wanted: wanted).surge
        return [RolloutAnnotation.desired: "\(wanted)", RolloutAnnotation.most: "\(wanted + surge)"]
    }

    private func sizeChanges(_ rollout: RolloutPlan) -> [Plan.Change] {
        zip(observation.versions, rollout.sizes).compactMap { version, size in
            guard let set = version.replicaSet else { return nil }
            let isStale = size > 0 && decided.contains { set.annotations[$0.key] != $0.value }
            guard size != version.size || isStale else { return nil }
            let fields: JSONValue = [
                "metadata": ["annotations": .object(decided)], "spec": ["replicas": .number(JSONNumber(size))],
            ]
            return Plan.Change(resource: .replicaSets, key: set.key, fields: fields)
        }
    }

    /// The current version's number and annotations, where they are others than they should be.
    private var historyChanges: [Plan.Change] {
        guard let set = observation.current.flatMap({ observation.versions[$0].replicaSet }) else { return [] }
        let missing = history.annotations.filter { set.annotations[$0.key] != $0.value }
        var changes: [Plan.Change] = []
        if !missing.isEmpty {
            let fields: JSONValue = ["metadata": ["annotations": .object(missing)]]
            changes.append(Plan.Change(resource: .replicaSets, key: set.key, fields: fields))
        }
        let isKnown = deployment.annotations[RolloutAnnotation.revision] == "\(history.revision)"
        return isKnown ? changes : changes + [revisionChange]
    }

    private var revisionChange: Plan.Change {
        let number: JSONValue = [RolloutAnnotation.revision: .string("\(history.revision)")]
        return Plan.Change(
            resource: .deployments, key: deployment.key, fields: ["metadata": ["annotations": number]])
    }

    /// Pods of the current template that an older Martlet gave to the Deployment itself.
    private var adoptions: [Plan.Change] {
        guard let version = observation.current.map({ observation.versions[$0] }), let set = version.replicaSet else {
            return []
        }
        return version.pods.filter { $0.controller?.uid == deployment.uid }.map { pod in
            Plan.Change(resource: .pods, key: pod.key, fields: ownerFields(OwnerReference(controller: set)))
        }
    }

    private func owned(_ set: Object) -> Plan.Change {
        Plan.Change(
            resource: .replicaSets, key: set.key, fields: ownerFields(OwnerReference(controller: deployment)))
    }

    private func ownerFields(_ owner: OwnerReference) -> JSONValue {
        ["metadata": ["ownerReferences": [owner.json]]]
    }
}

extension DeploymentPlanner {
    /// The status says that pods could not be made or deleted, and why.
    static func failed(_ plan: Plan, _ error: Status, _ deployment: Object, clock: Calendar) -> Plan {
        var plan = plan
        let failure = TimedCondition("ReplicaFailure", "True", reason: "FailedCreate", message: error.message)
        let conditions = plan.status?["conditions"]?.arrayValue ?? []
        plan.status?["conditions"] = .array(conditions + [failure.json(after: deployment, at: clock)])
        plan.notices = [Plan.Notice(isWarning: true, reason: "FailedCreate", message: error.message)]
        return plan
    }
}

extension JSONValue {
    static func object(_ strings: [String: String]) -> JSONValue {
        .object(JSONObject(strings.map { ($0.key, JSONValue.string($0.value)) }))
    }
}
