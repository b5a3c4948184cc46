import KubeModel

extension Schema {
    /// The schema of a whole object: `fields` beside `apiVersion`, `kind` and `metadata`.
    static func resource(_ description: String, _ fields: [String: Schema], required: [String] = []) -> Schema {
        record(description, fields, required: required).asResource
    }

    /// `metadata` of a template.
    static let templateMeta = objectMeta.described("Metadata that objects made from this template get.")

    /// `status.conditions`, as in metav1 and Knative's duck type.
    static let conditions = records(
        "What is known about the object's state, one entry for each aspect.",
        [
            "type": text("Which aspect; Ready sums the others up."),
            "status": text("True, False or Unknown."),
            "reason": text("A word for machines: why the status is what it is."),
            "message": text("A sentence for people."),
            "severity": text("Info for entries that only tell; empty for those that count."),
            "lastTransitionTime": time("When the status last changed."),
            "lastUpdateTime": time("When the entry was last written."),
            "lastProbeTime": time("When the aspect was last probed."),
            "observedGeneration": int64("The generation that the entry speaks of."),
        ], required: ["type", "status"], keys: ["type"])

    static let labelSelector = record(
        "Which objects, by their labels.",
        [
            "matchLabels": strings("Labels that must all have these values."),
            "matchExpressions": records(
                "Requirements that must all hold.",
                [
                    "key": text("Key of the label."), "operator": text("In, NotIn, Exists or DoesNotExist."),
                    "values": words("Values for In and NotIn."),
                ], required: ["key", "operator"]),
        ]
    ).atomic()

    static let objectReference = record(
        "Points at an object.",
        [
            "apiVersion": text("API version of the object."), "kind": text("Kind of the object."),
            "namespace": text("Namespace of the object."), "name": text("Name of the object."),
            "uid": text("Identity of the object."), "resourceVersion": text("Version of the object."),
            "fieldPath": text("Part of the object."),
        ]
    ).atomic()
}
