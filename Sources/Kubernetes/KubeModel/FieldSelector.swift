import JSONModel

/// A field selector: `metadata.name=x,status.phase!=Running`; all must hold.
package struct FieldSelector: Sendable, Hashable {
    package struct Requirement: Sendable, Hashable {
        /// The keys that lead to the field.
        package var path: [String]
        package var value: String
        package var isEqual: Bool
    }

    package var requirements: [Requirement]

    /// - Parameter text: `\` before `,`, `=` or `\` takes the character as it is. Empty selects everything.
    /// - Throws: 400 where the text is no field selector.
    package init(parsing text: String) throws(Status) {
        requirements = []
        for term in Self.split(text) where !term.isEmpty { requirements.append(try Requirement(term)) }
    }

    /// A field that is missing counts as empty.
    package func matches(_ object: Object) -> Bool {
        requirements.allSatisfy { requirement in
            let value = object.json[requirement.path.map { .key($0) }]
            let text = value?.stringValue ?? value?.text ?? ""
            return (text == requirement.value) == requirement.isEqual
        }
    }

    private static func split(_ text: String) -> [Substring] {
        var terms: [Substring] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            if text[index] == "," {
                terms.append(text[start..<index])
                start = text.index(after: index)
            }
            let step = text[index] == "\\" ? 2 : 1
            index = text.index(index, offsetBy: step, limitedBy: text.endIndex) ?? text.endIndex
        }
        return terms + [text[start...]]
    }
}

extension FieldSelector.Requirement {
    fileprivate init(_ term: Substring) throws(Status) {
        guard let sign = term.firstIndex(of: "="), sign > term.startIndex else {
            throw .badRequest("invalid field selector \"\(term)\": write <field>=<value> or <field>!=<value>")
        }
        var field = term[..<sign]
        var value = term[term.index(after: sign)...]
        isEqual = field.last != "!"
        if !isEqual { field = field.dropLast() }
        if isEqual, value.first == "=" { value = value.dropFirst() }
        path = field.split(separator: ".").map(String.init)
        self.value = Self.unescaped(value)
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
