import JSONModel
import KubeModel
import ServingAPI

/// How the pods of a ReplicaSet look and are called.
struct ReplicaSetPods {
    /// What ends the next pod's name.
    let suffix: () -> String

    /// Of a generated name, as Kubernetes has it: 63 characters with the five at its end.
    private static let longestPrefix = 58

    func make(of set: Object) -> Object {
        let template = Object(set["spec", "template"] ?? [:])
        let prefix = "\(set.name)-".prefix(Self.longestPrefix)
        var pod = set.child(.pods, name: "\(prefix)\(suffix())")
        pod["metadata", "generateName"] = .string("\(set.name)-")
        pod.labels = template.labels
        pod.annotations = template.annotations
        pod.spec = template.spec
        return pod
    }

    /// The pods to be made, as a plan has them.
    func make(_ count: Int, of set: Object) -> [Plan.Manifest] {
        (0..<count).map { _ in Plan.Manifest(.pods, make(of: set)) }
    }
}
