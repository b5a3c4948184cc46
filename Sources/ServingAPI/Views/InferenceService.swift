package import JSONModel
package import KubeModel

/// `serving.kserve.io/v1beta1` InferenceService, for reading.
package struct InferenceService: View {
    package let object: Object
    /// Which of its parts ``component`` and ``componentStatus`` speak of.
    package let role: ComponentRole

    package init(_ object: Object) { self.init(object, role: .predictor) }

    package init(_ object: Object, role: ComponentRole) {
        self.object = object
        self.role = role
    }

    package var predictor: ComponentSpec { ComponentSpec(json: object.spec["predictor"] ?? [:]) }

    /// The part that is meant.
    package var component: ComponentSpec { ComponentSpec(json: object.spec[role.rawValue] ?? [:]) }

    /// The transformer and the explainer, where it has them.
    package var sides: [InferenceService] {
        ComponentRole.side.filter { object.spec[$0.rawValue]?.objectValue != nil }
            .map { InferenceService(object, role: $0) }
    }

    /// Whether it is taken out of use by annotation.
    package var isStopped: Bool { annotations[ServingKeys.stop] == "true" }

    /// What the status says of the part's revisions.
    package var componentStatus: ComponentStatus {
        ComponentStatus(json: object["status", "components", role.rawValue] ?? [:])
    }

    /// The name of the part's Knative Service or Deployment: `<name>-predictor`, with the part's own name between.
    package var componentName: String {
        component.name.map { "\(name)-\($0)-\(role.rawValue)" } ?? "\(name)-\(role.rawValue)"
    }
}

/// `spec.predictor` of an InferenceService, or what stands beside it (which has no model), for reading.
package struct ComponentSpec: Sendable, Hashable {
    package let json: JSONValue

    package init(json: JSONValue) { self.json = json }

    package var name: String? { json["name"]?.nonEmptyString }
    package var model: Model? { json["model"]?.objectValue == nil ? nil : json["model"].map(Model.init) }
    package var containers: [JSONValue] { json["containers"]?.arrayValue ?? [] }
    package var hasWorker: Bool { json["workerSpec"]?.objectValue != nil }
    /// 0 scales to zero.
    package var minReplicas: Int { json["minReplicas"]?.intValue ?? 1 }
    /// 0 is no bound.
    package var maxReplicas: Int { json["maxReplicas"]?.intValue ?? 0 }
    package var scaleTarget: Int? { json["scaleTarget"]?.intValue }
    package var scaleMetric: String? { json["scaleMetric"]?.stringValue }
    package var containerConcurrency: Int? { json["containerConcurrency"]?.intValue }
    /// Seconds; `nil` for no limit.
    package var timeout: Int? { json["timeout"]?.intValue }
    package var canaryTrafficPercent: Int? { json["canaryTrafficPercent"]?.intValue }
    package var labels: [String: String] { json["labels"]?.strings ?? [:] }
    package var annotations: [String: String] { json["annotations"]?.strings ?? [:] }
}

/// `spec.predictor.model` of an InferenceService, for reading.
package struct Model: Sendable, Hashable {
    package let json: JSONValue

    package init(json: JSONValue) { self.json = json }

    package var format: String { json[path: "modelFormat", "name"]?.stringValue ?? "" }
    package var formatVersion: String? { json[path: "modelFormat", "version"]?.nonEmptyString }
    package var runtime: String? { json["runtime"]?.nonEmptyString }
    package var runtimeVersion: String? { json["runtimeVersion"]?.nonEmptyString }
    package var protocolVersion: String? { json["protocolVersion"]?.nonEmptyString }
    package var storageURI: String? { json["storageUri"]?.nonEmptyString }

    /// `sklearn`, `sklearn 1.2`: as messages name it.
    package var formatText: String { formatVersion.map { "\(format) \($0)" } ?? format }
}

/// `status.components.<component>` of an InferenceService, for reading.
package struct ComponentStatus: Sendable, Hashable {
    package let json: JSONValue

    package var latestCreatedRevision: String? { json["latestCreatedRevision"]?.nonEmptyString }
    package var latestReadyRevision: String? { json["latestReadyRevision"]?.nonEmptyString }
    package var latestRolledoutRevision: String? { json["latestRolledoutRevision"]?.nonEmptyString }
    package var previousRolledoutRevision: String? { json["previousRolledoutRevision"]?.nonEmptyString }
}
