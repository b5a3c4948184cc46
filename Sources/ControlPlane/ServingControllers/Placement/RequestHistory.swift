import Glibc
import KubeController
import KubeModel
import Synchronization

/// How often each revision was called of late: an average that forgets by half in ten minutes. It sees what the
/// autoscaler reads on its way there, every two seconds for a revision that runs.
///
/// A restart of Martlet begins it anew, with nobody called: what is evicted then goes by load time and size alone.
final class RequestHistory: RevisionTraffic {
    private struct Entry: Sendable {
        /// Requests, each worth less the longer ago it was.
        var weight = 0.0
        var requests: Int
        var moment: Duration

        /// Seconds in which a request's weight falls to 1/e.
        static let lifetime = 600 / log(2.0)

        mutating func record(_ new: Int, at now: Duration) {
            let seconds = max(0, (now - moment) / .seconds(1))
            weight = weight * exp(-seconds / Self.lifetime) + Double(max(0, new - requests))
            (requests, moment) = (new, now)
        }
    }

    private let entries = Mutex<[ObjectKey: Entry]>([:])
    private let traffic: any RevisionTraffic
    private let time: any TimeSource

    init(_ traffic: any RevisionTraffic, time: any TimeSource) {
        self.traffic = traffic
        self.time = time
    }

    func reading(namespace: String, revision: String) -> TrafficReading {
        let reading = traffic.reading(namespace: namespace, revision: revision)
        let key = ObjectKey(namespace: namespace, name: revision)
        entries.withLock {
            $0[key, default: Entry(requests: 0, moment: time.now)].record(reading.requests, at: time.now)
        }
        return reading
    }

    /// Requests per second.
    func rate(of key: ObjectKey) -> Double { entries.withLock { $0[key]?.weight ?? 0 } / Entry.lifetime }

    func forget(_ key: ObjectKey) { entries.withLock { $0[key] = nil } }
}
