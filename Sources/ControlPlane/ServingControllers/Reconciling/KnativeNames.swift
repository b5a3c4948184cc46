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
