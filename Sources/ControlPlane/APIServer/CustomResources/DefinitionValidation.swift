import JSONModel
import KubeModel

/// What is wrong with a CustomResourceDefinition (the rules of apiextensions v1).
struct DefinitionValidation {
    static let approvalAnnotation = "api-approved.kubernetes.io"

    private let object: Object
    private let old: Object?
    private(set) var causes: [Status.Cause] = []

    @Sendable static func causes(_ object: Object, _ old: Object?) -> [Status.Cause] {
        var validation = DefinitionValidation(object, old)
        validation.checkGroup()
        validation.checkNames()
        validation.checkVersions()
        validation.checkConversion()
        validation.checkChanges()
        return validation.causes
    }

    private init(_ object: Object, _ old: Object?) {
        self.object = object
        self.old = old
    }

    /// Groups of Kubernetes' own community.
    static func isProtected(_ group: String) -> Bool {
        ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix(".\($0)") }
    }

    private func text(_ keys: String...) -> String {
        object.json[(["spec"] + keys).map { .key($0) }]?.stringValue ?? ""
    }

    private mutating func checkGroup() {
        let (group, path) = (text("group"), FieldPath("spec", "group"))
        if group.isEmpty { return causes.append(.required(path, "a DNS name, such as example.com")) }
        if let problem = NameRule.dnsSubdomain.problem(group) {
            causes.append(.invalid(path, group.asJSON, problem))
        } else if !group.contains(".") {
            causes.append(.invalid(path, group.asJSON, "should be a domain with at least one dot"))
        }
        let name = "\(text("names", "plural")).\(group)"
        if object.name != name {
            causes.append(
                .invalid(
                    FieldPath("metadata", "name"), object.name.asJSON,
                    "must be spec.names.plural+\".\"+spec.group, \(name)"))
        }
        if Self.isProtected(group), object.annotations[Self.approvalAnnotation]?.isEmpty ?? true {
            causes.append(
                .required(
                    FieldPath("metadata", "annotations").key(Self.approvalAnnotation),
                    "groups of Kubernetes' own need the URL at which their API was approved, or \"unapproved, ...\""))
        }
    }

    private mutating func checkNames() {
        let path = FieldPath("spec", "names")
        for key in ["plural", "singular", "kind", "listKind"] {
            let name = text("names", key)
            let isKind = key.lowercased().hasSuffix("kind")
            if name.isEmpty {
                causes.append(.required(path.field(key), "must not be empty"))
            } else if let problem = NameRule.dns1035Label.problem(isKind ? name.lowercased() : name) {
                let mixed = isKind ? "may have mixed case, but otherwise " : ""
                causes.append(.invalid(path.field(key), name.asJSON, mixed + problem))
            }
        }
        for list in ["shortNames", "categories"] {
            for (index, name) in (object["spec", "names", list]?.arrayValue ?? []).enumerated() {
                guard let problem = NameRule.dns1035Label.problem(name.stringValue ?? "") else { continue }
                causes.append(.invalid(path.field(list).index(index), name.excerpt, problem))
            }
        }
        if !text("names", "kind").isEmpty, text("names", "kind") == text("names", "listKind") {
            causes.append(
                .invalid(
                    path.field("listKind"), text("names", "listKind").asJSON, "kind and listKind may not be the same"))
        }
        if !["Cluster", "Namespaced"].contains(text("scope")) {
            causes.append(
                .notSupported(FieldPath("spec", "scope"), text("scope").asJSON, supported: ["Cluster", "Namespaced"]))
        }
        if object["spec", "preserveUnknownFields"] == true {
            causes.append(
                .invalid(
                    FieldPath("spec", "preserveUnknownFields"), "true",
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                        + "spec.versions[*].schema instead"))
        }
    }

    private mutating func checkVersions() {
        let versions = object["spec", "versions"]?.arrayValue ?? []
        let path = FieldPath("spec", "versions")
        let names = versions.compactMap { $0["name"]?.stringValue }
        if Set(names).count != names.count {
            causes.append(.invalid(path, names.joined(separator: ","), "must contain unique version names"))
        }
        if versions.count(where: { $0["storage"]?.boolValue == true }) != 1 {
            causes.append(
                .invalid(path, "\(versions.count) items", "must have exactly one version marked as storage version"))
        }
        for (index, version) in versions.enumerated() {
            causes += VersionValidation.causes(version, at: path.index(index))
        }
    }

    /// Without a webhook there is nothing to convert by: versions may differ in their apiVersion only.
    private mutating func checkConversion() {
        let path = FieldPath("spec", "conversion", "strategy")
        let served = (object["spec", "versions"]?.arrayValue ?? []).filter {
            $0["served"]?.boolValue == true || $0["storage"]?.boolValue == true
        }
        switch text("conversion", "strategy") {
        case "None": return
        case "Webhook" where served.count <= 1: return
        case "Webhook":
            causes.append(
                .forbidden(
                    path,
                    "this server calls no conversion webhooks: serve one version only, or use the strategy None"))
        case let strategy: causes.append(.notSupported(path, strategy.asJSON, supported: ["None", "Webhook"]))
        }
    }

    private mutating func checkChanges() {
        guard let old else { return }
        let isEstablished = old.condition("Established")?.isTrue ?? false
        let fixed = [["group"], ["scope"]] + (isEstablished ? [["names", "plural"], ["names", "kind"]] : [])
        for keys in fixed {
            let steps = (["spec"] + keys).map { JSONStep.key($0) }
            guard let value = object.json[steps], value != old.json[steps] else { continue }
            causes.append(.invalid(FieldPath(steps: ["spec"] + keys), value.excerpt, "field is immutable"))
        }
        let names = (object["spec", "versions"]?.arrayValue ?? []).map { $0["name"] }
        for (index, version) in (object["status", "storedVersions"]?.arrayValue ?? []).enumerated()
        where !names.contains(version) {
            let name = version.stringValue ?? ""
            causes.append(
                .invalid(
                    FieldPath("status", "storedVersions").index(index), version.excerpt,
                    "missing from spec.versions; \(name) was previously a storage version, and must remain in "
                        + "spec.versions until a storage migration ensures no data remains persisted in \(name) and "
                        + "removes \(name) from status.storedVersions"))
        }
    }
}

extension FieldPath {
    fileprivate init(steps names: [String]) {
        self.init()
        steps = names.map { .field($0) }
    }
}

extension String {
    /// As messages show a text: in quotes, escaped.
    var asJSON: String { JSONValue.string(self).text }
}
