import KubeModel

/// Which objects a list or a watch is about.
struct ObjectSelector: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector

    init(_ labels: LabelSelector, _ fields: String?) throws(Status) {
        self.labels = labels
        self.fields = try FieldSelector(parsing: fields ?? "")
    }

    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: Object) -> Bool {
        (labels.requirements.isEmpty || labels.matches(object.labels)) && fields.matches(object)
    }
}
