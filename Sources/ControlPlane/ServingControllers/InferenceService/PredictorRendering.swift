import KubeModel
import ServingAPI

/// What an InferenceService comes to, given the runtimes there are.
enum PredictorRendering: Sendable, Hashable {
    /// The Knative Service that is to be, and the runtime in it (`nil` for a predictor with containers of its own).
    case rendered(Object, ServingRuntime?)
    /// What there is and what is to be in Standard mode.
    case standard(StandardChildren)
    /// Nothing can be made of it.
    case refused(Refusal)
    /// It is taken out of use by annotation: all that it controls goes.
    case stopped(removing: [Plan.Manifest] = [])

    /// Whether a Knative Service is to be.
    var isKnative: Bool {
        if case .rendered = self { true } else { false }
    }

    struct Refusal: Sendable, Hashable {
        var reason: String
        /// A short sentence, as KServe has it.
        var message: String
        /// What is wrong and what to do.
        var detail: String
    }

    /// - Parameters:
    ///   - runtimes: those of its namespace and of the cluster.
    ///   - allowsZeroInitialScale: whether a revision may begin without replicas; where not, a wish for it is left out.
    init(_ service: InferenceService, among runtimes: [ServingRuntime], allowsZeroInitialScale: Bool = false) {
        if service.isStopped {
            self = .stopped()
            return
        }
        do throws(RuntimeSelectionFailure) {
            self = Self.render(service, try Self.runtime(for: service, among: runtimes), allowsZeroInitialScale)
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

    private static func render(
        _ service: InferenceService, _ selected: SelectedRuntime?, _ allowsZeroInitialScale: Bool
    ) -> Self {
        do throws(InvalidPredictorSpec) {
            let object = try KnativeServiceTemplate.make(
                service, runtime: selected, allowsZeroInitialScale: allowsZeroInitialScale)
            return .rendered(object, selected?.runtime)
        } catch {
            return .refused(
                Refusal(reason: error.reason, message: error.description, detail: error.description))
        }
    }

    /// - Parameter observer: sees what there is of a service in Standard mode.
    init(standard observer: StandardObserver) {
        if observer.service.isStopped {
            self = .stopped(removing: observer.everything())
            return
        }
        do throws(StandardPredictorFailure) {
            self = .standard(try observer.observe())
        } catch {
            self = .refused(Refusal(reason: error.reason, message: error.message, detail: error.detail))
        }
    }
}
