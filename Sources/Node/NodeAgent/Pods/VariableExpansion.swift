/// Kubernetes' `$(VAR)` in commands, arguments and variables.
enum VariableExpansion {
    /// `text` with each `$(NAME)` replaced by its value. `$$` stands for a dollar sign, so that `$$(NAME)` gives
    /// `$(NAME)`; a name that is not known stays as it is.
    static func expand(_ text: String, _ value: (String) -> String?) -> String {
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            result += next(&rest, value)
        }
        return result + rest
    }

    /// What stands for a dollar sign and what follows it.
    private static func next(_ rest: inout Substring, _ value: (String) -> String?) -> String {
        switch rest.first {
        case "$":
            rest = rest.dropFirst()
            return "$"
        case "(":
            guard let end = rest.firstIndex(of: ")") else { return "$" }
            let name = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            return value(name) ?? "$(\(name))"
        default: return "$"
        }
    }
}
