import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

/// What Kubernetes fills in for its own kinds.
@Suite struct KubernetesDefaultingTests {
    private static func admitted(_ kind: String) throws -> JSONValue {
        try Admitted(KindRuleTests.object(kind, "", "")).object.json
    }

    @Test(
        "A pod",
        arguments: [
            ("spec.schedulerName", #""default-scheduler""#), ("spec.dnsPolicy", #""ClusterFirst""#),
            ("spec.terminationGracePeriodSeconds", #"30"#), ("spec.enableServiceLinks", #"true"#),
            ("spec.serviceAccount", #""kinds""#), ("spec.restartPolicy", #""Never""#),
            ("spec.containers.0.imagePullPolicy", #""Always""#),
            ("spec.containers.1.imagePullPolicy", #""IfNotPresent""#),
            ("spec.containers.0.ports.0.protocol", #""TCP""#), ("spec.containers.0.ports.1.protocol", #""UDP""#),
            ("spec.containers.0.terminationMessagePath", #""/dev/termination-log""#),
            ("spec.containers.0.env.1.valueFrom.fieldRef.apiVersion", #""v1""#),
            ("spec.containers.0.env.2.valueFrom.resourceFieldRef.divisor", #""0""#),
            ("spec.containers.0.resources.requests", #"{"cpu": "500m", "memory": "1.5Gi"}"#),
            ("spec.containers.0.livenessProbe.grpc.service", #""""#),
            ("spec.containers.0.readinessProbe.periodSeconds", #"1"#),
            ("spec.containers.0.readinessProbe.timeoutSeconds", #"1"#),
            ("spec.containers.0.readinessProbe.httpGet.scheme", #""HTTP""#),
            ("spec.containers.0.lifecycle.preStop.httpGet.path", #""/""#), ("spec.initContainers.0.resources", #"{}"#),
            ("spec.volumes.1", #"{"name": "bare", "emptyDir": {}}"#), ("spec.volumes.2.hostPath.type", #""""#),
            ("spec.volumes.4.configMap.defaultMode", #"420"#), ("spec.volumes.5.secret.defaultMode", #"420"#),
            ("spec.volumes.6.downwardAPI.items.0.fieldRef.apiVersion", #""v1""#),
            ("spec.volumes.7.projected.sources.1.serviceAccountToken.expirationSeconds", #"3600"#),
            ("spec.volumes.7.projected.sources.2.downwardAPI.items.0.resourceFieldRef.divisor", #""0""#),
            ("spec.volumes.10.image.pullPolicy", #""IfNotPresent""#),
            ("spec.volumes.11.iscsi.iscsiInterface", #""default""#),
            ("spec.volumes.12.ephemeral.volumeClaimTemplate.spec.volumeMode", #""Filesystem""#),
            ("status.phase", #""Pending""#),
        ])
    func pod(path: String, value: String) throws {
        #expect(try Self.admitted("Pod").at(path) == JSONValue(parsing: value))
    }

    @Test(
        "The other kinds",
        arguments: [
            (
                "Deployment", "spec.strategy",
                #"{"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}"#
            ),
            ("Deployment", "spec.revisionHistoryLimit", #"10"#),
            ("Deployment", "spec.template.spec.containers.0.resources", #"{"limits": {"cpu": "100m"}}"#),
            ("HorizontalPodAutoscaler", "spec.minReplicas", #"1"#),
            ("HorizontalPodAutoscaler", "spec.behavior.scaleDown.stabilizationWindowSeconds", #"60"#),
            ("HorizontalPodAutoscaler", "spec.behavior.scaleDown.selectPolicy", #""Max""#),
            ("HorizontalPodAutoscaler", "spec.behavior.scaleUp.policies.0.value", #"4"#),
            ("RoleBinding", "subjects.0.apiGroup", #""rbac.authorization.k8s.io""#),
            ("ValidatingWebhookConfiguration", "webhooks.0.timeoutSeconds", #"10"#),
            ("ValidatingWebhookConfiguration", "webhooks.0.matchPolicy", #""Equivalent""#),
            ("ValidatingWebhookConfiguration", "webhooks.0.clientConfig.service.port", #"443"#),
            ("ValidatingWebhookConfiguration", "webhooks.0.rules.0.scope", #""*""#),
            ("MutatingWebhookConfiguration", "webhooks.0.reinvocationPolicy", #""Never""#),
            ("CustomResourceDefinition", "spec.names.listKind", #""KindWidgetList""#),
            ("CustomResourceDefinition", "spec.conversion.strategy", #""None""#),
            ("PersistentVolumeClaim", "spec.volumeMode", #""Filesystem""#),
            ("ClusterStorageContainer", "spec.workloadType", #""initContainer""#),
        ])
    func others(kind: String, path: String, value: String) throws {
        #expect(try Self.admitted(kind).at(path) == JSONValue(parsing: value))
    }

    @Test func `a service keeps its clients together for three hours`() throws {
        let object = try Admitted(#require(KindFixtures.all.first { $0.gvk.description == "v1, Kind=Service" })).object
        #expect(object.json.at("spec.sessionAffinityConfig.clientIP.timeoutSeconds") == 10_800)
        #expect(object.json.at("spec.internalTrafficPolicy") == "Cluster")
        #expect(object.json.at("spec.ports.1.targetPort") == 9_090)
        #expect(object.json.at("spec.externalTrafficPolicy") == nil)
    }
}

extension JSONValue {
    /// The value at a path of names and numbers with dots between them.
    fileprivate func at(_ path: String) -> JSONValue? {
        self[path.split(separator: ".").map { step in Int(step).map { JSONStep.index($0) } ?? .key(String(step)) }]
    }
}
