import Autoscaling
import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("The autoscaler's plan")
struct PodAutoscalerPlanTests {
    private func plan(initialized: String, desired: Int) -> Plan {
        var autoscaler = Object(.podAutoscalers, namespace: "default", name: "r")
        autoscaler["spec", "reachability"] = "Reachable"
        autoscaler["status", "conditions"] = [["type": "ScaleTargetInitialized", "status": .string(initialized)]]
        let deployment = Object(
            .deployments, namespace: "default", name: "r-deployment",
            ["spec": ["replicas": 2], "status": ["observedGeneration": 0]])
        return PodAutoscalerPlanner.plan(
            PodAutoscalerReconciler.Observation(
                autoscaler: autoscaler, deployment: deployment, ready: 2,
                policy: ScalingPolicy(annotations: ["initial-scale": "2"]), wish: ScaleWish(desired: desired),
                clock: Calendar(seconds: 1_767_225_600)))
    }

    @Test("writes down that the first scale was reached before it leaves it: else it would have to reach it again")
    func firstScale() {
        let first = plan(initialized: "Unknown", desired: 1)
        #expect(first.change.isEmpty)
        #expect(first.status != nil)
        #expect(first.conditions.first { $0.type == "ScaleTargetInitialized" }?.isTrue == true)
        #expect(plan(initialized: "True", desired: 1).change.map(\.fields) == [["spec": ["replicas": 1]]])
        #expect(plan(initialized: "Unknown", desired: 3).change.map(\.fields) == [["spec": ["replicas": 3]]])
    }
}
