import JSONModel
import KubeModel
import ServingAPI

/// The status of an InferenceService without its conditions.
enum InferenceServiceStatus {
    static func json(
        _ observation: InferenceServiceReconciler.Observation, _ runtime: ServingRuntime?, isPredictorReady: Bool,
        now: String
    ) -> JSONValue {
        let service = observation.service
        var status: JSONValue = ["deploymentMode": "Knative"]
        if let runtime {
            status[runtime.isClusterScoped ? "clusterServingRuntimeName" : "servingRuntimeName"] = .string(runtime.name)
        }
        let predictor = SideComponent.status(
            observation.knativeService, after: service["status", "components", "predictor"])
        status["components"] = ["predictor": predictor]
        for side in observation.sides { status["components"]?[side.role.rawValue] = side.status(of: service) }
        status["modelStatus"] = modelStatus(observation, now: now)
        if isPredictorReady || service["status", "url"] != nil {
            let hosts = observation.hosts
            status["url"] = .string(hosts.url(ofInferenceService: service))
            status["address"] = ["url": .string(hosts.clusterURL(service.name, of: service))]
        }
        return status
    }

    private static func modelStatus(
        _ observation: InferenceServiceReconciler.Observation, now: String
    ) -> JSONValue {
        let service = observation.knativeService
        let created = service?["status", "latestCreatedRevisionName"]?.stringValue
        let ready = service?["status", "latestReadyRevisionName"]?.stringValue
        let isReady = service?.isObserved == true && service?.isReady == true && created == ready
        return ModelStatus(
            service: observation.service, revision: created, pods: observation.pods.map { PodState($0) },
            isReady: isReady, refusal: service?.conditions.first(where: \.isFalse), now: now
        ).json
    }
}
