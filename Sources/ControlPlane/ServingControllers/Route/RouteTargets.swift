import JSONModel
import KubeController
import KubeModel

/// From a configuration or a revision to the routes that lead to it.
enum RouteTargets {
    /// - Parameter field: what of a target names it: `configurationName` or `revisionName`.
    static func routes(to object: Object, _ field: String, in routes: Store) -> [ObjectKey] {
        routes.all(in: object.namespace).filter { names(of: $0, field).contains(object.name) }.map(\.key)
    }

    private static func names(of route: Object, _ field: String) -> [String] {
        (route["spec", "traffic"]?.arrayValue ?? []).compactMap { $0[field]?.stringValue }
    }
}
