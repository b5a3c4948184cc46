import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("What is reported")
struct StatusPlanTests {
    @Test("a summary is False where one part is, else Unknown where one is, else True")
    func summary() {
        let yes = Condition("A", "True")
        let unknown = Condition("B", "Unknown", reason: "Waiting", message: "m")
        let no = Condition("C", "False", reason: "Broken", message: "n")
        #expect(Condition.summary(of: [yes]).isTrue)
        #expect(Condition.summary(of: [yes, unknown]).reason == "Waiting")
        #expect(Condition.summary(of: [unknown, no]).reason == "Broken")
    }

    @Test("fields that a child has beside those it was given do not count as a difference")
    func covers() {
        let held: JSONValue = ["a": 1, "b": ["c": [["name": "x", "added": true]]], "added": 2]
        #expect(held.covers(["a": 1, "b": ["c": [["name": "x"]]]]))
        #expect(held.covers(["empty": [:]]))
        #expect(!held.covers(["a": 2]))
        #expect(!held.covers(["b": ["c": []]]))
        #expect(!held.covers(["missing": 1]))
    }

    @Test("a plan that could not be carried out blames a condition and Ready, and says who is in the way")
    func failed() {
        var plan = Plan()
        plan.status = [:]
        plan.conditions = [Condition("A", "True"), Condition("B", "True"), Condition("Ready", "True")]
        plan.blames = "B"
        let failed = plan.failed(.invalid(Resource.pods.gvk, "p", []))
        #expect(failed.conditions.map(\.status) == ["True", "False", "False"])
        #expect(failed.conditions[1].reason == "ReconcileFailed")
        let taken = plan.failed(.notOwned(.routes, ObjectKey(namespace: "default", name: "r")))
        #expect(taken.conditions[1].reason == "NotOwned")
    }

    // MARK: Rolled-out revisions

    private func rolledOut(
        latest: String?, previous: String?, ready: String, traffic: [(String, Bool, Int)], isMoving: Bool = false
    ) -> RolledOutRevisions {
        var component: JSONValue = [:]
        component["latestRolledoutRevision"] = latest.map { .string($0) }
        component["previousRolledoutRevision"] = previous.map { .string($0) }
        var service = Object(.knativeServices, namespace: "default", name: "s")
        service["status", "latestReadyRevisionName"] = .string(ready)
        service["status", "traffic"] = .array(
            traffic.map { name, isLatest, percent in
                [
                    "revisionName": .string(name), "latestRevision": .bool(isLatest),
                    "percent": .number(JSONNumber(percent)),
                ]
            })
        let configured = Condition("ConfigurationsReady", isMoving ? "Unknown" : "True")
        service.setConditions([configured], now: "2026-01-01T00:00:00Z")
        return RolledOutRevisions(after: component, service)
    }

    @Test("a revision is rolled out when it gets all of the traffic, and the one before is remembered")
    func rollout() {
        let first = rolledOut(latest: nil, previous: nil, ready: "1", traffic: [("1", true, 100)])
        #expect(first.latest == "1" && first.previous == nil)
        let canary = rolledOut(latest: "1", previous: nil, ready: "2", traffic: [("2", true, 10), ("1", false, 90)])
        #expect(canary.latest == "1" && canary.previous == nil)
        let promoted = rolledOut(latest: "1", previous: nil, ready: "2", traffic: [("2", true, 100)])
        #expect(promoted.latest == "2" && promoted.previous == "1")
    }

    @Test("taken back after its rollout, a revision gives way to the one before; a canary that begins does not")
    func rollback() {
        let split = [("2", true, 0), ("2", false, 100)]
        #expect(rolledOut(latest: "2", previous: "1", ready: "2", traffic: split).latest == "1")
        #expect(rolledOut(latest: "2", previous: "1", ready: "2", traffic: split, isMoving: true).latest == "2")
        #expect(rolledOut(latest: "2", previous: nil, ready: "2", traffic: split).latest == "2")
    }

    // MARK: Model status

    private func model(
        _ fates: [FakeNode.Fate], isReady: Bool, refusal: Condition? = nil, old: JSONValue? = nil
    ) -> JSONValue {
        var service = Object(.inferenceServices, namespace: "default", name: "s")
        service["status", "modelStatus"] = old
        let pods = fates.map { fate in
            var pod = Object(.pods, namespace: "default", name: "p")
            pod["status"] = PodStatuses.status(fate)
            return PodState(pod)
        }
        return ModelStatus(
            service: service, revision: "s-00001", pods: pods, isReady: isReady, refusal: refusal,
            now: "2026-01-01T00:00:00Z"
        ).json
    }

    @Test(
        "the model's state follows its pods",
        arguments: [
            ([], false, "Pending", "InProgress"), ([.silent], false, "Pending", "InProgress"),
            ([.fetching("1 of 2")], false, "Loading", "InProgress"), ([.ready], false, "Loading", "InProgress"),
            ([.ready], true, "Loaded", "UpToDate"), ([], true, "Standby", "UpToDate"),
            ([.modelFailed("x")], false, "FailedToLoad", "BlockedByFailedLoad"),
        ] as [([FakeNode.Fate], Bool, String, String)])
    func modelStates(fates: [FakeNode.Fate], isReady: Bool, state: String, transition: String) {
        let status = model(fates, isReady: isReady)
        #expect(status[path: "states", "targetModelState"]?.stringValue == state)
        #expect(status["transitionStatus"]?.stringValue == transition)
    }

    @Test("the last failure keeps its facts and its time while it lasts, and goes with it")
    func lastFailure() {
        let failed = model([.crashed(exitCode: 9, "killed")], isReady: false)
        #expect(
            failed["lastFailureInfo"] == [
                "reason": "ModelLoadFailed", "message": "killed", "location": "p", "exitCode": 9,
                "modelRevisionName": "s-00001", "time": "2026-01-01T00:00:00Z",
            ])
        var older = failed
        older[path: "lastFailureInfo", "time"] = "2025-12-31T00:00:00Z"
        let same = model([.crashed(exitCode: 9, "killed")], isReady: false, old: older)
        #expect(same["lastFailureInfo"]?["time"] == "2025-12-31T00:00:00Z")
        #expect(model([.silent], isReady: false, old: older)["lastFailureInfo"] == older["lastFailureInfo"])
        #expect(model([.ready], isReady: true, old: older)["lastFailureInfo"] == nil)
    }

    @Test("without pods a condition that is False says what failed")
    func refused() {
        let refusal = Condition("Ready", "False", reason: "RevisionFailed", message: "no")
        let status = model([], isReady: false, refusal: refusal)
        #expect(status["lastFailureInfo"]?["reason"] == "RevisionFailed")
        #expect(status[path: "states", "targetModelState"] == "FailedToLoad")
    }
}
