import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// The claim that a mapping makes itself, where `config-network` lets it.
enum DomainClaim {
    /// Annotation: the mapping's uid. A claim that somebody else made has none, and stays when the mapping goes.
    static let madeFor = "martlet.dev/made-for-domain-mapping"

    static func key(of mapping: Object) -> ObjectKey { ObjectKey(namespace: nil, name: mapping.name) }

    static func make(for mapping: Object) -> Object {
        var claim = Object(.clusterDomainClaims, namespace: nil, name: mapping.name)
        claim.annotations[madeFor] = mapping.uid
        claim.spec = ["namespace": .string(mapping.namespace ?? "default")]
        return claim
    }
}

/// Deletes the claims that mappings made and that none of their namespace uses any more.
struct DomainClaimCollector: Reconciler {
    struct Observation: Sendable {
        var claim: Object
        /// Whether there is a mapping that has it.
        var isUsed: Bool
    }

    static let resource = Resource.clusterDomainClaims
    static let fieldManager = "martlet-domain-claim"
    let bench: Workbench

    func observe(_ claim: Object) -> Observation {
        let mapping = ObjectKey(namespace: claim.spec["namespace"]?.stringValue, name: claim.name)
        return Observation(claim: claim, isUsed: bench.store(.domainMappings)[mapping] != nil)
    }

    func plan(_ observation: Observation) -> Plan {
        var plan = Plan()
        if !observation.isUsed, observation.claim.annotations[DomainClaim.madeFor] != nil {
            plan.delete = [Plan.Manifest(.clusterDomainClaims, observation.claim)]
        }
        return plan
    }
}
