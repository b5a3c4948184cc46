import JSONModel
import KubeModel

/// The names that a CustomResourceDefinition asks for or has got, as far as they can be in others' way.
struct CustomResourceNames: Sendable, Hashable {
    var group: String
    var plural: String
    var singular: String
    var shortNames: [String]
    var kind: String
    var listKind: String
    var isEstablished = false

    /// - Parameter json: `spec.names` or `status.acceptedNames`.
    init(group: String, _ json: JSONValue?) {
        func text(_ key: String) -> String { json?[key]?.stringValue ?? "" }
        self.group = group
        plural = text("plural")
        singular = text("singular")
        shortNames = json?["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
        kind = text("kind")
        listKind = text("listKind")
    }

    /// The words by which a person may mean the resource.
    var words: [String] { [plural, singular] + shortNames }
    var kinds: [String] { [kind, listKind] }
}

/// Which of the names that a definition asks for it gets (as apiextensions' naming controller decides it).
struct NameAcceptance {
    private(set) var accepted: JSONValue
    private(set) var conflict: (reason: String, message: String)?

    /// - Parameters:
    ///   - requested: `spec.names`.
    ///   - before: `status.acceptedNames`, which stay where what is asked for is taken.
    ///   - others: the accepted names of the other definitions of the group.
    init(_ requested: JSONValue, before: JSONValue?, others: [CustomResourceNames]) {
        accepted = before ?? [:]
        let words = Set(others.flatMap(\.words))
        let kinds = Set(others.flatMap(\.kinds))
        take("plural", requested, unless: words, "PluralConflict")
        take("singular", requested, unless: words, "SingularConflict")
        takeShortNames(requested, unless: words)
        take("kind", requested, unless: kinds, "KindConflict")
        take("listKind", requested, unless: kinds, "ListKindConflict")
        accepted["categories"] = requested["categories"]
    }

    private mutating func take(
        _ key: String, _ requested: JSONValue, unless taken: Set<String>, _ reason: String
    ) {
        let name = requested[key]?.stringValue ?? ""
        guard taken.contains(name), accepted[key]?.stringValue != name else {
            accepted[key] = requested[key]
            return
        }
        conflict = (reason, "\"\(name)\" is already in use")
    }

    private mutating func takeShortNames(_ requested: JSONValue, unless taken: Set<String>) {
        let names = requested["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let before = accepted["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let conflicts = names.filter { taken.contains($0) && !before.contains($0) }
        guard !conflicts.isEmpty else {
            accepted["shortNames"] = requested["shortNames"]
            return
        }
        conflict = ("ShortNamesConflict", conflicts.map { "\"\($0)\" is already in use" }.joined(separator: ", "))
    }

    /// `NamesAccepted` and `Established`; what was once established stays so.
    func conditions(wasEstablished: Bool) -> [Condition] {
        let names =
            conflict.map { Condition("NamesAccepted", "False", reason: $0.reason, message: $0.message) }
            ?? Condition("NamesAccepted", "True", reason: "NoConflicts", message: "no conflicts found")
        let established =
            wasEstablished || conflict == nil
            ? Condition(
                "Established", "True", reason: "InitialNamesAccepted", message: "the initial names have been accepted")
            : Condition("Established", "False", reason: "NotAccepted", message: "not all names are accepted")
        return [names, established]
    }
}
