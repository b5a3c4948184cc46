import Foundation
import JSONModel
import KubeModel
import Randomness
import Testing

@testable import KubeAccess

/// The index against the plain reading of the rules: whatever changes came in whatever order, a decision is that of the
/// objects that there are in the end.
@Suite struct PolicyModelTests {
    static let iterations = FuzzRun.iterations(3_000)

    struct Name: Hashable {
        var kind: String
        var namespace: String?
        var name: String
    }

    @Test("An index that is kept up by changes decides as the objects read one by one")
    func index() {
        var random = SeededRandom()
        var policy = AccessPolicy()
        var objects: [Name: Object] = [:]
        for _ in 0..<Self.iterations {
            let (name, object) = Self.object(&random)
            if random.below(4) == 0 {
                objects[name] = nil
                policy.remove(object)
            } else {
                objects[name] = object
                policy.set(object)
            }
            var attributes = random.attributes()
            guard case .resource(var resource) = attributes.target else { continue }
            resource.namespace = ["", "a", "b"][random.below(3)]
            attributes.target = .resource(resource)
            let identity = Identity(user: "u\(random.below(2))", groups: random.some(of: ["g0", "g1"]))
            #expect(
                policy.decide(identity, attributes).isAllowed == Self.plain(objects, identity, attributes),
                "seed \(random.seed)")
        }
    }

    static func object(_ random: inout SeededRandom) -> (Name, Object) {
        let namespace = [nil, "a", "b"][random.below(3)]
        let isRole = random.below(2) == 0
        let kind = (namespace == nil ? "Cluster" : "") + (isRole ? "Role" : "RoleBinding")
        let name = Name(kind: kind, namespace: namespace, name: "n\(random.below(3))")
        var object = Object(["kind": .string(kind)])
        object.name = name.name
        object.namespace = namespace
        if isRole {
            object.json["rules"] = .array((0..<random.below(3)).map { _ in random.rule().json })
        } else {
            let role = namespace == nil || random.below(2) == 0 ? "ClusterRole" : "Role"
            object.json["roleRef"] = ["kind": .string(role), "name": "n\(random.below(3))"]
            object.json["subjects"] = .array(
                (0..<random.below(3)).map { _ in
                    random.below(2) == 0
                        ? ["kind": "User", "name": "u\(random.below(2))"]
                        : ["kind": "Group", "name": "g\(random.below(2))"]
                })
        }
        return (name, object)
    }

    /// RBAC as it is documented, without any index.
    static func plain(_ objects: [Name: Object], _ identity: Identity, _ attributes: AccessAttributes) -> Bool {
        objects.contains { name, binding in
            guard name.kind.hasSuffix("RoleBinding"),
                name.namespace == nil || name.namespace == attributes.namespace
            else { return false }
            let isHeld = (binding.json["subjects"]?.arrayValue ?? []).contains { subject in
                let name = subject["name"]?.stringValue ?? ""
                return subject["kind"] == "User" ? identity.user == name : identity.groups.contains(name)
            }
            let kind = binding["roleRef", "kind"]?.stringValue ?? ""
            let role = Name(
                kind: kind, namespace: kind == "Role" ? name.namespace : nil,
                name: binding["roleRef", "name"]?.stringValue ?? "")
            let rules = (objects[role]?.json["rules"]?.arrayValue ?? []).map(PolicyRule.init)
            return isHeld && rules.contains { $0.allows(attributes) }
        }
    }
}
