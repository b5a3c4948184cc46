import JSONModel
import KubeModel

/// What is filled in for a DomainMapping, and what must hold for it and for claims, beyond their schemas.
enum DomainMappingRules {
    @Sendable static func fill(_ mapping: inout Object, _ old: Object?) {
        let namespace = mapping.namespace.map { JSONValue.string($0) } ?? "default"
        mapping.json.changeObject(at: "spec") { spec in
            spec.changeObject(at: "ref") { $0.setDefault(namespace, at: "namespace") }
        }
    }

    @Sendable static func check(_ mapping: Object, _ old: Object?) -> [Status.Cause] {
        host(mapping.name) + reference(mapping)
    }

    @Sendable static func checkClaim(_ claim: Object, _ old: Object?) -> [Status.Cause] {
        guard claim.spec["namespace"]?.nonEmptyString == nil else { return [] }
        return [.required(FieldPath("spec", "namespace"), "name the namespace that may map the host")]
    }

    private static let inside = "cluster.local"

    private static func host(_ name: String) -> [Status.Cause] {
        let field = FieldPath("metadata", "name")
        if !name.contains(".") {
            return [.invalid(field, name.quoted, "should be a domain with at least two segments separated by dots")]
        }
        if name.hasSuffix(".\(inside)") {
            return [
                .invalid(field, name.quoted, "must not be a subdomain of cluster local domain \(inside.quoted)")
            ]
        }
        return []
    }

    private static func reference(_ mapping: Object) -> [Status.Cause] {
        let path = FieldPath("spec", "ref")
        guard let reference = mapping.spec["ref"], reference.objectValue != nil else { return [] }
        var causes: [Status.Cause] = []
        for name in ["kind", "name"] where reference[name]?.nonEmptyString == nil {
            causes.append(.required(path.field(name), "name the object that answers at the host"))
        }
        if reference["apiVersion"]?.nonEmptyString == nil, reference["group"]?.nonEmptyString == nil {
            causes.append(.required(path.field("apiVersion"), "say of which API the object is"))
        }
        if let namespace = reference["namespace"]?.nonEmptyString, namespace != mapping.namespace {
            causes.append(
                .invalid(
                    path.field("namespace"), namespace.quoted,
                    "must be the mapping's own namespace, which is \((mapping.namespace ?? "").quoted)"))
        }
        return causes
    }
}
