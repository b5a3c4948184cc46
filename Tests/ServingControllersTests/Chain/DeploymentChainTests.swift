import APIServer
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

/// A Deployment as a user would write it.
private func deployment(image: String = "example.com/web:1", replicas: Int = 2) -> Object {
    Object(
        .deployments, namespace: "default", name: "web",
        [
            "spec": [
                "replicas": .number(JSONNumber(replicas)), "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "web", "image": .string(image)]]],
                ],
            ]
        ])
}

@Suite("From a Deployment to its pods")
struct DeploymentChainTests {
    private let key = ObjectKey(namespace: "default", name: "web")

    private func versions(_ world: World) async throws -> [String] {
        try await world.list(.replicaSets).map { set in
            let image = set.json[["spec", "template", "spec", "containers", 0, "image"]]?.stringValue ?? ""
            let number = set.annotations["deployment.kubernetes.io/revision"] ?? ""
            return "\(number) \(image.suffix(1)) \(set["spec", "replicas"]?.intValue ?? -1)"
        }.sorted()
    }

    @Test("a deployment becomes a ReplicaSet and its pods, and counts them")
    func begins() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            #expect(try await versions(world) == ["1 1 2"])
            let set = try await world.list(.replicaSets)[0]
            #expect(set.name.hasPrefix("web-"))
            #expect(set.controller?.name == "web")
            #expect(
                set["status"] == [
                    "observedGeneration": 1, "replicas": 2, "fullyLabeledReplicas": 2, "readyReplicas": 2,
                    "availableReplicas": 2,
                ])
            let pods = try await world.list(.pods)
            #expect(pods.count == 2)
            for pod in pods {
                #expect(pod.controller?.uid == set.uid)
                #expect(pod.name.hasPrefix("\(set.name)-"))
            }
            let deployment = try await world.get(.deployments, "web")
            #expect(deployment.annotations["deployment.kubernetes.io/revision"] == "1")
            #expect(deployment["status", "availableReplicas"] == 2)
            #expect(deployment.condition("Progressing")?.reason == "NewReplicaSetAvailable")
        }
    }

    @Test("a change of the template is a new version; going back to an old one gives it a new number")
    func history() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            _ = try await world.server.replace(.deployments, deployment(image: "example.com/web:2"))
            try await world.settle()
            #expect(try await versions(world) == ["1 1 0", "2 2 2"])
            _ = try await world.server.replace(.deployments, deployment(image: "example.com/web:1"))
            try await world.settle()
            #expect(try await versions(world) == ["2 2 0", "3 1 2"])
            let sets = try await world.list(.replicaSets)
            #expect(sets.compactMap { $0.annotations["deployment.kubernetes.io/revision-history"] } == ["1"])
            #expect(try await world.get(.deployments, "web").annotations["deployment.kubernetes.io/revision"] == "3")
            #expect(try await world.list(.pods).count == 2)
        }
    }

    @Test("only as many old versions stay as the limit says")
    func limit() async throws {
        try await World.run { world in
            var next = deployment()
            next["spec", "revisionHistoryLimit"] = 1
            _ = try await world.server.create(.deployments, next)
            for image in 2...4 {
                try await world.settle()
                next.json[["spec", "template", "spec", "containers", 0, "image"]] = .string("example.com/web:\(image)")
                _ = try await world.server.replace(.deployments, next)
            }
            try await world.settle()
            #expect(try await versions(world) == ["3 3 0", "4 4 2"])
        }
    }

    @Test("paused, a change waits until it is resumed")
    func paused() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            var changed = deployment(image: "example.com/web:2", replicas: 3)
            changed["spec", "paused"] = true
            _ = try await world.server.replace(.deployments, changed)
            try await world.settle()
            #expect(try await versions(world) == ["1 1 3"])
            let paused = try await world.get(.deployments, "web").condition("Progressing")
            #expect(paused?.reason == "DeploymentPaused")
            changed["spec", "paused"] = nil
            _ = try await world.server.replace(.deployments, changed)
            try await world.settle()
            #expect(try await versions(world) == ["1 1 0", "2 2 3"])
        }
    }

    @Test("a rollout whose pods never get ready keeps the old ones and exceeds its deadline")
    func stuck() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment(replicas: 1))
            try await world.settle()
            world.node.setFate(.silent)
            var changed = deployment(image: "example.com/web:2", replicas: 1)
            changed["spec", "progressDeadlineSeconds"] = 60
            _ = try await world.server.replace(.deployments, changed)
            try await world.settle()
            #expect(try await versions(world) == ["1 1 1", "2 2 1"])
            try await world.advance(by: .seconds(61), step: .seconds(61))
            let deployment = try await world.get(.deployments, "web")
            #expect(deployment.condition("Progressing")?.reason == "ProgressDeadlineExceeded")
            #expect(deployment.condition("Available")?.isTrue == true)
        }
    }

    @Test("pods that an older Martlet gave to the deployment stay, and are the ReplicaSet's from then on")
    func adoption() throws {
        var owner = deployment(replicas: 1)
        owner.uid = "u"
        var pod = Object(.pods, namespace: "default", name: "web-bcdfg")
        pod.ownerReferences = [OwnerReference(controller: owner)]
        let hash = TemplateHash.of(owner)
        var set = NewReplicaSet.make(of: owner, hash: hash, size: 1, annotations: [:])
        set.uid = "v"
        let observation = DeploymentReconciler.Observation(
            deployment: owner, versions: [DeploymentVersion(replicaSet: set, pods: [pod])], current: 0)
        let plan = DeploymentPlanner(observation: observation, clock: Calendar(seconds: 0))
            .plan(ReplicaSetPods { "bcdfg" })
        #expect(plan.create.isEmpty && plan.delete.isEmpty)
        let adopted = try #require(plan.change.first { $0.resource == .pods })
        #expect(adopted.key == pod.key)
        #expect(adopted.fields == ["metadata": ["ownerReferences": [OwnerReference(controller: set).json]]])
    }

    @Test("ReplicaSets that lost their deployment are taken over by the next one of that name")
    func orphans() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            let pods = try await world.list(.pods).map(\.uid).sorted()
            try await world.server.delete(.deployments, key, DeleteOptions(propagationPolicy: "Orphan"))
            try await world.settle()
            #expect(try await world.list(.replicaSets)[0].controller == nil)
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            #expect(try await world.list(.replicaSets).map { $0.controller?.name } == ["web"])
            #expect(try await world.list(.pods).map(\.uid).sorted() == pods)
        }
    }

    @Test("a ReplicaSet without a deployment keeps its number of pods")
    func standalone() async throws {
        try await World.run { world in
            var set = Object(.replicaSets, namespace: "default", name: "alone")
            set.spec = deployment().spec
            set["spec", "strategy"] = nil
            _ = try await world.server.create(.replicaSets, set)
            try await world.settle()
            #expect(try await world.list(.pods).count == 2)
            _ = try await world.server.patch(
                .replicaSets, ObjectKey(namespace: "default", name: "alone"), .merge(["spec": ["replicas": 1]]),
                subresource: "scale")
            try await world.settle()
            #expect(try await world.list(.pods).count == 1)
            #expect(try await world.get(.replicaSets, "alone")["status", "readyReplicas"] == 1)
        }
    }

    @Test("a pod is written before anything else when a deployment at zero is to have one")
    func podFirst() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment(replicas: 0))
            try await world.settle()
            #expect(try await versions(world) == ["1 1 0"])
            world.node.setFate(.silent)
            let scaled = try await world.server.patch(.deployments, key, .merge(["spec": ["replicas": 1]]))
            try await world.settle()
            let pod = try await world.list(.pods)[0]
            #expect(Int(pod.resourceVersion) == (Int(scaled.resourceVersion) ?? 0) + 1)
        }
    }
}
