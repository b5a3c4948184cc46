import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// What a model does now, in one word.
enum ModelState: String, CaseIterable, Sendable {
    case ready, standby, starting, failed, stopping, stopped

    /// - Parameter pods: those of the service.
    init(_ service: InferenceService, pods: [Pod]) {
        if service.isStopped {
            self = pods.isEmpty ? .stopped : .stopping
            return
        }
        let status = service.object["status", "modelStatus"] ?? [:]
        let target = status[path: "states", "targetModelState"]?.stringValue
        let transition = status["transitionStatus"]?.stringValue ?? ""
        let ready = service.object.condition("Ready")
        let isCurrent = service.object["status", "observedGeneration"]?.intValue.map {
            $0 >= service.object.generation
        }
        if target == "FailedToLoad" || ["InvalidSpec", "BlockedByFailedLoad"].contains(transition) {
            self = .failed
        } else if ready?.isTrue == true, isCurrent != false {
            self = pods.contains(where: \.isServing) ? .ready : .standby
        } else if ready?.isFalse == true, Self.isFinal(ready?.reason ?? ""), pods.isEmpty {
            self = .failed
        } else {
            self = .starting
        }
    }

    /// Reasons of a service that does not become ready by waiting.
    private static func isFinal(_ reason: String) -> Bool {
        [
            "ProgressDeadlineExceeded", "ContainerMissing", "NoSupportingRuntime", "RuntimeNotRecognized",
            "RuntimeDisabled",
        ]
        .contains(reason)
    }

    var badge: Badge {
        switch self {
        case .ready: .good
        case .standby, .stopped: .idle
        case .starting, .stopping: .busy
        case .failed: .bad
        }
    }
}

/// A model as lists show it.
struct ModelSummary: Sendable {
    let service: InferenceService
    let pods: [Pod]
    let state: ModelState
    let load: ModelLoad

    init(_ object: Object, pods: [Pod], load: ModelLoad) {
        service = InferenceService(object)
        self.pods = pods
        self.load = load
        state = ModelState(service, pods: pods)
    }

    var key: ObjectKey { service.key }
    var path: String { "/models/\(service.namespace.percentEncoded)/\(service.name.percentEncoded)" }
    var title: String { service.annotations["openshift.io/display-name"] ?? service.name }
    var readyReplicas: Int { pods.count { $0.isServing } }

    var runtime: String {
        service.object["status", "servingRuntimeName"]?.stringValue
            ?? service.object["status", "clusterServingRuntimeName"]?.stringValue ?? service.predictor.model?.runtime
            ?? ""
    }

    /// Where it is called from outside; `nil` while it has no address.
    var url: String? { service.object["status", "url"]?.stringValue }

    /// Why it is as it is, where there is something to say: how far it is, or what is wrong.
    var reason: String? {
        guard state == .starting || state == .failed else { return nil }
        let failure = service.object["status", "modelStatus"]?[path: "lastFailureInfo", "message"]?.stringValue
        let ready = service.object.condition("Ready")
        return state == .failed ? failure ?? ready?.message : ready?.message ?? ready?.reason
    }

    /// When what is asked for was last changed.
    var lastDeployed: String? {
        let times = (service.object["metadata", "managedFields"]?.arrayValue ?? [])
            .filter { $0["subresource"] == nil }.compactMap { $0["time"]?.stringValue }
        return times.max() ?? service.object.creationTimestamp
    }

    /// All that the caller may see, by namespace and name.
    static func all(_ context: PageContext) async throws -> [ModelSummary] {
        let services = try await context.api.list(.inferenceServices)
        let pods = Dictionary(grouping: await context.api.listed(.pods).map(Pod.init)) {
            ObjectKey(namespace: $0.namespace, name: $0.inferenceServiceName ?? "")
        }
        let loads = ModelLoad.now(context.site.metrics)
        return services.map { service in
            ModelSummary(service, pods: pods[service.key] ?? [], load: loads[service.key] ?? ModelLoad())
        }.sorted { $0.key < $1.key }
    }

    static func one(_ key: ObjectKey, _ context: PageContext) async throws -> ModelSummary {
        let service = try await context.api.get(.inferenceServices, key)
        let labels = [ServingKeys.inferenceService: key.name]
        let pods = await context.api.listed(.pods, namespace: key.namespace, labels: labels).map(Pod.init)
        return ModelSummary(service, pods: pods, load: ModelLoad.now(context.site.metrics)[key] ?? ModelLoad())
    }
}
