import KubeModel
import Platform
import ServingAPI

extension Connection {
    /// What to know of an InferenceService that other machines can reach and that lets everyone call; `nil` for any other.
    func exposure(of object: Object) -> String? {
        guard endpoints.isExposed, object.kind == "InferenceService", !object.asksForTokens, !object.isClusterLocal
        else {
            return nil
        }
        return
            "warning: isvc/\(object.name) can be called from other machines by everyone (an AuthConfig aside). Protect it: "
            + "kubectl annotate isvc \(object.name) \(ServingKeys.enableAuth)=true"
    }
}
