import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Configuration -> fewer Revisions: those that are not needed any more are deleted, as `config-gc` says.
struct RevisionCollector: Reconciler {
    struct Observation: Sendable {
        var configuration: Object
        var revisions: [Object]
        /// What an InferenceService may roll back to.
        var rolledOut: Set<String>
        var settings: GarbageCollectionSettings
        /// Seconds since 1970.
        var now: Int64
    }

    static let resource = Resource.configurations
    static let fieldManager = "martlet-revision-collector"
    static let looksTwice = false
    let bench: Workbench

    func observe(_ configuration: Object) -> Observation {
        Observation(
            configuration: configuration, revisions: bench.store(.revisions).owned(by: configuration.uid),
            rolledOut: rolledOut(configuration), settings: bench.settings(GarbageCollectionSettings.self),
            now: bench.time.secondsSince1970)
    }

    private func rolledOut(_ configuration: Object) -> Set<String> {
        let name = configuration.labels[ServingKeys.inferenceService]
        let service = name.flatMap { bench.store(.inferenceServices)[configuration.sibling($0)] }
        guard let service else { return [] }
        let all = ComponentRole.allCases.map { InferenceService(service, role: $0).componentStatus }
        return Set(all.flatMap { [$0.latestRolledoutRevision, $0.previousRolledoutRevision] }.compactMap(\.self))
    }

    func plan(_ observation: Observation) -> Plan {
        let latest = observation.configuration["status", "latestReadyRevisionName"]?.stringValue
        let kept = observation.rolledOut.union([latest].compactMap(\.self))
        let collection = RevisionCollection(
            observation.revisions, kept: kept, observation.settings, now: observation.now)
        var plan = Plan()
        plan.delete = collection.collected.map { Plan.Manifest(.revisions, $0) }
        plan.lookAgain = collection.lookAgain
        plan.notices = collection.collected.map { revision in
            Plan.Notice(
                isWarning: false, reason: "RevisionCollected",
                message:
                    "revision \"\(revision.name)\" had no traffic since \(Self.since(revision)) and was deleted, as "
                    + "the ConfigMap config-gc says")
        }
        return plan
    }

    private static func since(_ revision: Object) -> String {
        revision.annotations[Annotation.routingStateModified] ?? revision.creationTimestamp ?? "it was made"
    }
}
