import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Tells of a `config-autoscaler` that cannot be used, by an event on it. The settings themselves are read where they are
/// needed.
struct AutoscalerSettingsReconciler: Reconciler {
    static let resource = Resource.configMaps
    static let fieldManager = "martlet-autoscaler"
    let bench: Workbench

    func observe(_ configMap: Object) -> [Status.Cause] { AutoscalerConfigMap.check(configMap) }

    func plan(_ problems: [Status.Cause]) -> Plan {
        var plan = Plan()
        plan.notices = problems.map(Self.notice)
        return plan
    }

    static func notice(_ problem: Status.Cause) -> Plan.Notice {
        Plan.Notice(
            isWarning: true, reason: "InvalidConfiguration",
            message: "the last good settings stay in force: \(problem.field): \(problem.message)")
    }
}
