import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// DomainMapping: a host of the user's choice for a service. The claim to the host, a ClusterDomainClaim, keeps two
/// namespaces from having the same one.
struct DomainMappingReconciler: Reconciler {
    struct Observation: Sendable {
        var mapping: Object
        /// The claim to its host, whoever has it.
        var claim: Object?
        /// What it leads to: `nil` where its kind cannot be led to.
        var reference: DomainReference?
        var target: Object?
        var hosts = HostNames()
        var makesClaims = false
        /// Whether the gateway sends what comes for the host where the reference's requests go.
        var isServed: Bool
        /// Whether the gateway sends what comes for the host anywhere.
        var isTaken: Bool
    }

    static let resource = Resource.domainMappings
    static let fieldManager = "martlet-domain-mapping"
    let bench: Workbench
    let settings: ServingSettings
    let probe: any RouteProbe

    func observe(_ mapping: Object) -> Observation {
        let reference = DomainReference(mapping)
        let hosts = bench.hosts(settings)
        return Observation(
            mapping: mapping, claim: bench.store(.clusterDomainClaims)[DomainClaim.key(of: mapping)],
            reference: reference, target: reference.flatMap { bench.store($0.resource)[$0.key] }, hosts: hosts,
            makesClaims: hosts.network.autocreateDomainClaims,
            isServed: reference.map { probe.leads(host: mapping.name, to: $0.clusterHost) } ?? false,
            isTaken: probe.leads(host: mapping.name, to: mapping.name))
    }

    func plan(_ observation: Observation) -> Plan { DomainMappingPlanner.plan(observation) }
}
