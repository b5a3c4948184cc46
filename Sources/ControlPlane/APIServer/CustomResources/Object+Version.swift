import JSONModel
import KubeModel

extension Object {
    /// The object in the version of `resource`, whatever version it was stored in. The versions of a resource differ in
    /// their apiVersion only (conversion strategy `None`).
    func shown(as resource: Resource) -> Object {
        guard apiVersion != resource.apiVersion else { return self }
        var object = self
        object.json["apiVersion"] = .string(resource.apiVersion)
        return object
    }
}
