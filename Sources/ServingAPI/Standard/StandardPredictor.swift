import JSONModel
package import KubeModel

/// What a component becomes in Standard mode: a Deployment and a Service of one name (KServe, `NewRawKubeReconciler`).
package struct StandardPredictor: Sendable, Hashable {
    /// `<service>-predictor`, with the component's own name between; of the Deployment, the Service and the scaler.
    package let name: String
    /// Without `replicas`: they are the scaler's.
    package let deployment: Object
    package let service: Object
    /// `nil` for a predictor that brings its own containers.
    package let runtime: ServingRuntime?

    package init(
        _ service: InferenceService, among runtimes: [ServingRuntime], hosts: HostNames = HostNames()
    ) throws(StandardPredictorFailure) {
        let selected = try Self.runtime(for: service, among: runtimes)
        let spec: JSONValue
        do throws(InvalidPredictorSpec) {
            spec = try service.podSpec(selected, hosts: hosts)
        } catch {
            throw StandardPredictorFailure(reason: error.reason, message: error.description, detail: error.description)
        }
        let metadata = PredictorMetadata(service: service, selected: selected)
        name = service.componentName
        runtime = selected?.runtime
        deployment = StandardDeployment.make(service, name: name, pod: spec, metadata)
        self.service = StandardService.make(service, name: name, pod: spec, metadata)
    }

    private static func runtime(
        for service: InferenceService, among runtimes: [ServingRuntime]
    ) throws(StandardPredictorFailure) -> SelectedRuntime? {
        guard service.role == .predictor, let model = service.predictor.model else { return nil }
        do throws(RuntimeSelectionFailure) {
            return try RuntimeSelection.select(for: model, isMultiNode: service.predictor.hasWorker, among: runtimes)
        } catch {
            throw StandardPredictorFailure(reason: error.reason, message: error.message, detail: error.detail)
        }
    }
}

/// Why nothing can be made of a predictor.
package struct StandardPredictorFailure: Error, Hashable {
    package var reason: String
    package var message: String
    package var detail: String
}
