import JSONModel
import KubeModel
import ServingAPI

/// What an InferenceService comes to, given the runtimes there are.
enum PredictorRendering: Sendable, Hashable {
    struct Runtime: Sendable, Hashable {
        var name: String
        /// A ClusterServingRuntime, not a ServingRuntime of the namespace.
        var isOfCluster: Bool
    }

    typealias Renderer = @Sendable (_ service: Object, _ runtimes: [Object], _ clusterRuntimes: [Object]) -> Self

    /// The Knative Service that is to be, and the runtime in it (none for a predictor with containers of its own).
    case rendered(Object, Runtime?)
    /// Nothing can be made of it.
    case refused(reason: String, message: String)
    /// The annotation `serving.kserve.io/stop` is set.
    case stopped
}
extension PredictorRendering {
    /// Until ServingAPI selects runtimes: nothing is served, and the service says so.
    static let servingAPI: Renderer = { _, _, _ in
        .refused(reason: "RuntimeNotRecognized", message: "the selection of runtimes is not there yet")
    }
}
