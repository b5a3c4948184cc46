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
        status["components"] = ["predictor": predictor(observation)]
        status["modelStatus"] = modelStatus(observation, now: now)
        if isPredictorReady || service["status", "url"] != nil {
            let hosts = observation.hosts
            status["url"] = .string(hosts.url(ofInferenceService: service))
            status["address"] = ["url": .string(hosts.clusterURL(service.name, of: service))]
        }
        return status
    }

    private static func predictor(_ observation: InferenceServiceReconciler.Observation) -> JSONValue {
        let service = observation.knativeService?["status"]
        let old = observation.service["status", "components", "predictor"]
        let rolledOut = RolledOutRevisions(after: old, observation.knativeService)
        var component: JSONValue = [:]
        component["latestCreatedRevision"] = service?["latestCreatedRevisionName"]
        component["latestReadyRevision"] = service?["latestReadyRevisionName"]
        component["latestRolledoutRevision"] = rolledOut.latest.map { .string($0) }
        component["previousRolledoutRevision"] = rolledOut.previous.map { .string($0) }
        for field in ["traffic", "url", "address"] { component[field] = service?[field] }
        return component
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
