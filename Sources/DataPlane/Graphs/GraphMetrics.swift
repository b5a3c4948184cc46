import Synchronization

/// What became of the steps of graphs.
package final class GraphMetrics: Sendable {
    package struct Key: Sendable, Hashable {
        package var namespace: String
        package var graph: String
        package var node: String
        package var step: String
        /// Of the answer; 0: there was none.
        package var status: Int
    }

    package struct Reading: Sendable, Hashable {
        package var count: UInt64 = 0
        /// To the heads of the answers, all told.
        package var seconds: Double = 0
    }

    private let readings = Mutex<[Key: Reading]>([:])
    /// More than this many kinds of steps are not told apart: what stands in graphs is users'.
    private static let most = 10_000

    package init() {}

    func record(_ key: Key, _ took: Duration) {
        readings.withLock { readings in
            guard readings[key] != nil || readings.count < Self.most else { return }
            readings[key, default: Reading()].count += 1
            readings[key, default: Reading()].seconds += took / .seconds(1)
        }
    }

    package var all: [(key: Key, reading: Reading)] { readings.withLock { $0.map { ($0.key, $0.value) } } }
}
