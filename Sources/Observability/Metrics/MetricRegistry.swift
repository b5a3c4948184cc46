import Synchronization

/// The places where metrics come from. Each is asked at a scrape, so that counting costs nothing between scrapes.
package final class MetricRegistry: Sendable {
    package typealias Source = @Sendable () -> [MetricFamily]

    /// Sets of labels of one family; more are shown as `other`.
    private static let largestFamily = 5_000

    private let sources = Mutex<[Source]>([])
    private let limit: Int

    package init() { limit = Self.largestFamily }

    init(limit: Int) { self.limit = limit }

    package func add(_ source: @escaping Source) { sources.withLock { $0.append(source) } }

    /// All families, sorted by name; sources that tell of the same name are put together.
    package func collect() -> [MetricFamily] {
        var families: [String: MetricFamily] = [:]
        for source in sources.withLock({ $0 }) {
            for family in source() { families[family.name, default: family.emptied].samples += family.samples }
        }
        var bound = CardinalityLimit(limit)
        var all = families.values.sorted { $0.name < $1.name }
        for index in all.indices { bound.apply(to: &all[index]) }
        guard bound.folded > 0 else { return all }
        let folded = MetricFamily(
            "martlet_metrics_folded_series", .gauge,
            help: "Sets of labels that this scrape shows as `other`, because their families have too many.",
            samples: [.init(Double(bound.folded))])
        return all + [folded]
    }
}

extension MetricFamily {
    /// Without samples.
    var emptied: MetricFamily { MetricFamily(name, kind, help: help, samples: []) }
}
