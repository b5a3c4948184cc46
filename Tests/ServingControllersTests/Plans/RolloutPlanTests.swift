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

    /// `"+."` are two pods of which one is ready; `!` is going, `x` has failed for good. The size is how many there are
    /// that are not going, or what follows a colon: `"+:2"`.
    private func version(_ text: String, decidedFor: Int? = nil, most: Int? = nil) -> DeploymentVersion {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let pods = parts[0].enumerated().map { index, letter in
            var pod = Object(.pods, namespace: "default", name: "\(index)\(letter)")
            if letter == "+" { pod["status", "conditions"] = [["type": "Ready", "status": "True"]] }
            if letter == "!" { pod.deletionTimestamp = "2026-01-01T00:01:00Z" }
            if letter == "x" { pod["status", "phase"] = "Failed" }
            return pod
        }
        let size = parts.count > 1 ? Int(parts[1]) ?? 0 : pods.count { !$0.isBeingDeleted }
        var set = Object(.replicaSets, namespace: "default", name: "d-\(text)")
        set["spec", "replicas"] = .number(JSONNumber(size))
        if let decidedFor { set.annotations[RolloutAnnotation.desired] = "\(decidedFor)" }
        if let most { set.annotations[RolloutAnnotation.most] = "\(most)" }
        return DeploymentVersion(replicaSet: set, pods: pods)
    }

    private func sizes(_ deployment: Object, _ texts: [String], decidedFor: Int? = nil, most: Int? = nil) -> [Int] {
        let versions = texts.map { version($0, decidedFor: decidedFor, most: most) }
        return RolloutPlan(deployment, versions, current: versions.count - 1, clock: clock).sizes
    }

    @Test(
        "makes the current version larger and old ones smaller so that enough are ready at every moment",
        arguments: [
            (1, [""], [1]), (3, ["+"], [3]), (0, ["++"], [0]),
            // One of the new before one of the old goes.
            (1, ["+", ""], [1, 1]), (1, ["+", "."], [1, 1]), (1, ["+", "+"], [0, 1]),
            // What is not ready is taken away only as far as the new ones make up for it.
            (1, [".", "."], [1, 1]), (1, [".", "+"], [0, 1]),
            // A quarter more, a quarter fewer.
            (4, ["++++", ""], [3, 1]), (4, ["+++", "."], [3, 2]), (4, ["+++", "+."], [2, 2]),
            // Old pods that are of no use go before those that are; the oldest version goes first.
            (4, ["+...", "+"], [2, 1]), (2, ["+", "+", "+"], [0, 1, 1]), (8, ["++", "....", "++++"], [2, 0, 4]),
            // Pods that have gone for good are made again in the version that wants them.
            (1, [":1", "."], [1, 1]),
        ] as [(Int, [String], [Int])])
    func rolling(replicas: Int, versions: [String], expected: [Int]) {
        #expect(sizes(deployment(replicas), versions) == expected)
    }

    @Test("without room to surge, an old pod goes first")
    func unavailable() {
        let strategy: JSONValue = ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0, "maxUnavailable": 1]]
        #expect(sizes(deployment(2, strategy: strategy), ["++", ""]) == [1, 0])
        #expect(sizes(deployment(2, strategy: strategy), ["+", ""]) == [1, 1])
    }

    @Test("a pod that has been ready for less than minReadySeconds does not replace an old one")
    func minReadySeconds() {
        var deployment = deployment(1)
        deployment["spec", "minReadySeconds"] = 20
        var new = version(".")
        for (since, expected) in [("2026-01-01T00:00:11Z", [1, 1]), ("2026-01-01T00:00:10Z", [0, 1])] {
            new.pods[0]["status", "conditions"] = [
                ["type": "Ready", "status": "True", "lastTransitionTime": .string(since)]
            ]
            var old = version("+")
            old.pods[0]["status", "conditions"] = [
                ["type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"]
            ]
            #expect(RolloutPlan(deployment, [old, new], current: 1, clock: clock).sizes == expected)
        }
        new.pods[0].json[["status", "conditions", 0, "lastTransitionTime"]] = "2026-01-01T00:00:25Z"
        #expect(PodAvailability(deployment, at: clock).untilNext(of: new.pods) == .seconds(15))
    }

    @Test("with Recreate, all old pods are gone before a new one comes")
    func recreate() {
        let deployment = deployment(2, strategy: ["type": "Recreate"])
        #expect(sizes(deployment, ["+.", ""]) == [0, 0])
        #expect(sizes(deployment, ["!", ""]) == [0, 0])
        #expect(sizes(deployment, ["x:0", ""]) == [0, 2])
        #expect(sizes(deployment, ["", ""]) == [0, 2])
    }

    @Test("paused, it follows the number of replicas and nothing else")
    func paused() {
        var deployment = deployment(3)
        deployment["spec", "paused"] = true
        #expect(sizes(deployment, ["+", ""]) == [3, 0])
        #expect(sizes(deployment, ["", ""]) == [0, 3])
        #expect(RolloutPlan(deployment, [version("++")], current: nil, clock: clock).sizes == [3])
        #expect(RolloutPlan(deployment, [version("+++"), version("++")], current: nil, clock: clock).sizes == [2, 2])
    }

    @Test(
        "scaled during a rollout, it keeps the versions' shares",
        arguments: [
            // From 10 to 20, a surge of 25 %: 13 pods become 25.
            (20, ["++++++++", "+++++"], 10, 13, [15, 10]), (5, ["++++++++", "+++++"], 10, 13, [4, 3]),
            (0, ["++", "++"], 10, 13, [0, 0]),
        ] as [(Int, [String], Int, Int, [Int])])
    func proportions(replicas: Int, versions: [String], decidedFor: Int, most: Int, expected: [Int]) {
        #expect(sizes(deployment(replicas), versions, decidedFor: decidedFor, most: most) == expected)
    }

    @Test(
        "reads its limits as numbers or percentages, rounding for availability",
        arguments: [
            (["type": "RollingUpdate"], 4, 1, 1), (["type": "RollingUpdate"], 1, 1, 0),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 2, "maxUnavailable": 0]], 9, 2, 0),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "50%", "maxUnavailable": "50%"]], 3, 2, 1),
            // As upstream: where rounding leaves no room, one may be missing.
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0, "maxUnavailable": "25%"]], 3, 0, 1),
            (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0, "maxUnavailable": 5]], 3, 0, 3),
            (["type": "Recreate"], 4, 0, 1),
        ] as [(JSONValue, Int, Int, Int)])
    func limits(strategy: JSONValue, wanted: Int, surge: Int, unavailable: Int) {
        let limits = RolloutLimits(deployment(wanted, strategy: strategy), wanted: wanted)
        #expect(limits.surge == surge)
        #expect(limits.unavailable == unavailable)
    }
}
