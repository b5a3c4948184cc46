/// The parts of an InferenceService, each with revisions and pods of its own.
package enum ComponentRole: String, Sendable, Hashable, CaseIterable {
    case predictor, transformer, explainer

    /// Those that stand beside the predictor and call it.
    package static let side: [ComponentRole] = [.transformer, .explainer]

    /// As the types of conditions begin: `TransformerReady`.
    package var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
