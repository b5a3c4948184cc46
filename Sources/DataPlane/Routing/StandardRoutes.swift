import JSONModel
package import KubeModel
import ServingAPI

// InferenceServices in Standard mode: each Deployment is a revision of its own, and HTTPRoutes say who gets which share.

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

    /// Routes to the Deployments that have the names of the first rule's Services. Other HTTPRoutes take no part.
    mutating func addHTTPRoutes(_ objects: [Object]) {
        for object in objects.sorted(by: { $0.key < $1.key }) {
            let rule = object["spec", "rules"]?[0]
            let targets = (rule?["backendRefs"]?.arrayValue ?? []).compactMap { target($0, of: object) }
            guard !targets.isEmpty else { continue }
            let timeout = rule?[path: "timeouts", "request"]?.stringValue.flatMap(Self.seconds)
            for target in targets where timeout != nil {
                table.revisions[target.revision].firstByteTimeout = timeout
                table.revisions[target.revision].totalTimeout = timeout
            }
            var made = Route(name: "HTTPRoute \(object.key)", targets: targets)
            made.service = object.inferenceService
            let route = add(made)
            serviceRoutes[object.key] = (route, [])
            for host in object["spec", "hostnames"]?.arrayValue ?? [] {
                if let host = host.stringValue { table.addHost(host, route: route) }
            }
        }
    }

    private func target(_ backend: JSONValue, of route: Object) -> Route.Target? {
        let key = ObjectKey(
            namespace: backend["namespace"]?.stringValue ?? route.namespace, name: backend["name"]?.stringValue ?? "")
        return revisions[key].map { Route.Target(revision: $0, weight: backend["weight"]?.intValue ?? 1) }
    }

    /// Of a duration in whole seconds, as `60s`; `0s` is no limit.
    private static func seconds(_ text: String) -> Duration? {
        guard text.hasSuffix("s"), let seconds = Int(text.dropLast()), seconds > 0 else { return nil }
        return .seconds(seconds)
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
