import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("The pods of a ReplicaSet")
struct PodReplacementTests {
    private let clock = Calendar(seconds: Timestamp.seconds("2026-01-01T00:00:30Z") ?? 0)

    /// `+` is ready, `!` is going, `x` has failed for good.
    private func pods(_ texts: [String]) -> [Object] {
        texts.enumerated().map { index, text in
            var pod = Object(.pods, namespace: "default", name: "\(index)\(text)")
            pod.creationTimestamp = "2026-01-01T00:00:0\(index)Z"
            if text == "+" { pod["status", "conditions"] = [["type": "Ready", "status": "True"]] }
            if text == "!" { pod.deletionTimestamp = "2026-01-01T00:01:00Z" }
            if text == "x" { pod["status", "phase"] = "Failed" }
            return pod
        }
    }

    @Test(
        "are made and taken away until there are as many as wanted",
        arguments: [
            (1, [], 1, []), (3, ["+"], 2, []), (0, ["+", "."], 0, ["1.", "0+"]),
            // Of too many, those that are not ready go first, then the youngest.
            (1, ["+", ".", "+"], 0, ["1.", "2+"]),
            // One that is going does not count; one that failed is not wanted when there are too many.
            (1, ["!"], 1, []), (0, ["x"], 0, ["0x"]),
        ] as [(Int, [String], Int, [String])])
    func replacement(wanted: Int, existing: [String], create: Int, delete: [String]) {
        let replacement = PodReplacement(wanted: wanted, pods: pods(existing), clock: clock)
        #expect(replacement.create == create)
        #expect(replacement.delete.map(\.name) == delete)
    }

    @Test("one that failed for good is replaced after a minute, not at once")
    func failed() {
        let waiting = PodReplacement(wanted: 1, pods: pods(["x"]), clock: clock)
        #expect(waiting.create == 0 && waiting.delete.isEmpty)
        #expect(waiting.untilRetry == .seconds(30))
        let due = PodReplacement(wanted: 1, pods: pods(["x"]), clock: Calendar(seconds: clock.seconds + 30))
        #expect(due.create == 1 && due.delete.count == 1)
    }

    @Test("carry its template, its owner and the node, under a name of their own")
    func pod() {
        var deployment = Object(.deployments, namespace: "default", name: "d")
        deployment.uid = "u"
        deployment["spec", "selector", "matchLabels", "app"] = "a"
        deployment["spec", "template"] = [
            "metadata": ["labels": ["app": "a"], "annotations": ["x": "y"]], "spec": ["containers": [["name": "c"]]],
        ]
        let hash = TemplateHash.of(deployment)
        var set = NewReplicaSet.make(of: deployment, hash: hash, size: 1, annotations: ["note": "1"])
        #expect(set.controller?.uid == "u")
        #expect(set.labels == ["app": "a", "pod-template-hash": hash])
        #expect(set["spec", "selector", "matchLabels"] == ["app": "a", "pod-template-hash": .string(hash)])
        set.uid = "v"
        let pod = ReplicaSetPods { "bcdfg" }.make(of: set)
        #expect(pod.name == "d-\(hash)-bcdfg")
        #expect(pod.labels == ["app": "a", "pod-template-hash": hash])
        #expect(pod.annotations == ["x": "y"])
        #expect(pod.controller?.uid == "v")
        #expect(pod["spec"] == ["containers": [["name": "c"]]])
        let long = Object(.replicaSets, namespace: "default", name: String(repeating: "n", count: 70))
        #expect(ReplicaSetPods { "bcdfg" }.make(of: long).name.utf8.count == 63)
    }

    @Test("a ReplicaSet fits a template that says the same, however it was written back")
    func templates() {
        var deployment = Object(.deployments, namespace: "default", name: "d")
        deployment["spec", "template"] = ["metadata": ["labels": ["app": "a"]], "spec": ["containers": []]]
        let hash = TemplateHash.of(deployment)
        let set = NewReplicaSet.make(of: deployment, hash: hash, size: 1, annotations: [:])
        deployment["spec", "template", "metadata", "creationTimestamp"] = .null
        #expect(TemplateHash.of(deployment) != hash)
        #expect(TemplateHash.fits(set, deployment, TemplateHash.of(deployment)))
        deployment["spec", "template", "spec", "containers"] = [["name": "other"]]
        #expect(!TemplateHash.fits(set, deployment, TemplateHash.of(deployment)))
    }

    @Test("a pod's suffix has five letters that make no words")
    func suffix() {
        #expect(PodSuffix.draw { 0 } == "bbbbb")
        #expect(PodSuffix.draw { 0.999_999 } == "99999")
    }
}
