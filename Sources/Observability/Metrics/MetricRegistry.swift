import Synchronization

/// The places where metrics come from. Each is asked at a scrape, so that counting costs nothing between scrapes.
package final class MetricRegistry: Sendable {
    package typealias Source = @Sendable () -> [MetricFamily]

    private let sources = Mutex<[Source]>([])

    package init() {}

    package func add(_ source: @escaping Source) { sources.withLock { $0.append(source) } }

    /// All families, sorted by name; sources that tell of the same name are put together.
    package func collect() -> [MetricFamily] {
        var families: [String: MetricFamily] = [:]
        for source in sources.withLock({ $0 }) {
            for family in source() {
                if families[family.name] == nil {
                    families[family.name] = family
                } else {
                    families[family.name]?.samples += family.samples
                }
            }
        }
        return families.values.sorted { $0.name < $1.name }
    }
}
