package import KubeModel

// Kubernetes' built-in resources that Martlet serves on a machine.
extension Resource {
    package static let namespaces = core("Namespace", "namespaces", isNamespaced: false)
    package static let secrets = core("Secret", "secrets")
    package static let configMaps = core("ConfigMap", "configmaps")
    package static let serviceAccounts = core("ServiceAccount", "serviceaccounts")
    package static let persistentVolumeClaims = core("PersistentVolumeClaim", "persistentvolumeclaims")
    package static let pods = core("Pod", "pods")
    package static let services = core("Service", "services")
    package static let events = core("Event", "events")
    package static let nodes = core("Node", "nodes", isNamespaced: false)
    package static let deployments = Resource(
        group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    package static let replicaSets = Resource(
        group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets")
    package static let horizontalPodAutoscalers = Resource(
        group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler", plural: "horizontalpodautoscalers")
    package static let leases = Resource(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")

    private static func core(_ kind: String, _ plural: String, isNamespaced: Bool = true) -> Resource {
        Resource(group: "", version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}

// Who may do what.
extension Resource {
    package static let roles = access("Role", "roles")
    package static let roleBindings = access("RoleBinding", "rolebindings")
    package static let clusterRoles = access("ClusterRole", "clusterroles", isNamespaced: false)
    package static let clusterRoleBindings = access("ClusterRoleBinding", "clusterrolebindings", isNamespaced: false)

    private static func access(_ kind: String, _ plural: String, isNamespaced: Bool = true) -> Resource {
        Resource(
            group: "rbac.authorization.k8s.io", version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}

// What extends the API.
extension Resource {
    package static let customResourceDefinitions = Resource(
        group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions", isNamespaced: false)
    package static let mutatingWebhookConfigurations = webhooks("Mutating")
    package static let validatingWebhookConfigurations = webhooks("Validating")

    private static func webhooks(_ what: String) -> Resource {
        Resource(
            group: "admissionregistration.k8s.io", version: "v1", kind: "\(what)WebhookConfiguration",
            plural: "\(what.lowercased())webhookconfigurations", isNamespaced: false)
    }
}

// KServe.
extension Resource {
    package static let inferenceServices = Resource(
        group: "serving.kserve.io", version: "v1beta1", kind: "InferenceService", plural: "inferenceservices")
    package static let servingRuntimes = kserve("ServingRuntime")
    package static let clusterServingRuntimes = kserve("ClusterServingRuntime", isNamespaced: false)
    package static let inferenceGraphs = kserve("InferenceGraph")
    package static let trainedModels = kserve("TrainedModel")
    package static let clusterStorageContainers = kserve("ClusterStorageContainer", isNamespaced: false)
    package static let localModelCaches = kserve("LocalModelCache", isNamespaced: false)
    package static let localModelNamespaceCaches = kserve("LocalModelNamespaceCache")
    package static let localModelNodes = kserve("LocalModelNode", isNamespaced: false)
    package static let localModelNodeGroups = kserve("LocalModelNodeGroup", isNamespaced: false)

    private static func kserve(_ kind: String, isNamespaced: Bool = true) -> Resource {
        Resource(
            group: "serving.kserve.io", version: "v1alpha1", kind: kind, plural: "\(kind.lowercased())s",
            isNamespaced: isNamespaced)
    }
}

// Knative Serving.
extension Resource {
    /// `serving.knative.dev` Service, not to be mistaken for the core `services`.
    package static let knativeServices = knative("Service", "services")
    package static let configurations = knative("Configuration", "configurations")
    package static let revisions = knative("Revision", "revisions")
    package static let routes = knative("Route", "routes")
    /// A host of one's own for a service.
    package static let domainMappings = Resource(
        group: "serving.knative.dev", version: "v1beta1", kind: "DomainMapping", plural: "domainmappings")
    /// Which namespace may use a host; cluster-scoped, named after the host.
    package static let clusterDomainClaims = Resource(
        group: "networking.internal.knative.dev", version: "v1alpha1", kind: "ClusterDomainClaim",
        plural: "clusterdomainclaims", isNamespaced: false)
    package static let podAutoscalers = Resource(
        group: "autoscaling.internal.knative.dev", version: "v1alpha1", kind: "PodAutoscaler",
        plural: "podautoscalers")

    private static func knative(_ kind: String, _ plural: String) -> Resource {
        Resource(group: "serving.knative.dev", version: "v1", kind: kind, plural: plural)
    }
}

// The Gateway API.
extension Resource {
    package static let httpRoutes = gateway("v1", "HTTPRoute")
    package static let grpcRoutes = gateway("v1", "GRPCRoute")
    package static let referenceGrants = gateway("v1beta1", "ReferenceGrant")

    private static func gateway(_ version: String, _ kind: String) -> Resource {
        Resource(
            group: "gateway.networking.k8s.io", version: version, kind: kind, plural: "\(kind.lowercased())s")
    }

    package static let authConfigs = Resource(
        group: "authorino.kuadrant.io", version: "v1beta3", kind: "AuthConfig", plural: "authconfigs")
}

// Istio's policies.
extension Resource {
    package static let authorizationPolicies = istio("AuthorizationPolicy", "authorizationpolicies")
    package static let requestAuthentications = istio("RequestAuthentication", "requestauthentications")
    package static let peerAuthentications = istio("PeerAuthentication", "peerauthentications")

    private static func istio(_ kind: String, _ plural: String) -> Resource {
        Resource(group: "security.istio.io", version: "v1", kind: kind, plural: plural)
    }
}

// Martlet's own.
extension Resource {
    /// What a container image stands for on a machine; cluster-scoped.
    package static let hostImages = Resource(
        group: "martlet.dev", version: "v1alpha1", kind: "HostImage", plural: "hostimages", isNamespaced: false)
}
