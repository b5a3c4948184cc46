import KubeModel

/// Reads the values of `autoscaling.knative.dev/` annotations by their names in kebab-case.
struct AnnotationReader {
    private let annotations: [String: String]

    init(_ annotations: [String: String]) { self.annotations = annotations }

    func text(_ name: String) -> String? { annotations[name] }

    /// Finite; what is not counts as absent.
    func number(_ name: String) -> Double? { text(name).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }

    func count(_ name: String) -> Int? {
        text(name).flatMap(Int.init).flatMap { $0 >= 0 ? $0 : nil }
    }

    func duration(_ name: String) -> Duration? { text(name).flatMap(Duration.init(goText:)) }
}
