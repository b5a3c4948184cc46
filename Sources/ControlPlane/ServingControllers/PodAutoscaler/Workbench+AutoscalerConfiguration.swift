import Autoscaling
import KubeController
import ServingAPI

extension Workbench {
    /// What the ConfigMap `config-autoscaler` says now.
    var autoscalerConfiguration: AutoscalerConfiguration {
        let store = store(.configMaps)
        let found = AutoscalerSettings.keys.lazy.compactMap { store[$0] }.first
        return found.map(AutoscalerSettings.read) ?? AutoscalerConfiguration()
    }
}
