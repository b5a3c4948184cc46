import JSONModel
import KubeModel

// What extends the API: kinds of one's own, and webhooks.
extension ResourceDefinition {
    static let customResourceDefinitions = builtIn(
        .customResourceDefinitions, singular: "customresourcedefinition", shortNames: ["crd", "crds"],
        categories: ["api-extensions"], hasStatus: true, hasGeneration: true,
        columns: [.name, .computed("Created At")],
        cells: { definition, _ in [.string(definition.name), .string(definition.creationTimestamp ?? "")] },
        schema: .kind("apiextensions.CustomResourceDefinition"), names: .dnsSubdomain,
        defaulting: ExtensionDefaulting.customResourceDefinition)

    static let mutatingWebhookConfigurations = webhooks(
        .mutatingWebhookConfigurations, singular: "mutatingwebhookconfiguration",
        schema: .kind("admission.MutatingWebhookConfiguration"))
    static let validatingWebhookConfigurations = webhooks(
        .validatingWebhookConfigurations, singular: "validatingwebhookconfiguration",
        schema: .kind("admission.ValidatingWebhookConfiguration"))

    private static func webhooks(
        _ resource: Resource, singular: String, schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        builtIn(
            resource, singular: singular, categories: ["api-extensions"], hasGeneration: true,
            columns: [.name, .computed("Webhooks", type: "integer"), .computedAge],
            cells: { object, now in
                let count = object.json["webhooks"]?.arrayValue?.count ?? 0
                return [.string(object.name), .number(JSONNumber(count)), .string(object.age(now))]
            }, schema: schema(), names: .dnsSubdomain, defaulting: ExtensionDefaulting.webhooks,
            validation: WebhookValidation.check)
    }
}
