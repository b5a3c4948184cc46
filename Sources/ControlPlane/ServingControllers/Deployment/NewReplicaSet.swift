import JSONModel
import KubeModel
import ServingAPI

/// The ReplicaSet that a Deployment makes of its template.
enum NewReplicaSet {
    static func make(of deployment: Object, hash: String, size: Int, annotations: [String: String]) -> Object {
        var set = deployment.child(.replicaSets, name: "\(deployment.name)-\(hash)")
        var template = Object(deployment["spec", "template"] ?? [:])
        template.labels[Label.podTemplateHash] = hash
        set.labels = template.labels
        set.annotations = annotations
        set.spec = [
            "replicas": .number(JSONNumber(size)), "selector": deployment["spec", "selector"] ?? [:],
            "template": template.json,
        ]
        set["spec", "selector", "matchLabels", Label.podTemplateHash] = .string(hash)
        set["spec", "minReadySeconds"] = deployment["spec", "minReadySeconds"]
        return set
    }
}

/// Tells the versions of a Deployment apart: the label `pod-template-hash`.
enum TemplateHash {
    /// The same for templates that say the same.
    static func of(_ deployment: Object) -> String { Fingerprint.text(of: deployment["spec", "template"] ?? [:]) }

    /// Whether a ReplicaSet is of the Deployment's template: it has its hash, or says the same. (A template that kubectl
    /// wrote back may have been written otherwise.)
    static func fits(_ set: Object, _ deployment: Object, _ hash: String) -> Bool {
        if set.labels[Label.podTemplateHash] == hash { return true }
        return plain(set["spec", "template"]) == plain(deployment["spec", "template"])
    }

    private static func plain(_ template: JSONValue?) -> JSONValue {
        var object = Object(template ?? [:])
        object.labels[Label.podTemplateHash] = nil
        object.creationTimestamp = nil
        return object.json
    }
}
