import JSONModel
package import KubeModel
import ServingAPI

// InferenceServices in Standard mode: each Deployment is a revision of its own, and HTTPRoutes say who gets which
// share.

extension RoutingObjects {
    /// Whether a change of the object may change the table. Knative's Deployments are revisions' business.
    package static func concern(_ object: Object) -> Bool { object.kind != "Deployment" || object.isStandard }
}

extension RoutingCompiler {
    mutating func addDeployments(_ objects: [Object], pods owned: [ObjectKey: [Object]]) {
        for deployment in objects.filter(\.isStandard).sorted(by: { $0.key < $1.key })
        where revisions[deployment.key] == nil {
            revisions[deployment.key] = table.revisions.count
            table.revisions.append(RoutedRevision(deployment: deployment, pods: owned[deployment.key] ?? []))
        }
    }

    mutating func addStandardRoutes(of object: Object) {
        let service = InferenceService(object)
        for component in [service] + service.sides { addStandardRoute(of: component) }
    }

    /// What the HTTPRoute of a component says, for the service's other names; and the component's own host.
    private mutating func addStandardRoute(of component: InferenceService) {
        let (service, key) = (component.object, component.routeKey)
        let name = key.name
        var made = standardRoute(key)
        made.service = service.key
        let index = add(made)
        serviceRoutes[key] = (index, [])
        table.addInnerHost(hosts.clusterHost(name, of: service), route: index)
        var named = service
        named.name = name
        for host in hosts.hosts(ofInferenceService: named) { table.addHost(host, route: index) }
    }

    private mutating func standardRoute(_ key: ObjectKey) -> Route {
        if let object = httpRoutes[key], let rule = GatewayRoute(object).rules.first {
            return route(rule, of: object, name: "HTTPRoute \(key)")
        }
        return Route(name: "Deployment \(key)", targets: deployed(key))
    }

    /// Where no route says more, the Deployment of the predictor's name.
    func deployed(_ key: ObjectKey) -> [Route.Target] {
        revisions[key].map { [Route.Target(revision: $0, weight: 100)] } ?? []
    }
}

extension RoutedRevision {
    /// - Parameters:
    ///   - deployment: of a service in Standard mode.
    ///   - pods: all of its pods.
    init(deployment: Object, pods: [Object]) {
        let annotations = deployment.annotations
        let limit = annotations[ServingKeys.containerConcurrency].flatMap { Int($0) } ?? 0
        self.init(
            key: deployment.key, uid: deployment.uid, service: deployment.labels[ServingKeys.inferenceService] ?? "",
            configuration: deployment.name, containerConcurrency: max(0, limit),
            endpoints: pods.compactMap(ReadyPod.init).map(\.endpoint).sorted { $0.podName < $1.podName })
        inferenceService = deployment.inferenceService
        readBalancing(annotations)
        maxWait = annotations[ServingKeys.maxWait].flatMap(GoDuration.seconds).map { .seconds($0) }
        sendsComments = annotations[ServingKeys.keepAliveComments] != "false"
        loadTime = annotations[ServingKeys.loadSeconds].flatMap(Double.init).map { .seconds(min(max(0, $0), 86_400)) }
        if endpoints.isEmpty { start = StartState(pods: pods) }
    }
}

extension Object {
    /// Of a Deployment: whether its pods are the revision of its own name.
    fileprivate var isStandard: Bool { labels[ServingKeys.revision] == name }
}
