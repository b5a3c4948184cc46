/// The failures of selection, each with what people need to know.
enum NoSuchRuntime {
    static func unknown(_ name: String, _ runtimes: [ServingRuntime]) -> RuntimeSelectionFailure {
        let names = Set(runtimes.map(\.name)).sorted()
        let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        let list = names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"
        return RuntimeSelectionFailure(
            reason: "RuntimeNotRecognized", message: "Waiting for runtime to become available",
            detail: "No ServingRuntimes or ClusterServingRuntimes with the name: \(name)\(hint) (\(list))")
    }

    static func disabled(_ runtime: ServingRuntime) -> RuntimeSelectionFailure {
        RuntimeSelectionFailure(
            reason: "RuntimeDisabled", message: "Specified runtime is disabled",
            detail: "specified runtime \(runtime.name) is disabled; set spec.disabled of \(runtime.title) to false, or "
                + "name another runtime")
    }

    static func wrongProtocol(_ runtime: ServingRuntime, _ version: String) -> RuntimeSelectionFailure {
        RuntimeSelectionFailure(
            reason: "NoSupportingRuntime", message: "Specified runtime does not support specified protocol version",
            detail: "specified runtime \(runtime.name) does not support specified protocol version \(version); it "
                + "speaks \(runtime.protocolVersions.joined(separator: ", "))")
    }

    static func wrongFormat(_ runtime: ServingRuntime, _ model: Model) -> RuntimeSelectionFailure {
        let formats = runtime.formats.map(\.text)
        return RuntimeSelectionFailure(
            reason: "NoSupportingRuntime",
            message: "Specified runtime does not support specified framework/version",
            detail: "specified runtime \(runtime.name) does not support specified framework/version "
                + "\(model.formatText)\(hint(model, [runtime])); it serves \(formats.joined(separator: ", "))")
    }

    static func unsupported(
        _ model: Model, _ misfits: [(ServingRuntime, String?)]
    ) -> RuntimeSelectionFailure {
        let why = misfits.sorted {
            ($0.0.isClusterScoped ? 1 : 0, $0.0.name) < ($1.0.isClusterScoped ? 1 : 0, $1.0.name)
        }
        .map { "\($0.title): \($1 ?? "it fits")" }
        let list = why.isEmpty ? "there are no runtimes" : why.joined(separator: "; ")
        return RuntimeSelectionFailure(
            reason: "NoSupportingRuntime",
            message: "No runtime found to support specified framework/version",
            detail: "no runtime found to support predictor with model type: \(model.formatText)"
                + "\(hint(model, misfits.map(\.0))). \(list)")
    }

    /// Formats are compared with case: the usual slip.
    private static func hint(_ model: Model, _ runtimes: [ServingRuntime]) -> String {
        let names = Set(runtimes.flatMap { $0.formats.map(\.name) })
        guard !names.contains(model.format), let name = Spelling.nearest(to: model.format, among: names.sorted()) else {
            return ""
        }
        return "; did you mean \(name)?"
    }
}
