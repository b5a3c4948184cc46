/// Why a text is not YAML that stands for JSON, and where.
package struct YAMLError: Error, Hashable, CustomStringConvertible {
    package var problem: String
    /// From 1; `nil` where the place is not known.
    package var line: Int?
    package var column: Int?

    package var description: String {
        guard let line else { return problem }
        return "line \(line), column \(column ?? 1): \(problem)"
    }
}
