import JSONModel
import KubeModel
import ServingAPI

// `serving.kserve.io/disable-auto-update`: a service that is ready does not roll out what changed in its runtime.

extension PredictorRendering {
    /// The rendering with the template as it stands, where only the runtime changed since and the service asks for that.
    ///
    /// From what the template was rendered is noted on the Knative Service, so that a restart knows it too.
    func holding(_ current: Object?, for service: Object) -> PredictorRendering {
        guard service.annotations[ServingKeys.disableAutoUpdate] == "true",
            case .rendered(var rendered, let runtime) = self
        else { return self }
        let origin = Self.origin(of: service)
        rendered.annotations[Annotation.renderedFrom] = origin
        if service.isReady, let current, current.annotations[Annotation.renderedFrom] == origin,
            let template = current["spec", "template"]
        {
            rendered["spec", "template"] = template
        }
        return .rendered(rendered, runtime)
    }

    /// A digest of all that the service itself has a say in. How its traffic is split is no part of the template.
    private static func origin(of service: Object) -> String {
        var predictor = service["spec", "predictor"] ?? [:]
        predictor["canaryTrafficPercent"] = nil
        let annotations = service.inheritedAnnotations.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let labels = service.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return Fingerprint.text(of: [predictor, .array((labels + [""] + annotations).map { .string($0) })])
    }
}
