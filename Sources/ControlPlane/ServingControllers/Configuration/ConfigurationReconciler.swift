import KubeController
import KubeModel
import ServingAPI

/// Configuration -> one Revision for each generation of its template.
struct ConfigurationReconciler: Reconciler {
    struct Observation: Sendable {
        var configuration: Object
        /// The revisions that the configuration controls.
        var revisions: [Object]
        /// Whatever has the name that the user gave to the next revision.
        var namesake: Object?
        /// What the next revision gets where the template does not say.
        var defaults = RevisionDefaults()
    }

    static let resource = Resource.configurations
    static let fieldManager = "martlet-configuration"
    let bench: Workbench

    func observe(_ configuration: Object) -> Observation {
        let revisions = bench.store(.revisions)
        return Observation(
            configuration: configuration, revisions: revisions.owned(by: configuration.uid),
            namesake: revisions[configuration.sibling(ConfigurationPlanner.revisionName(configuration))],
            defaults: bench.settings(RevisionDefaults.self))
    }

    func plan(_ observation: Observation) -> Plan {
        ConfigurationPlanner.plan(observation, now: bench.time.timestamp)
    }
}
