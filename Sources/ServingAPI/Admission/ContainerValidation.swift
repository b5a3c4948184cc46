import JSONModel
import KubeModel

/// What must hold for one container.
struct ContainerValidation {
    let container: JSONValue
    let path: FieldPath
    /// The volumes of the pod; `nil` where they are not known yet.
    var volumes: Set<String>?
    let needsImage: Bool

    func check() -> [Status.Cause] { name() + image() + ports() + mounts() + environment() + probes() }

    private func name() -> [Status.Cause] {
        guard let name = container["name"]?.stringValue, let problem = NameRule.dnsLabel.problem(name) else {
            return []
        }
        return [.invalid(path.field("name"), name.quoted, problem)]
    }

    private func image() -> [Status.Cause] {
        let image = container["image"]?.stringValue ?? ""
        if image.isEmpty { return needsImage ? [.required(path.field("image"), "name the image to run")] : [] }
        guard image.contains(where: \.isWhitespace) else { return [] }
        return [.invalid(path.field("image"), image.quoted, "must not contain white space")]
    }

    private func ports() -> [Status.Cause] {
        var seen: Set<String> = []
        return (container["ports"]?.arrayValue ?? []).enumerated().flatMap { index, port -> [Status.Cause] in
            let path = path.field("ports").index(index)
            var causes: [Status.Cause] = []
            if let name = port["name"]?.stringValue, !name.isEmpty {
                let isShort = name.utf8.count <= 15
                if !isShort || NameRule.dnsLabel.problem(name) != nil {
                    causes.append(
                        .invalid(
                            path.field("name"), name.quoted,
                            "must be at most 15 lower-case letters, digits and '-'"))
                }
                if !seen.insert(name).inserted { causes.append(.duplicate(path.field("name"), name.quoted)) }
            }
            return causes
        }
    }

    private func mounts() -> [Status.Cause] {
        guard let volumes else { return [] }
        return (container["volumeMounts"]?.arrayValue ?? []).enumerated().compactMap { index, mount in
            guard let name = mount["name"]?.stringValue, !volumes.contains(name) else { return nil }
            return Status.Cause(
                reason: "FieldValueNotFound", message: "Not found: \(name.quoted): there is no such volume in volumes",
                field: path.field("volumeMounts").index(index).field("name").description)
        }
    }

    private func environment() -> [Status.Cause] {
        (container["env"]?.arrayValue ?? []).enumerated().flatMap { index, variable -> [Status.Cause] in
            let path = path.field("env").index(index)
            var causes: [Status.Cause] = []
            if let name = variable["name"]?.stringValue, name.isEmpty || name.contains("=") {
                causes.append(.invalid(path.field("name"), name.quoted, "must not be empty nor contain '='"))
            }
            let value = variable["value"]?.stringValue ?? ""
            if !value.isEmpty, variable["valueFrom"] != nil {
                causes.append(.invalid(path.field("valueFrom"), "{...}", "is given beside value; keep one of them"))
            }
            return causes
        }
    }

    private func probes() -> [Status.Cause] {
        ["livenessProbe", "readinessProbe", "startupProbe"].compactMap { key in
            guard let probe = container[key], probe.objectValue != nil else { return nil }
            let actions = ["exec", "grpc", "httpGet", "tcpSocket"].filter { probe[$0] != nil }
            if actions.count > 1 {
                return .forbidden(path.field(key), "give one of \(actions.joined(separator: ", ")), not several")
            }
            return nil
        }
    }
}
