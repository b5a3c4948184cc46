// What a request for a name that does not exist is told: which names do.

extension RoutingTable {
    package func unknownModel(_ name: String) -> String {
        "The model `\(name)` does not exist. \(Self.list(models.map(\.name), of: "models"))"
    }

    package func ambiguousModel(_ name: String) -> String {
        let qualified = models.map(\.name).filter { $0.hasSuffix("/\(name)") }
        return "The model `\(name)` exists in several namespaces. Ask for one of: \(qualified.joined(separator: ", "))."
    }

    package func unknownService(_ name: String) -> String {
        let names = models.map { "\($0.namespace)/\($0.name.split(separator: "/").last ?? "")" }
        return "There is no InferenceService `\(name)`. \(Self.list(names.sorted(), of: "services"))"
    }

    package func unknownHost(_ host: String, path: String) -> String {
        "Nothing is served at \(path) on host `\(host)`. Models answer at /openai/v1/... and /v1/..., services at "
            + "/serving/<namespace>/<name>/... and on their own hosts. \(Self.list(hostNames, of: "hosts"))"
    }

    /// At most 20 names: an error is for reading.
    private static func list(_ names: [String], of what: String) -> String {
        guard !names.isEmpty else { return "There are no \(what) yet." }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "The \(what) that exist: \(names.prefix(20).joined(separator: ", "))\(more)."
    }
}
