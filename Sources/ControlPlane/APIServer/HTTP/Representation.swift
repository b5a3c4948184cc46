import KubeModel

/// The form in which a client wants objects, from its `Accept` header.
enum Representation: Sendable, Hashable {
    case object
    /// The columns and cells that `kubectl get` prints.
    case table
    /// `PartialObjectMetadata`: objects without spec and status.
    case metadata

    /// The first form in `accept` that can be given.
    ///
    /// - Throws: 406 where there is none.
    init(accept: String) throws(Status) {
        let ranges = accept.split(separator: ",").map { range in
            range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
        }
        for range in ranges {
            guard let type = range.first, Self.isJSON(type), let form = Self.form(range.dropFirst()) else { continue }
            self = form
            return
        }
        guard ranges.isEmpty else {
            throw Status(
                code: 406, reason: "NotAcceptable",
                message: "only application/json can be given, not \(accept)")
        }
        self = .object
    }

    private static func isJSON(_ type: String) -> Bool {
        ["application/json", "application/*", "*/*"].contains(type)
    }

    private static func form(_ parameters: some Sequence<String>) -> Representation? {
        guard let parameter = parameters.first(where: { $0.hasPrefix("as=") }) else { return .object }
        switch parameter.dropFirst(3) {
        case "table": return parameters.contains("v=v1") ? .table : nil
        case "partialobjectmetadata", "partialobjectmetadatalist": return parameters.contains("v=v1") ? .metadata : nil
        default: return nil
        }
    }
}
