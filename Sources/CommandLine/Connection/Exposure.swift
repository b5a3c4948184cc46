import KubeModel
import Platform
import ServingAPI

extension Connection {
    /// What to know of an InferenceService that other machines can reach and that lets everyone call; `nil` for any other.
    func exposure(of object: Object) async -> String? {
        guard endpoints.isExposed, object.kind == "InferenceService", !object.asksForTokens, !object.isClusterLocal,
            let protection = try? await ServiceProtection(client, domain: endpoints.domain),
            protection.guards(of: object).isEmpty
        else {
            return nil
        }
        return
            "warning: isvc/\(object.name) can be called from other machines by everyone. Protect it: "
            + "kubectl annotate isvc \(object.name) \(ServingKeys.enableAuth)=true"
    }
}
