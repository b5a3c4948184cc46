import JSONModel
import KubeController
import KubeModel

/// From a configuration or a revision to the routes that name it.
enum RouteTargets {
    static let named = StoreIndex("named target") { route in
        (route["spec", "traffic"]?.arrayValue ?? []).flatMap { target in
            [("Configuration", "configurationName"), ("Revision", "revisionName")].compactMap { kind, field in
                target[field]?.stringValue.map { Self.entry(kind, route.sibling($0)) }
            }
        }
    }

    static func routes(to object: Object, in routes: Store) -> [ObjectKey] {
        routes.found(by: named, entry(object.kind, object.key)).map(\.key)
    }

    private static func entry(_ kind: String, _ key: ObjectKey) -> String { "\(kind) \(key)" }
}
