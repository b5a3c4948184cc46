/// The names that a caller may be told of, and what is said where something else was asked for.
package struct KnownNames: Sendable {
    private let models: [RoutingTable.ModelEntry]
    private let hosts: [String]
    /// Whether there are more, for some callers only.
    private let hidesSome: Bool

    /// - Parameter isTold: whether of a route, an index into the table's routes.
    init(_ table: RoutingTable, where isTold: (Int) -> Bool) {
        models = table.models.filter { isTold($0.route) }
        hosts = table.hostNames.filter { table.routes(of: $0).allSatisfy(isTold) }
        hidesSome = models.count < table.models.count || hosts.count < table.hostNames.count
    }

    package func unknownModel(_ name: String) -> String {
        "The model `\(name)` does not exist. \(list(models.map(\.name), of: "models"))"
    }

    package func ambiguousModel(_ name: String) -> String {
        let qualified = models.map(\.name).filter { $0.hasSuffix("/\(name)") }
        let remedy =
            qualified.isEmpty || hidesSome
            ? "Ask for <namespace>/\(name)." : "Ask for one of: \(qualified.joined(separator: ", "))."
        return "The model `\(name)` exists in several namespaces. \(remedy)"
    }

    package func unknownService(_ name: String) -> String {
        let names = models.map { "\($0.namespace)/\($0.name.split(separator: "/").last ?? "")" }
        return "There is no InferenceService `\(name)`. \(list(names.sorted(), of: "services"))"
    }

    package func unknownHost(_ host: String, path: String) -> String {
        "Nothing is served at \(path) on host `\(host)`. Models answer at /openai/v1/... and /v1/..., services at "
            + "/serving/<namespace>/<name>/... and on their own hosts. \(list(hosts, of: "hosts"))"
    }

    /// At most 20 names: an error is for reading.
    private func list(_ names: [String], of what: String) -> String {
        guard !names.isEmpty else {
            return hidesSome ? "The \(what) that exist are not for everyone." : "There are no \(what) yet."
        }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        let which = hidesSome ? "that everyone may call" : "that exist"
        return "The \(what) \(which): \(names.prefix(20).joined(separator: ", "))\(more)."
    }
}

extension RoutingTable {
    /// - Parameter isTold: whether the caller may be told of a route, an index into `routes`.
    package func names(where isTold: (Int) -> Bool) -> KnownNames { KnownNames(self, where: isTold) }

    fileprivate func routes(of host: String) -> [Int] {
        switch hosts[Array(host.utf8).span] {
        case .route(let route): [route]
        case .rules(let rules): hostRules[rules].rules.map(\.route)
        case nil: []
        }
    }
}
