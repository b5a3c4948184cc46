/// The runtime that was chosen for a model, and what it will speak.
package struct SelectedRuntime: Sendable, Hashable {
    package let runtime: ServingRuntime
    /// What the service asked for, or else the first of the runtime's protocols in the order v1, v2, grpc-v1, grpc-v2.
    package let protocolVersion: String
}

/// Why no runtime could be chosen: `status.modelStatus` of the InferenceService becomes transitionStatus InvalidSpec
/// with this in lastFailureInfo.
package struct RuntimeSelectionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// `RuntimeNotRecognized`, `RuntimeDisabled` or `NoSupportingRuntime`.
    package let reason: String
    /// KServe's short sentence, for lastFailureInfo.message.
    package let message: String
    /// What people need to know: which runtime does not fit and why, and what to do. For events and conditions.
    package let detail: String

    package var description: String { detail }
}

/// Which runtime serves a model. Runtimes of the namespace always come before those of the cluster.
package enum RuntimeSelection {
    /// - Parameters:
    ///   - runtimes: the ServingRuntimes of the service's namespace and all ClusterServingRuntimes, in any order.
    package static func select(
        for model: Model, isMultiNode: Bool = false, among runtimes: [ServingRuntime]
    ) throws(RuntimeSelectionFailure) -> SelectedRuntime {
        if let name = model.runtime { return try named(name, model, runtimes) }
        let misfits = runtimes.map { ($0, RuntimeFit.misfit(of: $0, model, isMultiNode: isMultiNode)) }
        let fitting = misfits.filter { $0.1 == nil }.map(\.0)
        guard let best = RuntimeOrder.sorted(fitting, format: model.format).first else {
            throw NoSuchRuntime.unsupported(model, misfits)
        }
        return selected(best, model)
    }

    private static func named(
        _ name: String, _ model: Model, _ runtimes: [ServingRuntime]
    ) throws(RuntimeSelectionFailure) -> SelectedRuntime {
        let candidates = runtimes.filter { $0.name == name }
        guard let runtime = candidates.first(where: { !$0.isClusterScoped }) ?? candidates.first else {
            throw NoSuchRuntime.unknown(name, runtimes)
        }
        if runtime.isDisabled { throw NoSuchRuntime.disabled(runtime) }
        if let version = model.protocolVersion, !RuntimeFit.speaks(runtime, version) {
            throw NoSuchRuntime.wrongProtocol(runtime, version)
        }
        if !RuntimeFit.loads(runtime, model, isNamed: true) { throw NoSuchRuntime.wrongFormat(runtime, model) }
        return selected(runtime, model)
    }

    private static func selected(_ runtime: ServingRuntime, _ model: Model) -> SelectedRuntime {
        let lowest = RuntimeOrder.lowestProtocol(runtime) ?? "v1"
        let byServer = ServerType.defaultProtocol(of: runtime)
        return SelectedRuntime(runtime: runtime, protocolVersion: model.protocolVersion ?? byServer ?? lowest)
    }
}
