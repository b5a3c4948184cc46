import JSONModel
import KubeModel

/// What is filled in for the kinds that extend the API.
enum ExtensionDefaulting {
    @Sendable static func customResourceDefinition(_ definition: inout Object, _ old: Object?) {
        definition.json.changeObject(at: "spec") { spec in
            spec.setDefault("Cluster", at: "scope")
            spec.setDefault("None", at: "conversion", "strategy")
            spec.changeObject(at: "conversion") { conversion in
                conversion.changeObject(at: "webhook") { $0.changeObject(at: "clientConfig", setPort) }
            }
            spec.changeObject(at: "names", nameAll)
        }
    }

    private static func nameAll(_ names: inout JSONValue) {
        guard let kind = names["kind"]?.nonEmptyString else { return }
        if names["singular"]?.nonEmptyString == nil { names["singular"] = .string(kind.lowercased()) }
        if names["listKind"]?.nonEmptyString == nil { names["listKind"] = .string("\(kind)List") }
    }

    @Sendable static func webhooks(_ configuration: inout Object, _ old: Object?) {
        let isMutating = configuration.kind == Resource.mutatingWebhookConfigurations.kind
        configuration.json.mapElements(at: "webhooks") { webhook in
            webhook.setDefault("Fail", at: "failurePolicy")
            webhook.setDefault("Equivalent", at: "matchPolicy")
            webhook.setDefault([:], at: "namespaceSelector")
            webhook.setDefault([:], at: "objectSelector")
            webhook.setDefault(10, at: "timeoutSeconds")
            if isMutating { webhook.setDefault("Never", at: "reinvocationPolicy") }
            webhook.mapElements(at: "rules") { $0.setDefault("*", at: "scope") }
            webhook.changeObject(at: "clientConfig", setPort)
        }
    }

    private static func setPort(_ client: inout JSONValue) {
        client.changeObject(at: "service") { $0.setDefault(443, at: "port") }
    }
}
