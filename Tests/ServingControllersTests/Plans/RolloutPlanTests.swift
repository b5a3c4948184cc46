import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("A rollout")
struct RolloutPlanTests {
    private let clock = Calendar(seconds: Timestamp.seconds("2026-01-01T00:00:30Z") ?? 0)

    private func deployment(_ replicas: Int, strategy: JSONValue = ["type": "RollingUpdate"]) -> Object {
        Object(
            .deployments, namespace: "default", name: "d",
            ["spec": ["replicas": .number(JSONNumber(replicas)), "strategy": strategy]])
    }

    /// `"new+"` is a ready pod of the current template, `"old"` one of another that is not ready; `!` is being deleted,
    /// `x` has failed for good.
    private func pods(_ texts: [String]) -> [Object] {
        texts.enumerated().map { index, text in
            var pod = Object(.pods, namespace: "default", name: "\(index)-\(text)")
            pod.labels = [Label.podTemplateHash: text.hasPrefix("new") ? "new" : "old"]
            pod.creationTimestamp = "2026-01-01T00:00:0\(index)Z"
            if text.contains("+") { pod["status", "conditions"] = [["type": "Ready", "status": "True"]] }
            if text.contains("!") { pod.deletionTimestamp = "2026-01-01T00:01:00Z" }
            if text.contains("x") { pod["status", "phase"] = "Failed" }
            return pod
        }
    }

    @Test(
        "makes and takes away pods so that enough are ready at every moment",
        arguments: [
            (1, [], 1, []),
            (3, ["new+"], 2, []),
            (0, ["new+", "new"], 0, ["1-new", "0-new+"]),
            // Of too many, those that are not ready go first, then the youngest.
            (1, ["new+", "new", "new+"], 0, ["1-new", "2-new+"]),
            // A pod that is going does not count.
            (1, ["new+!"], 1, []),
            // One of the new before one of the old goes.
            (1, ["old+"], 1, []),
            (1, ["old+", "new"], 0, []),
            (1, ["old+", "new+"], 0, ["0-old+"]),
            // An old one that is not ready is of no use.
            (1, ["old", "new"], 0, ["0-old"]),
            (4, ["old+", "old+", "old+", "old+"], 1, ["3-old+"]),
            // What failed for good is not wanted when it is old, too many, or long ago.
            (1, ["oldx"], 1, ["0-oldx"]),
            (0, ["newx"], 0, ["0-newx"]),
        ] as [(Int, [String], Int, [String])])
    func rolling(replicas: Int, existing: [String], create: Int, delete: [String]) {
        let plan = RolloutPlan(deployment(replicas), hash: "new", pods: pods(existing), clock: clock)
        #expect(plan.create == create)
        #expect(plan.delete.map(\.name) == delete)
    }

    @Test("a pod that failed for good is replaced after a minute, not at once")
    func failed() {
        let waiting = RolloutPlan(deployment(1), hash: "new", pods: pods(["newx"]), clock: clock)
        #expect(waiting.create == 0 && waiting.delete.isEmpty)
        #expect(waiting.untilRetry == .seconds(30))
        let later = Calendar(seconds: clock.seconds + 30)
        let due = RolloutPlan(deployment(1), hash: "new", pods: pods(["newx"]), clock: later)
        #expect(due.create == 1 && due.delete.count == 1)
    }

    @Test("with Recreate, all old pods are gone before a new one comes")
    func recreate() {
        let deployment = deployment(2, strategy: ["type": "Recreate"])
        let first = RolloutPlan(deployment, hash: "new", pods: pods(["old+", "old"]), clock: clock)
        #expect(first.create == 0 && first.delete.count == 2)
        #expect(RolloutPlan(deployment, hash: "new", pods: pods(["old+!"]), clock: clock).create == 0)
        #expect(RolloutPlan(deployment, hash: "new", pods: [], clock: clock).create == 2)
    }

    @Test(
        "reads its limits as numbers or percentages, rounding for availability",
        arguments: [
            (["type": "RollingUpdate"], 4, 1, 1), (["type": "RollingUpdate"], 1, 1, 0),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 2, "maxUnavailable": 0]], 9, 2, 0),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "50%", "maxUnavailable": "50%"]], 3, 2, 1),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0, "maxUnavailable": 0]], 3, 1, 0),
        ] as [(JSONValue, Int, Int, Int)])
    func limits(strategy: JSONValue, wanted: Int, surge: Int, unavailable: Int) {
        let limits = RolloutLimits(deployment(wanted, strategy: strategy), wanted: wanted)
        #expect(limits.surge == surge)
        #expect(limits.unavailable == unavailable)
    }

    @Test("pods carry the template, its hash, their owner and the node, under a name of their own")
    func pod() {
        var deployment = deployment(1)
        deployment.uid = "u"
        deployment["spec", "template"] = [
            "metadata": ["labels": ["app": "a"], "annotations": ["x": "y"]], "spec": ["containers": [["name": "c"]]],
        ]
        let hash = DeploymentPlanner.templateHash(deployment)
        let pod = DeploymentPlanner.pod(of: deployment, hash: hash, suffix: "bcdfg", nodeName: "node")
        #expect(pod.name == "d-bcdfg")
        #expect(pod.labels == ["app": "a", "pod-template-hash": hash])
        #expect(pod.annotations == ["x": "y"])
        #expect(pod.controller?.uid == "u")
        #expect(pod["spec"] == ["containers": [["name": "c"]], "nodeName": "node"])
        deployment["spec", "template", "spec", "containers"] = [["name": "other"]]
        #expect(DeploymentPlanner.templateHash(deployment) != hash)
    }

    @Test("a pod's suffix has five letters that make no words")
    func suffix() {
        #expect(PodSuffix.draw { 0 } == "bbbbb")
        #expect(PodSuffix.draw { 0.999_999 } == "99999")
    }
}
