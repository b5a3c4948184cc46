import JSONModel
import KubeModel

/// What is filled in for Knative's kinds. Limits stay absent where they are not given: what they are by default is said by
/// `config-defaults`, when a revision is made.
enum KnativeDefaulting {
    @Sendable static func service(_ service: inout Object, _ old: Object?) {
        template(&service)
        traffic(&service)
    }

    @Sendable static func configuration(_ configuration: inout Object, _ old: Object?) { template(&configuration) }

    @Sendable static func route(_ route: inout Object, _ old: Object?) {}

    /// A revision never changes, and so is filled in once: a writer that leaves out what was filled in means the same.
    @Sendable static func revision(_ revision: inout Object, _ old: Object?) {
        var filled = revision
        filled.json.changeObject(at: "spec") { spec in
            fill(&spec)
            spec.setDefault(0, at: "containerConcurrency")
        }
        if old.map({ $0.spec == filled.spec }) ?? true { revision = filled }
    }

    private static func template(_ object: inout Object) {
        object.json.changeObject(at: "spec") { spec in
            spec.changeObject(at: "template") { $0.changeObject(at: "spec", fill) }
        }
    }

    /// All traffic to the newest revision.
    private static func traffic(_ service: inout Object) {
        guard service.spec.objectValue != nil, service.spec["traffic"]?.arrayValue?.isEmpty ?? true else { return }
        service["spec", "traffic"] = [["latestRevision": true, "percent": 100]]
    }

    private static func fill(_ spec: inout JSONValue) {
        spec.setDefault(false, at: "enableServiceLinks")
        let isSingle = spec["containers"]?.arrayValue?.count == 1
        spec.mapElements(at: "containers") { container in
            guard case .object = container else { return }
            if isSingle, container["name"]?.stringValue?.isEmpty ?? true { container["name"] = "user-container" }
            container.mapElements(at: "ports") { $0.setDefault("TCP", at: "protocol") }
        }
    }
}
