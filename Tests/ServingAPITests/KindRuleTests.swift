import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

/// The rules of the other kinds: a change to a good object of `KindFixtures` that breaks one, the field, and the reason.
@Suite struct KindRuleTests {
    /// The object of that kind, with `value` at `path`.
    static func object(_ kind: String, _ path: String, _ value: String, name: String? = nil) throws -> Object {
        var object = try #require(KindFixtures.all.first { $0.kind == kind })
        let steps: [JSONStep] = path.split(separator: ".").map { Int($0).map { .index($0) } ?? .key(String($0)) }
        if !steps.isEmpty { object.json[steps] = value == "-" ? nil : try JSONValue(yaml: value) }
        if let name { object.json[path: "metadata", "name"] = .string(name) }
        return object
    }

    @Test(
        "KServe's other kinds",
        arguments: [
            ("InferenceGraph", "spec.nodes.root", "-", "spec.nodes[root] Required"),
            ("InferenceGraph", "spec.nodes.root.routerType", "Any", "spec.nodes[root].routerType NotSupported"),
            ("InferenceGraph", "spec.nodes.root.steps.1.name", "classify", "spec.nodes[root].steps[1].name Duplicate"),
            ("InferenceGraph", "spec.nodes.root.steps.1.nodeName", "-", "spec.nodes[root].steps[1] Required"),
            ("InferenceGraph", "spec.nodes.root.steps.1.nodeName", "x", "spec.nodes[root].steps[1].nodeName Invalid"),
            ("InferenceGraph", "spec.nodes.root.steps.1.serviceName", "a", "spec.nodes[root].steps[1] Forbidden"),
            ("InferenceGraph", "spec.nodes.choose.steps.0.weight", "-", "spec.nodes[choose].steps[0].weight Required"),
            ("InferenceGraph", "spec.nodes.choose.steps.0.weight", "31", "spec.nodes[choose].steps Invalid"),
            ("InferenceGraph", "spec.minReplicas", "-1", "spec.minReplicas Invalid"),
            ("TrainedModel", "spec.model.storageUri", "pvc://a", "spec.model.storageUri Invalid"),
            ("TrainedModel", "spec.model.memory", "-", "spec.model.memory Required"),
            ("ClusterStorageContainer", "spec.supportedUriFormats.0", "{}", "spec.supportedUriFormats[0] Required"),
            (
                "ClusterStorageContainer", "spec.supportedUriFormats.0", "{regex: '('}",
                "spec.supportedUriFormats[0].regex Invalid"
            ),
            ("ClusterStorageContainer", "spec.workloadType", "job", "spec.workloadType NotSupported"),
            ("LocalModelCache", "spec.nodeGroups", "[]", "spec.nodeGroups Invalid"),
            ("LocalModelCache", "spec.modelSize", "big", "spec.modelSize Invalid"),
            ("LocalModelNodeGroup", "spec.storageLimit", "-", "spec.storageLimit Required"),
            (
                "ServingRuntime", "spec.supportedModelFormats.0.priority", "0",
                "spec.supportedModelFormats[0].priority Invalid"
            ),
            (
                "ServingRuntime", "spec.supportedModelFormats",
                "[{name: a, priority: 1}, {name: a, version: '2', priority: 2}]",
                "spec.supportedModelFormats[1].priority Invalid"
            ),
            ("ServingRuntime", "spec.workerSpec", "{}", "spec.workerSpec.containers Required"),
            (
                "ServingRuntime", "spec.workerSpec", "{containers: [{name: a, image: a}], tensorParallelSize: 0}",
                "spec.workerSpec.tensorParallelSize Invalid"
            ),
            (
                "ServingRuntime", "spec.workerSpec",
                "{containers: [{name: a, image: a, resources: {requests: {x.com/y: 1}}}]}",
                "spec.workerSpec.containers[0].resources.requests[x.com/y] Invalid"
            ),
        ])
    func kserve(kind: String, path: String, value: String, reason: String) throws {
        let admitted = try Admitted(Self.object(kind, path, value))
        #expect(admitted.reasons == [reason], "\(admitted.problems)")
    }

    @Test(
        "The built-in kinds",
        arguments: [
            ("Role", "rules.0.verbs", "[]", "rules[0].verbs Required"),
            ("Role", "rules.0.apiGroups", "-", "rules[0].apiGroups Required"),
            ("Role", "rules.0.resources", "-", "rules[0].resources Required"),
            ("Role", "rules.0", "{nonResourceURLs: [/a], verbs: [get]}", "rules[0].nonResourceURLs Invalid"),
            ("ClusterRole", "rules.0.resources", "[pods]", "rules[0].nonResourceURLs Invalid"),
            ("RoleBinding", "roleRef.kind", "Rule", "roleRef.kind NotSupported"),
            ("ClusterRoleBinding", "roleRef.kind", "Role", "roleRef.kind NotSupported"),
            ("RoleBinding", "roleRef.apiGroup", "x", "roleRef.apiGroup NotSupported"),
            ("RoleBinding", "subjects.0.kind", "Human", "subjects[0].kind NotSupported"),
            ("RoleBinding", "subjects.0.name", "''", "subjects[0].name Required"),
            ("RoleBinding", "subjects.1.apiGroup", "x", "subjects[1].apiGroup NotSupported"),
            ("Lease", "spec.leaseDurationSeconds", "0", "spec.leaseDurationSeconds Invalid"),
            ("Lease", "spec.leaseTransitions", "-1", "spec.leaseTransitions Invalid"),
            ("HorizontalPodAutoscaler", "spec.minReplicas", "4", "spec.maxReplicas Invalid"),
            ("HorizontalPodAutoscaler", "spec.minReplicas", "-1", "spec.minReplicas Invalid"),
            ("HorizontalPodAutoscaler", "spec.metrics.0.resource", "-", "spec.metrics[0].resource Required"),
            ("HorizontalPodAutoscaler", "spec.metrics.0.pods", "{}", "spec.metrics[0].pods.metric Required"),
            ("ValidatingWebhookConfiguration", "webhooks.0.name", "check", "webhooks[0].name Invalid"),
            (
                "ValidatingWebhookConfiguration", "webhooks.0.sideEffects", "Some",
                "webhooks[0].sideEffects NotSupported"
            ),
            ("ValidatingWebhookConfiguration", "webhooks.0.timeoutSeconds", "31", "webhooks[0].timeoutSeconds Invalid"),
            (
                "ValidatingWebhookConfiguration", "webhooks.0.admissionReviewVersions", "[v3]",
                "webhooks[0].admissionReviewVersions Invalid"
            ),
            ("ValidatingWebhookConfiguration", "webhooks.0.clientConfig", "{}", "webhooks[0].clientConfig Required"),
            (
                "MutatingWebhookConfiguration", "webhooks.0.clientConfig.url", "http://a",
                "webhooks[0].clientConfig.url Invalid"
            ),
            (
                "Pod", "spec.containers.0.ports.0.containerPort", "0",
                "spec.containers[0].ports[0].containerPort Invalid"
            ),
            ("Pod", "spec.restartPolicy", "Sometimes", "spec.restartPolicy NotSupported"),
            ("Pod", "spec.volumes.0.name", "Big", "spec.volumes[0].name Invalid"),
            ("Secret", "data.token", "*", "data[token] Invalid"),
        ])
    func builtIn(kind: String, path: String, value: String, reason: String) throws {
        let admitted = try Admitted(Self.object(kind, path, value == "*" ? "'*'" : value))
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    @Test(
        "What can never change",
        arguments: [
            ("RoleBinding", "roleRef.name", "other", "roleRef"),
            ("TrainedModel", "spec.model.memory", "2Gi", "spec.model.memory"),
            ("LocalModelCache", "spec.sourceModelUri", "s3://other", "spec.sourceModelUri"),
            ("LocalModelNamespaceCache", "spec.sourceModelUri", "s3://other", "spec.sourceModelUri"),
        ])
    func immutable(kind: String, path: String, value: String, field: String) throws {
        let old = try Admitted(Self.object(kind, "", "")).object
        #expect(try Admitted(Self.object(kind, path, value), replacing: old).reasons == ["\(field) Invalid"])
    }

    @Test("Names", arguments: [("InferenceGraph", "1a"), ("TrainedModel", "a.b"), ("InferenceService", "A")])
    func names(kind: String, name: String) throws {
        #expect(try Admitted(Self.object(kind, "", "", name: name)).fields == ["metadata.name"])
    }

    @Test func `an equal amount of memory is no change`() throws {
        let old = try Admitted(Self.object("TrainedModel", "", "")).object
        #expect(try Admitted(Self.object("TrainedModel", "spec.model.memory", "1024Mi"), replacing: old).problems == [])
    }

    @Test(
        "Kinds that nothing acts on say so",
        arguments: [
            "TrainedModel", "ClusterStorageContainer", "LocalModelNode",
            "LocalModelNodeGroup", "PersistentVolumeClaim",
        ])
    func unserved(kind: String) throws {
        let admitted = try Admitted(Self.object(kind, "", ""))
        #expect(admitted.warnings.count == 1 && admitted.warnings[0].contains("does not act on them yet"))
        guard kind == "TrainedModel" else { return }
        #expect(admitted.object.condition("Ready")?.reason == "NotSupported")
        #expect(try Admitted(Self.object("Pod", "", "")).warnings == [])
    }
}
