import KubeModel

/// Which objects a list or a watch is about.
struct ObjectSelector: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector

    /// Throws a 400 where a field is named by which such objects are not selected.
    init(_ labels: LabelSelector, _ fields: String?, of definition: ResourceDefinition) throws(Status) {
        self.labels = labels
        self.fields = try FieldSelector(parsing: fields ?? "")
        guard let fields = SelectableFields.of(definition) else { return }
        let known = [["metadata", "name"], ["metadata", "namespace"]] + fields
        for requirement in self.fields.requirements where !known.contains(requirement.path) {
            throw .badRequest("field label not supported: \(requirement.path.joined(separator: "."))")
        }
    }

    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: Object) -> Bool {
        (labels.requirements.isEmpty || labels.matches(object.labels)) && fields.matches(object)
    }
}
