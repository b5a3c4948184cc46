import JSONModel
import KubeModel

extension Object {
    /// Of a Deployment or a ReplicaSet: whether a pod is one of those that it selects.
    func selects(_ pod: Object) -> Bool {
        guard pod.namespace == namespace, let json = self["spec", "selector"] else { return false }
        return (try? LabelSelector(json: json))?.matches(pod.labels) ?? false
    }
}
