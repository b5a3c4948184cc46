package import JSONModel

extension LabelSelector {
    /// Reads `a=b,c!=d,e in (x,y),f notin (z),g,!h`; an empty text selects everything.
    ///
    /// - Throws: 400 where the text is no label selector.
    package init(parsing text: String) throws(Status) {
        requirements = []
        for term in Self.terms(text) { requirements.append(try Requirement(parsing: term, of: text)) }
    }

    /// Reads a `metav1.LabelSelector`: `matchLabels` and `matchExpressions`, which must all hold. One without either
    /// selects everything.
    ///
    /// - Throws: 400 where an expression is malformed.
    package init(json: JSONValue) throws(Status) {
        let labels = json["matchLabels"]?.objectValue ?? JSONObject()
        requirements = labels.map { .isIn($0.key, [$0.value.stringValue ?? ""]) }
        for expression in json["matchExpressions"]?.arrayValue ?? [] {
            requirements.append(try Requirement(json: expression))
        }
    }

    /// The parts between the commas that stand outside of parentheses; one empty text has none.
    private static func terms(_ text: String) -> [Substring] {
        guard text.contains(where: { !$0.isWhitespace }) else { return [] }
        var terms: [Substring] = []
        var start = text.startIndex
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                terms.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return terms + [text[start...]]
    }
}

extension LabelSelector.Requirement {
    init(json: JSONValue) throws(Status) {
        let key = json["key"]?.stringValue ?? ""
        let values = Set(json["values"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        switch json["operator"]?.stringValue {
        case "In" where !values.isEmpty: self = .isIn(key, values)
        case "NotIn" where !values.isEmpty: self = .isNotIn(key, values)
        case "Exists" where values.isEmpty: self = .exists(key)
        case "DoesNotExist" where values.isEmpty: self = .doesNotExist(key)
        default:
            throw .badRequest(
                "matchExpressions: operator must be In or NotIn with values, or Exists or DoesNotExist without: "
                    + json.excerpt)
        }
    }

    init(parsing term: Substring, of selector: String) throws(Status) {
        func refuse(_ why: String) -> Status { .badRequest("invalid label selector \"\(selector)\": \(why)") }
        let term = term.trimmed
        let isAbsent = term.first == "!"
        let body = isAbsent ? term.dropFirst().trimmed : term
        let keyEnd = body.firstIndex { $0.isWhitespace || "=!()<>".contains($0) } ?? body.endIndex
        let key = String(body[..<keyEnd])
        let rest = body[keyEnd...].trimmed
        if let problem = NameRule.labelKey.problem(key) { throw refuse("key \"\(key)\" \(problem)") }
        guard !rest.isEmpty else {
            self = isAbsent ? .doesNotExist(key) : .exists(key)
            return
        }
        if !isAbsent, let sign = rest.first, sign == ">" || sign == "<" {
            guard let bound = Int(rest.dropFirst().trimmed) else { throw refuse("write key>1 or key<1") }
            self = sign == ">" ? .isGreater(key, bound) : .isLess(key, bound)
            return
        }
        guard !isAbsent, let (isIn, values) = Self.comparison(rest) else {
            throw refuse("write key=value, key!=value, key in (a,b), key notin (a,b), key, or !key")
        }
        for value in values {
            if let problem = NameRule.labelValue.problem(value) { throw refuse("value \"\(value)\" \(problem)") }
        }
        self = isIn ? .isIn(key, values) : .isNotIn(key, values)
    }

    /// Reads what stands behind the key: the operator and the values.
    private static func comparison(_ text: Substring) -> (isIn: Bool, values: Set<String>)? {
        for (sign, isIn) in [("==", true), ("=", true), ("!=", false)] where text.hasPrefix(sign) {
            let value = text.dropFirst(sign.count).trimmed
            return value.contains { "=!(), ".contains($0) } ? nil : (isIn, [String(value)])
        }
        for (word, isIn) in [("notin", false), ("in", true)] where text.hasPrefix(word) {
            let list = text.dropFirst(word.count).trimmed
            guard list.first == "(", list.last == ")" else { return nil }
            let values = list.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            return (isIn, Set(values.map { String($0.trimmed) }))
        }
        return nil
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return rest
    }
}
