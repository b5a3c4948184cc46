package import KubeModel

/// Every kind that Martlet serves on a machine, with all that an API server needs to know about it.
package enum ServingKinds {
    package static let definitions: [ResourceDefinition] = [
        .namespaces, .secrets, .configMaps, .serviceAccounts, .persistentVolumeClaims, .pods, .coreServices, .events,
        .nodes, .deployments, .replicaSets, .horizontalPodAutoscalers, .leases, .roles, .clusterRoles, .roleBindings,
        .clusterRoleBindings, .customResourceDefinitions, .mutatingWebhookConfigurations,
        .validatingWebhookConfigurations, .inferenceServices, .servingRuntimes, .clusterServingRuntimes,
        .inferenceGraphs, .trainedModels, .clusterStorageContainers, .localModelCaches, .localModelNamespaceCaches,
        .localModelNodes, .localModelNodeGroups, .knativeServices, .configurations, .revisions, .routes,
        .podAutoscalers, .domainMappings, .clusterDomainClaims, .httpRoutes,
        .grpcRoutes, .referenceGrants, .authConfigs.served(as: "v1beta2"), .authConfigs,
        .authorizationPolicies.served(as: "v1beta1"), .authorizationPolicies,
        .requestAuthentications.served(as: "v1beta1"), .requestAuthentications,
        .peerAuthentications.served(as: "v1beta1"), .peerAuthentications, .hostImages,
    ]

    /// The definition of a resource; `nil` if it is none of ours.
    package static func definition(of resource: Resource) -> ResourceDefinition? {
        definitions.first { $0.resource == resource }
    }

    /// The schema of a type that kinds share, by its name in OpenAPI documents, with its own description; `nil` if it is
    /// none of ours.
    package static func type(named name: String) -> Schema? { SchemaLibrary.served.type(named: name) }
}
