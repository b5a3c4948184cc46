/// A service that cannot be rendered as it is: the pod template would be wrong.
package struct InvalidPredictorSpec: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    package let description: String
    /// `status.modelStatus.lastFailureInfo.reason`.
    package var reason: String { "InvalidPredictorSpec" }
}
