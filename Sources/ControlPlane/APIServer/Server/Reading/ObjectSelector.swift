import JSONModel
import KubeModel

/// Which objects a list or a watch is about.
struct ObjectSelector: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector

    init(_ labels: LabelSelector, _ fields: String?) throws(Status) {
        self.labels = labels
        self.fields = try FieldSelector(fields ?? "")
    }

    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: Object) -> Bool {
        (labels.requirements.isEmpty || labels.matches(object.labels)) && fields.matches(object)
    }
}

/// `metadata.name=x,status.phase!=Running`: all must hold. A field that is missing counts as empty.
struct FieldSelector: Sendable {
    struct Requirement: Sendable {
        var path: [String]
        var value: String
        var isEqual: Bool
    }

    let requirements: [Requirement]

    init(_ text: String) throws(Status) {
        var requirements: [Requirement] = []
        for term in text.split(separator: ",") { requirements.append(try Self.requirement(term)) }
        self.requirements = requirements
    }

    func matches(_ object: Object) -> Bool {
        requirements.allSatisfy { requirement in
            let value = object.json[requirement.path.map { .key($0) }]
            let text = value?.stringValue ?? value?.text ?? ""
            return (text == requirement.value) == requirement.isEqual
        }
    }

    private static func requirement(_ term: Substring) throws(Status) -> Requirement {
        guard let sign = term.firstIndex(of: "=") else {
            throw .badRequest("invalid field selector \"\(term)\": write <field>=<value> or <field>!=<value>")
        }
        let isUnequal = sign > term.startIndex && term[term.index(before: sign)] == "!"
        let field = isUnequal ? term[..<term.index(before: sign)] : term[..<sign]
        let value = term[term.index(after: sign)...].drop { $0 == "=" }
        return Requirement(
            path: field.split(separator: ".").map(String.init), value: String(value), isEqual: !isUnequal)
    }
}
