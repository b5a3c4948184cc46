import JSONModel
package import KubeModel

/// How an InferenceService is run.
package enum DeploymentMode: String, Sendable, Hashable {
    /// By revisions of a Knative Service.
    case knative = "Knative"
    /// By a Deployment, a Service and HTTPRoutes.
    case standard = "Standard"

    /// What its status says wins over the annotation: a service stays in the mode it began in.
    package init(_ service: Object) {
        let words = [service.status["deploymentMode"]?.stringValue, service.annotations[ServingKeys.deploymentMode]]
        self = words.lazy.compactMap { $0.flatMap(DeploymentMode.init(rawValue:)) }.first ?? .knative
    }
}

extension InferenceService {
    package var deploymentMode: DeploymentMode { DeploymentMode(object) }
}
