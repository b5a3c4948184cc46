import JSONModel
import KubeModel
import ServingAPI

extension RoutingCompiler {
    // A constant: a test compiles it.
    private static let explains = try? RegularExpression(ServingKeys.explainPath)

    /// Rules that send what asks for an explanation to the service's explainer, and all else on.
    ///
    /// - Parameter main: the route of everything else.
    /// - Returns: an index into the table's `hostRules`; `nil` for a service without explainer.
    mutating func addExplainer(of service: Object, besides main: Int) -> Int? {
        guard service["spec", "explainer"]?.objectValue != nil, let pattern = Self.explains else { return nil }
        var match = RequestMatch()
        match.path = .pattern(pattern)
        let explainer = addRoute(of: service, .explainer)
        table.hostRules.append(
            HostRules([[.init(match: match, route: explainer), .init(match: RequestMatch(), route: main)]]))
        return table.hostRules.count - 1
    }
}

extension InferenceService {
    /// The Route of the component that is meant; in Standard mode its HTTPRoute, which has no part of the component's own
    /// name.
    var routeKey: ObjectKey {
        let isStandard = DeploymentMode(object) == .standard
        return ObjectKey(namespace: object.namespace, name: isStandard ? "\(name)-\(role.rawValue)" : componentName)
    }
}
