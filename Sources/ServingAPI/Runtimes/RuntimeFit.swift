/// Whether a runtime can serve a model.
enum RuntimeFit {
    /// Why it cannot be chosen for a service that names no runtime; `nil` if it can.
    static func misfit(of runtime: ServingRuntime, _ model: Model, isMultiNode: Bool) -> String? {
        if runtime.isDisabled { return "it is disabled" }
        if runtime.isMultiModel { return "it is for many models in one server (multiModel)" }
        if runtime.hasWorker != isMultiNode {
            return isMultiNode ? "it has no workerSpec" : "it is for models that span nodes (workerSpec)"
        }
        if !loads(runtime, model, isNamed: false) { return formatMisfit(runtime, model) }
        let version = model.protocolVersion ?? "v1"
        guard !speaks(runtime, version) else { return nil }
        let origin = model.protocolVersion == nil ? " (the default; set model.protocolVersion)" : ""
        return "it speaks \(runtime.protocolVersions.joined(separator: ", ")), not \(version)\(origin)"
    }

    static func speaks(_ runtime: ServingRuntime, _ version: String) -> Bool {
        runtime.protocolVersions.isEmpty || runtime.protocolVersions.contains(version)
    }

    /// A version that is asked for must be listed; a format without a version does not stand for all of them.
    static func loads(_ runtime: ServingRuntime, _ model: Model, isNamed: Bool) -> Bool {
        runtime.formats.contains { format in
            (isNamed || format.isAutoSelected) && format.name == model.format
                && (model.formatVersion == nil || model.formatVersion == format.version)
        }
    }

    private static func formatMisfit(_ runtime: ServingRuntime, _ model: Model) -> String {
        let same = runtime.formats.filter { $0.name == model.format }
        if loads(runtime, model, isNamed: true) {
            return "it serves \(model.formatText) only to services that name it (model.runtime: \(runtime.name))"
        }
        if same.isEmpty {
            let names = Set(runtime.formats.map(\.name)).sorted()
            return names.isEmpty ? "it lists no formats" : "it serves \(names.joined(separator: ", "))"
        }
        let versions = same.map { $0.version ?? "no version" }
        return "of \(model.format) it serves version \(versions.joined(separator: ", "))"
    }
}
