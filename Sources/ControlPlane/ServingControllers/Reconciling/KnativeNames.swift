import KubeModel

/// Labels that only the controllers set and read; those that others know too are `ServingKeys`.
enum Label {
    static let serviceUID = "serving.knative.dev/serviceUID"
    static let configurationUID = "serving.knative.dev/configurationUID"
    static let revisionUID = "serving.knative.dev/revisionUID"
    static let podTemplateHash = "pod-template-hash"
    static let app = "app"
}

enum Annotation {
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    static let routingStateModified = "serving.knative.dev/routingStateModified"
    /// Of a PodAutoscaler's status: `Serve` or `Proxy`, see `ServerlessService`.
    static let serverlessServiceMode = "martlet.dev/serverless-service-mode"
    /// Of a revision: the routes that lead to it, with commas between.
    static let routes = "serving.knative.dev/routes"
    /// Of a revision: `"true"` keeps it from being collected.
    static let noGC = "serving.knative.dev/no-gc"
    /// In a route's status: the rollouts under way.
    static let rollout = "networking.internal.knative.dev/rollout"
    /// Of a Knative Service that is kept so: from what it was rendered.
    static let renderedFrom = "martlet.dev/rendered-from"
}

extension Object {
    /// Annotations that pass from an object to its children: all but kubectl's own notes.
    var inheritedAnnotations: [String: String] { annotations.filter { $0.key != Annotation.lastApplied } }

    /// The key of another object in the same namespace.
    func sibling(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    /// A new child object in the same namespace, controlled by this one.
    func child(_ resource: Resource, name: String) -> Object {
        var child = Object(resource, namespace: namespace, name: name)
        child.ownerReferences = [OwnerReference(controller: self)]
        return child
    }
}
