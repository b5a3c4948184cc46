import KubeModel

/// Labels of Knative Serving and KServe that the controllers set and read.
enum Label {
    static let service = "serving.knative.dev/service"
    static let serviceUID = "serving.knative.dev/serviceUID"
    static let configuration = "serving.knative.dev/configuration"
    static let configurationUID = "serving.knative.dev/configurationUID"
    static let configurationGeneration = "serving.knative.dev/configurationGeneration"
    static let revision = "serving.knative.dev/revision"
    static let revisionUID = "serving.knative.dev/revisionUID"
    static let route = "serving.knative.dev/route"
    /// `active` (a route leads to it), `reserve` (none does any more) or `pending` (none did yet).
    static let routingState = "serving.knative.dev/routingState"
    static let inferenceService = "serving.kserve.io/inferenceservice"
    static let podTemplateHash = "pod-template-hash"
    static let app = "app"
}

enum Annotation {
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    static let routingStateModified = "serving.knative.dev/routingStateModified"
    static let progressDeadline = "serving.knative.dev/progress-deadline"
    static let autoscalingPrefix = "autoscaling.knative.dev/"
    static let deploymentRevision = "deployment.kubernetes.io/revision"
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
