import JSONModel
import KubeModel

/// What must hold for the spec of a revision, in a template or by itself.
struct RevisionSpecValidation {
    let spec: JSONValue
    let path: FieldPath

    func check() -> [Status.Cause] { containers() + PodSpecValidation(spec: spec, path: path).check() + limits() }

    /// One container takes the requests, on one port.
    private func containers() -> [Status.Cause] {
        let path = path.field("containers")
        let containers = spec["containers"]?.arrayValue ?? []
        if containers.isEmpty { return [.required(path, "a revision has at least one container")] }
        var causes: [Status.Cause] = []
        for (index, container) in containers.enumerated() {
            let count = container["ports"]?.arrayValue?.count ?? 0
            guard count > 1 else { continue }
            causes.append(
                .forbidden(path.index(index).field("ports"), "a revision listens on one port; \(count) are given"))
        }
        let serving = containers.count { !($0["ports"]?.arrayValue?.isEmpty ?? true) }
        if containers.count > 1, serving != 1 {
            causes.append(
                .invalid(
                    path, "\(serving) containers with ports",
                    "of several containers exactly one must have a port: it gets the requests"))
        }
        return causes
    }

    private func limits() -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let concurrency = spec["containerConcurrency"]?.intValue, !(0...1000).contains(concurrency) {
            let why = "must be between 0 (no limit) and 1000"
            causes.append(.invalid(path.field("containerConcurrency"), "\(concurrency)", why))
        }
        let total = spec["timeoutSeconds"]?.intValue
        for field in ["timeoutSeconds", "responseStartTimeoutSeconds", "idleTimeoutSeconds"] {
            guard let value = spec[field]?.intValue else { continue }
            if value < 0 { causes.append(.invalid(path.field(field), "\(value)", "must be 0 (no limit) or more")) }
            if field != "timeoutSeconds", let total, total > 0, value > total {
                let why = "must not be greater than timeoutSeconds, which is \(total)"
                causes.append(.invalid(path.field(field), "\(value)", why))
            }
        }
        return causes
    }
}
