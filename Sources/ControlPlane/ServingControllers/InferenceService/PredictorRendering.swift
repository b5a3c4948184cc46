import KubeModel
import ServingAPI

/// What an InferenceService comes to, given the runtimes there are.
enum PredictorRendering: Sendable, Hashable {
    /// The Knative Service that is to be, and the runtime in it (`nil` for a predictor with containers of its own).
    case rendered(Object, ServingRuntime?)
    /// Nothing can be made of it.
    case refused(Refusal)
    /// It is taken out of use by annotation.
    case stopped

    struct Refusal: Sendable, Hashable {
        var reason: String
        /// A short sentence, as KServe has it.
        var message: String
        /// What is wrong and what to do.
        var detail: String
    }

    /// - Parameter runtimes: those of its namespace and of the cluster.
    init(_ service: InferenceService, among runtimes: [ServingRuntime]) {
        if service.isStopped {
            self = .stopped
            return
        }
        do throws(RuntimeSelectionFailure) {
            self = Self.render(service, try Self.runtime(for: service, among: runtimes))
        } catch {
            self = .refused(Refusal(reason: error.reason, message: error.message, detail: error.detail))
        }
    }

    private static func runtime(
        for service: InferenceService, among runtimes: [ServingRuntime]
    ) throws(RuntimeSelectionFailure) -> SelectedRuntime? {
        guard let model = service.predictor.model else { return nil }
        return try RuntimeSelection.select(for: model, isMultiNode: service.predictor.hasWorker, among: runtimes)
    }

    private static func render(_ service: InferenceService, _ selected: SelectedRuntime?) -> Self {
        do throws(InvalidPredictorSpec) {
            return .rendered(try KnativeServiceTemplate.make(service, runtime: selected), selected?.runtime)
        } catch {
            return .refused(
                Refusal(reason: error.reason, message: error.description, detail: error.description))
        }
    }
}
