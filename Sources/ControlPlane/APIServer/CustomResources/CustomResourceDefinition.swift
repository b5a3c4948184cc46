import JSONModel
import KubeModel
import ServingAPI

/// A stored CustomResourceDefinition (apiextensions.k8s.io/v1), and the resources that come with it.
struct CustomResourceDefinition: Sendable {
    let name: String
    let names: CustomResourceNames
    /// One for each version that is served; none until the names are accepted.
    let definitions: [ResourceDefinition]

    init(_ object: Object) {
        name = object.name
        let group = object.spec["group"]?.stringValue ?? ""
        var names = CustomResourceNames(group: group, object["status", "acceptedNames"])
        names.isEstablished = object.condition("Established")?.isTrue ?? false
        self.names = names
        definitions =
            names.isEstablished
            ? (object.spec["versions"]?.arrayValue ?? []).filter { $0["served"]?.boolValue == true }
                .map { Self.definition(object, names, version: $0) } : []
    }

    private static func definition(
        _ object: Object, _ names: CustomResourceNames, version: JSONValue
    ) -> ResourceDefinition {
        let resource = Resource(
            group: names.group, version: version["name"]?.stringValue ?? "", kind: names.kind, plural: names.plural,
            isNamespaced: object.spec["scope"] == "Namespaced")
        let schema = Schema(resource: version[path: "schema", "openAPIV3Schema"] ?? [:])
        var definition = ResourceDefinition(
            resource, singular: names.singular, shortNames: names.shortNames,
            categories: object["status", "acceptedNames", "categories"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            hasStatus: version[path: "subresources", "status"] != nil,
            scale: version[path: "subresources", "scale"].flatMap(ResourceDefinition.Scale.init(json:)),
            printerColumns: (version["additionalPrinterColumns"]?.arrayValue ?? []).map {
                ResourceDefinition.PrinterColumn(json: $0)
            },
            schema: schema, validation: validation(schema))
        definition.customDefinition = ResourceDefinition.CustomDefinition(
            uid: object.uid, isTerminating: object.isBeingDeleted,
            isStorageVersion: version["storage"]?.boolValue == true,
            selectableFields: (version["selectableFields"]?.arrayValue ?? []).map {
                ($0["jsonPath"]?.stringValue ?? "").split(separator: ".").map(String.init)
            },
            deprecation: deprecation(resource, version))
        return definition
    }

    /// Rules look at objects that are as the schema says.
    private static func validation(_ schema: Schema) -> @Sendable (Object, Object?) -> [Status.Cause] {
        let rules = SchemaRules(schema)
        return { object, old in
            let causes = old == nil ? CustomResourceName.causes(object) : []
            guard let rules, schema.validate(object.json).isEmpty else { return causes }
            return causes + RuleValidation.causes(object, old: old, rules)
        }
    }

    private static func deprecation(_ resource: Resource, _ version: JSONValue) -> String? {
        guard version["deprecated"]?.boolValue == true else { return nil }
        return version["deprecationWarning"]?.stringValue
            ?? "\(resource.apiVersion) \(resource.kind) is deprecated"
    }
}

/// What custom resources' objects may be called.
enum CustomResourceName {
    static func causes(_ object: Object) -> [Status.Cause] {
        NameRule.dnsSubdomain.check(object)
    }
}

extension ResourceDefinition.Scale {
    fileprivate init?(json: JSONValue) {
        guard let spec = json["specReplicasPath"]?.stringValue, let status = json["statusReplicasPath"]?.stringValue
        else { return nil }
        self.init(
            specReplicasPath: spec, statusReplicasPath: status,
            labelSelectorPath: json["labelSelectorPath"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 })
    }
}

extension ResourceDefinition.PrinterColumn {
    fileprivate init(json: JSONValue) {
        self.init(
            json["name"]?.stringValue ?? "", json["jsonPath"]?.stringValue ?? "",
            type: json["type"]?.stringValue ?? "string", priority: json["priority"]?.intValue ?? 0)
        description = json["description"]?.stringValue ?? ""
        format = json["format"]?.stringValue ?? ""
    }
}
