import JSONModel
import KubeModel
import ServingAPI

enum DomainMappingPlanner {
    static func plan(_ observation: DomainMappingReconciler.Observation) -> Plan {
        let mapping = observation.mapping
        var plan = Plan()
        plan.blames = "DomainClaimed"
        if observation.claim == nil, observation.makesClaims {
            plan.create = [Plan.Manifest(.clusterDomainClaims, DomainClaim.make(for: mapping))]
        }
        let url = JSONValue.string(observation.hosts.url(mapping.name, of: mapping))
        plan.status = [
            "observedGeneration": .number(JSONNumber(mapping.generation)), "url": url, "address": ["url": url],
        ]
        plan.conditions = conditions(observation)
        return plan
    }

    private static func conditions(_ observation: DomainMappingReconciler.Observation) -> [Condition] {
        let claimed = claimed(observation)
        let resolved = resolved(observation)
        let ingress =
            claimed.isTrue && resolved.isTrue
            ? ingressReady(observation)
            : Condition(
                "IngressReady", "Unknown", reason: "IngressNotConfigured",
                message: "the gateway serves the host when it is claimed and leads to something")
        let parts = [claimed, resolved, ingress, certificate(observation.mapping)]
        return parts + [.summary(of: parts)]
    }

    private static func claimed(_ observation: DomainMappingReconciler.Observation) -> Condition {
        let mapping = observation.mapping
        guard let claim = observation.claim else {
            if observation.makesClaims { return Condition("DomainClaimed", "Unknown") }
            return Condition(
                "DomainClaimed", "False", reason: "DomainClaimFailed",
                message: "no ClusterDomainClaim found for domain \"\(mapping.name)\"; create one whose spec.namespace "
                    + "is \"\(mapping.namespace ?? "")\", or set autocreate-cluster-domain-claims in config-network")
        }
        guard claim.spec["namespace"]?.stringValue == mapping.namespace else {
            return Condition(
                "DomainClaimed", "False", reason: "DomainAlreadyClaimed",
                message: "The domain name is already in use by another DomainMapping")
        }
        return Condition("DomainClaimed", "True")
    }

    private static func resolved(_ observation: DomainMappingReconciler.Observation) -> Condition {
        func failed(_ message: String) -> Condition {
            Condition("ReferenceResolved", "False", reason: "ResolveFailed", message: message)
        }
        guard let reference = observation.reference else {
            let kinds = DomainReference.resources.map { "\($0.kind) of \($0.group.isEmpty ? "v1" : $0.group)" }
            return failed("spec.ref must name one of: \(kinds.joined(separator: ", "))")
        }
        guard let target = observation.target, !target.isBeingDeleted else {
            return failed("\(reference.resource) \"\(reference.key.name)\" not found")
        }
        let needsAddress = reference.resource != .services
        if needsAddress, target["status", "address", "url"]?.stringValue == nil {
            return failed("address not set for \(reference.resource.kind) \"\(reference.key.name)\"")
        }
        return Condition("ReferenceResolved", "True")
    }

    private static func ingressReady(_ observation: DomainMappingReconciler.Observation) -> Condition {
        if observation.isServed { return Condition("IngressReady", "True") }
        if observation.isTaken {
            return Condition(
                "IngressReady", "False", reason: "HostTaken",
                message: "\"\(observation.mapping.name)\" is the host of another service; choose another one")
        }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized", message: "the gateway has yet to serve the host")
    }

    private static func certificate(_ mapping: Object) -> Condition {
        let isGiven = mapping["spec", "tls", "secretName"] != nil
        return Condition(
            "CertificateProvisioned", "True", reason: isGiven ? "CertificateExternallyProvided" : "TLSNotEnabled",
            message: isGiven ? "TLS certificate was provided externally" : "autoTLS is not enabled")
    }
}
