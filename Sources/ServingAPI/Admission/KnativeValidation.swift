import JSONModel
import KubeModel

/// What must hold for Knative's kinds, beyond their schemas.
enum KnativeValidation {
    @Sendable static func service(_ service: Object, _ old: Object?) -> [Status.Cause] {
        visibility(service) + template(service, old) + traffic(service.spec, isService: true)
            + AutoscalingAnnotations(service.annotations.rollout, FieldPath("metadata", "annotations")).check()
            + ShadowRule.check(service.annotations, FieldPath("metadata", "annotations"))
    }

    @Sendable static func configuration(_ configuration: Object, _ old: Object?) -> [Status.Cause] {
        template(configuration, old)
    }

    @Sendable static func route(_ route: Object, _ old: Object?) -> [Status.Cause] {
        visibility(route) + traffic(route.spec, isService: false)
            + AutoscalingAnnotations(route.annotations.rollout, FieldPath("metadata", "annotations")).check()
    }

    @Sendable static func revision(_ revision: Object, _ old: Object?) -> [Status.Cause] {
        if let old { return old.spec == revision.spec ? [] : [Self.immutable] }
        return RevisionSpecValidation(spec: revision.spec, path: FieldPath("spec")).check()
            + AutoscalingAnnotations(revision.annotations, FieldPath("metadata", "annotations")).check()
    }

    @Sendable static func podAutoscaler(_ autoscaler: Object, _ old: Object?) -> [Status.Cause] {
        AutoscalingAnnotations(autoscaler.annotations, FieldPath("metadata", "annotations")).check()
    }

    /// The label has one value, so that a misspelt one does not lay open what was to be hidden.
    static func visibility(_ object: Object) -> [Status.Cause] {
        [ServingKeys.visibility, ServingKeys.kserveVisibility].compactMap { key in
            guard let value = object.labels[key], value != ServingKeys.clusterLocal else { return nil }
            let field = FieldPath("metadata", "labels").key(key)
            return .notSupported(field, value.quoted, supported: [ServingKeys.clusterLocal])
        }
    }

    private static let immutable = Status.Cause.forbidden(
        FieldPath("spec"),
        "Immutable fields changed: a revision is one version for ever; change the Service or Configuration it comes from"
    )

    private static func template(_ object: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec", "template")
        guard let template = object.spec["template"], let spec = template["spec"], spec.objectValue != nil else {
            return [.required(path.field("spec"), "say what the revisions run")]
        }
        let meta = Object(template)
        return RevisionSpecValidation(spec: spec, path: path.field("spec")).check()
            + AutoscalingAnnotations(meta.annotations, path.field("metadata").field("annotations")).check()
            + MartletAnnotations.check(meta.annotations, path.field("metadata").field("annotations"))
            + revisionName(meta.name, of: object, old, path.field("metadata").field("name"))
    }

    /// A name that the user brings must belong to the object, and must change with the template.
    private static func revisionName(
        _ name: String, of object: Object, _ old: Object?, _ path: FieldPath
    ) -> [Status.Cause] {
        guard !name.isEmpty else { return [] }
        var causes: [Status.Cause] = []
        if let problem = NameRule.dns1035Label.problem(name) { causes.append(.invalid(path, name.quoted, problem)) }
        if !object.name.isEmpty, !name.hasPrefix("\(object.name)-") {
            causes.append(.invalid(path, name.quoted, "must start with \("\(object.name)-".quoted)"))
        }
        let before = old?.spec["template"]
        if let before, before[path: "metadata", "name"]?.stringValue == name, before != object.spec["template"] {
            causes.append(
                .invalid(path, name.quoted, "must change when the template changes: it names one revision for ever"))
        }
        return causes
    }

    private static func traffic(_ spec: JSONValue, isService: Bool) -> [Status.Cause] {
        TrafficValidation(
            targets: spec["traffic"]?.arrayValue ?? [], path: FieldPath("spec", "traffic"), isService: isService
        ).check()
    }
}

extension [String: String] {
    /// A Service's own annotations that count; those of its revisions are in the template.
    fileprivate var rollout: [String: String] { filter { $0.key == ServingKeys.rolloutDuration } }
}
