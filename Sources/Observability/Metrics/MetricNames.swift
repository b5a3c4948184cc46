/// Which systems' names a scrape shows: all of them, or those that it asks for with `?names=martlet,knative`.
package enum MetricNames: String, Sendable, CaseIterable {
    /// Martlet's own, and its process's.
    case martlet
    /// Knative's, old and new.
    case knative
    case istio
    case authorino
    /// cAdvisor's, kube-state-metrics', and the API server's.
    case kubernetes

    package init(of name: String) {
        let beginnings: [(String, MetricNames)] = [
            ("revision_", .knative), ("autoscaler_", .knative), ("activator_", .knative), ("kn_", .knative),
            ("istio_", .istio), ("auth_server_", .authorino), ("container_", .kubernetes), ("kube_", .kubernetes),
            ("pod:", .kubernetes), ("apiserver_", .kubernetes),
        ]
        self = beginnings.first { name.hasPrefix($0.0) }?.1 ?? .martlet
    }

    /// - Parameter text: names by commas; `nil` and what is empty mean all.
    /// - Throws: `UnknownMetricNames`.
    package static func parse(_ text: String?) throws(UnknownMetricNames) -> Set<MetricNames> {
        guard let text, !text.isEmpty else { return Set(allCases) }
        var names: Set<MetricNames> = []
        for word in text.split(separator: ",") {
            guard let name = MetricNames(rawValue: String(word)) else { throw UnknownMetricNames(word: String(word)) }
            names.insert(name)
        }
        return names
    }
}

package struct UnknownMetricNames: Error, Sendable, CustomStringConvertible {
    var word: String
    package var description: String {
        "names: \"\(word)\" is none of \(MetricNames.allCases.map(\.rawValue).joined(separator: ", "))"
    }
}
