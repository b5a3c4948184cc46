import JSONModel
import KubeModel

/// Which revision had all of the traffic last, and which before: what a canary's rest goes to, and what a rollback
/// goes back to (KServe, `PropagateStatus`).
struct RolledOutRevisions: Sendable, Hashable {
    var latest: String?
    var previous: String?

    /// - Parameters:
    ///   - component: `status.components.predictor` as it was.
    ///   - service: the Knative Service.
    init(after component: JSONValue?, _ service: Object?) {
        latest = component?["latestRolledoutRevision"]?.stringValue
        previous = component?["previousRolledoutRevision"]?.stringValue
        let ready = service?["status", "latestReadyRevisionName"]?.stringValue
        let traffic = service?["status", "traffic"]?.arrayValue ?? []
        guard let ready, let target = Self.target(ready, traffic) else { return }
        let share = target["percent"]?.intValue ?? 0
        if latest != ready {
            if share == 100 { (previous, latest) = (latest, ready) }
        } else if share < 100, Self.total(of: ready, traffic) == 100, previous != nil,
            service?.condition("ConfigurationsReady")?.isTrue == true
        {
            // All of it goes to the newest revision, and no newer one is on its way: it is being taken back.
            latest = previous
        }
    }

    private static func target(_ revision: String, _ traffic: [JSONValue]) -> JSONValue? {
        traffic.first {
            $0["revisionName"]?.stringValue == revision && $0["latestRevision"]?.boolValue == true
        }
    }

    private static func total(of revision: String, _ traffic: [JSONValue]) -> Int {
        traffic.filter { $0["revisionName"]?.stringValue == revision }
            .reduce(0) { $0 + ($1["percent"]?.intValue ?? 0) }
    }
}
