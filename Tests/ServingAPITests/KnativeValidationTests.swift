import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite struct KnativeValidationTests {
    private static func service(_ spec: String, metadata: String = "{}", traffic: String = "[]") -> String {
        """
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: web}
        spec: {template: {metadata: \(metadata), spec: \(spec)}, traffic: \(traffic)}
        """
    }

    @Test(
        "A bad template is refused",
        arguments: [
            ("{}", "spec.template.spec.containers", "at least one"),
            (
                "{containers: [{image: a, ports: [{containerPort: 1}, {containerPort: 2}]}]}",
                "spec.template.spec.containers[0].ports", "one port"
            ),
            (
                "{containers: [{name: a, image: a}, {name: b, image: b}]}", "spec.template.spec.containers",
                "exactly one"
            ),
            ("{containers: [{name: a}]}", "spec.template.spec.containers[0].image", "name the image"),
            (
                "{containers: [{image: a}], containerConcurrency: 1001}", "spec.template.spec.containerConcurrency",
                "1000"
            ),
            ("{containers: [{image: a}], timeoutSeconds: -1}", "spec.template.spec.timeoutSeconds", "or more"),
            (
                "{containers: [{image: a}], timeoutSeconds: 5, idleTimeoutSeconds: 6}",
                "spec.template.spec.idleTimeoutSeconds", "timeoutSeconds, which is 5"
            ),
            (
                "{containers: [{image: a}], timeoutSeconds: 5, responseStartTimeoutSeconds: 6}",
                "spec.template.spec.responseStartTimeoutSeconds", "timeoutSeconds, which is 5"
            ),
            (
                "{containers: [{image: a, volumeMounts: [{name: x, mountPath: /x}]}]}",
                "spec.template.spec.containers[0].volumeMounts[0].name", "no such volume"
            ),
        ])
    func templates(spec: String, field: String, message: String) throws {
        let admitted = try Admitted(Self.service(spec))
        #expect(admitted.fields == [field], "\(admitted.problems)")
        #expect(admitted.problems.first?.contains(message) == true, "\(admitted.problems)")
    }

    @Test func `a service without a template is told once`() throws {
        let admitted = try Admitted(
            "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}, spec: {}}")
        #expect(admitted.fields == ["spec.template.spec"])
    }

    @Test(
        "Traffic is checked",
        arguments: [
            ("[{latestRevision: true, percent: 100}]", []),
            ("[{percent: 100}]", []),
            ("[{revisionName: web-1, percent: 40, tag: a}, {latestRevision: true, percent: 60}]", []),
            ("[{revisionName: web-1, tag: a}, {latestRevision: true, percent: 100}]", []),
            ("[{latestRevision: true, percent: 50}]", ["spec.traffic"]),
            ("[{revisionName: a, latestRevision: true, percent: 100}]", ["spec.traffic[0]"]),
            ("[{latestRevision: false, percent: 100}]", ["spec.traffic[0].revisionName"]),
            ("[{configurationName: a, percent: 100}]", ["spec.traffic[0].configurationName"]),
            ("[{percent: 120}, {percent: -20}]", ["spec.traffic[0].percent", "spec.traffic[1].percent"]),
            ("[{percent: 50, tag: a}, {percent: 50, tag: a}]", ["spec.traffic[1].tag"]),
            ("[{percent: 100, tag: A}]", ["spec.traffic[0].tag"]),
            ("[{percent: 100, url: 'http://a'}]", ["spec.traffic[0].url"]),
        ])
    func traffic(traffic: String, fields: [String]) throws {
        let admitted = try Admitted(Self.service("{containers: [{image: a}]}", traffic: traffic))
        #expect(admitted.fields == fields, "\(admitted.problems)")
    }

    @Test(
        "A route names what it leads to",
        arguments: [
            ("[{configurationName: a, percent: 100}]", []), ("[{revisionName: a, percent: 100}]", []),
            ("[]", ["spec.traffic"]), ("[{percent: 100}]", ["spec.traffic[0]"]),
            ("[{configurationName: a, revisionName: b, percent: 100}]", ["spec.traffic[0]"]),
        ])
    func routes(traffic: String, fields: [String]) throws {
        let admitted = try Admitted(
            """
            apiVersion: serving.knative.dev/v1
            kind: Route
            metadata: {name: a}
            spec: {traffic: \(traffic)}
            """)
        #expect(admitted.fields == fields, "\(admitted.problems)")
    }

    @Test(
        "A revision's own name begins with the service's",
        arguments: [
            ("web-v1", nil), ("other-v1", #"must start with "web-""#), ("web-V1", "lower-case"),
        ])
    func revisionNames(name: String, message: String?) throws {
        let admitted = try Admitted(Self.service("{containers: [{image: a}]}", metadata: "{name: \(name)}"))
        #expect(admitted.problems.isEmpty == (message == nil))
        if let message { #expect(admitted.problems[0].contains(message)) }
    }

    @Test func `a template that changes needs another name for its revision`() throws {
        let old = try Admitted(Self.service("{containers: [{image: a}]}", metadata: "{name: web-1}")).object
        let same = try Admitted(old, replacing: old)
        #expect(same.problems == [])
        let changed = try Admitted(
            Self.service("{containers: [{image: b}]}", metadata: "{name: web-1}"), replacing: old)
        #expect(changed.fields == ["spec.template.metadata.name"])
        let renamed = try Admitted(
            Self.service("{containers: [{image: b}]}", metadata: "{name: web-2}"), replacing: old)
        #expect(renamed.problems == [])
    }

    @Test func `a revision never changes`() throws {
        let old = try Admitted(Fixtures.revision).object
        var changed = old
        changed["spec", "containerConcurrency"] = 3
        #expect(try Admitted(changed, replacing: old).problems.first?.contains("Immutable fields changed") == true)
        var labelled = old
        labelled.labels["a"] = "b"
        #expect(try Admitted(labelled, replacing: old).problems == [])
    }

    @Test("Names are labels that start with a letter", arguments: ["1web", "web.a"])
    func names(name: String) throws {
        var object = try Admitted(Self.service("{containers: [{image: a}]}")).object
        object.name = name
        #expect(try Admitted(object).fields == ["metadata.name"])
    }
}

@Suite struct AutoscalingAnnotationsTests {
    @Test(
        "Annotations in their ranges are taken",
        arguments: [
            ("class", "kpa.autoscaling.knative.dev"), ("class", "hpa.autoscaling.knative.dev"),
            ("class", "llm.martlet.dev"), ("metric", "rps"), ("metric", "concurrency"), ("target", "0.01"),
            ("min-scale", "0"), ("max-scale", "0"), ("initial-scale", "0"), ("activation-scale", "2"),
            ("scale-down-delay", "0s"), ("scale-down-delay", "1h"), ("window", "6s"), ("window", "1m30s"),
            ("target-utilization-percentage", "100"), ("target-burst-capacity", "-1"), ("target-burst-capacity", "211"),
            ("panic-window-percentage", "1"), ("panic-threshold-percentage", "110"),
            ("metric-aggregation-algorithm", "linear"), ("metricAggregationAlgorithm", "weightedExponential"),
            ("minScale", "1"), ("scale-to-zero-pod-retention-period", "1h"), ("unknown", "x"),
        ])
    func good(key: String, value: String) {
        #expect(Self.fields([AutoscalingKeys.prefix + key: value]) == [])
    }

    @Test(
        "Annotations out of their ranges are refused",
        arguments: [
            ("class", "keda.autoscaling.knative.dev"), ("metric", "cpu"), ("target", "0"), ("target", "many"),
            ("min-scale", "-1"), ("min-scale", "1.5"), ("minScale", "x"), ("max-scale", "-1"), ("initial-scale", "-1"),
            ("activation-scale", "1"), ("scale-down-delay", "61m"), ("scale-down-delay", "1500ms"), ("window", "5s"),
            ("window", "2h"), ("window", "60"), ("scale-to-zero-pod-retention-period", "-1s"),
            ("target-utilization-percentage", "0"), ("target-burst-capacity", "-0.5"), ("target-burst-capacity", "-2"),
            ("panic-window-percentage", "101"), ("panic-threshold-percentage", "100"),
            ("metric-aggregation-algorithm", "median"), ("target", "inf"), ("target", "nan"),
            ("target-burst-capacity", "inf"), ("max-scale", "2147483648"), ("panicThresholdPercentage", "1001"),
            ("window", "99999999999999999999h"), ("scaleDownDelay", "-1s"),
        ])
    func bad(key: String, value: String) {
        let key = AutoscalingKeys.prefix + key
        #expect(Self.fields([key: value]) == ["metadata.annotations[\(key)]"])
    }

    @Test(
        "Scales must be in order",
        arguments: [
            (["min-scale": "2", "max-scale": "1"], ["min-scale"]), (["min-scale": "2", "max-scale": "0"], []),
            (["min-scale": "3", "activation-scale": "2"], ["activation-scale"]),
            (["max-scale": "2", "activation-scale": "3"], ["activation-scale"]),
            (["min-scale": "1", "activation-scale": "2", "max-scale": "3"], []),
            (["minScale": "2", "maxScale": "1"], ["minScale"]),
        ])
    func order(scales: [String: String], keys: [String]) {
        let annotations = Dictionary(uniqueKeysWithValues: scales.map { (AutoscalingKeys.prefix + $0.key, $0.value) })
        #expect(Self.fields(annotations) == keys.map { "metadata.annotations[\(AutoscalingKeys.prefix)\($0)]" })
    }

    @Test(
        "Which metrics there are depends on the class",
        arguments: [
            ("hpa.autoscaling.knative.dev", "cpu", true), ("hpa.autoscaling.knative.dev", "queue_length", true),
            ("hpa.autoscaling.knative.dev", "", false), ("kpa.autoscaling.knative.dev", "cpu", false),
            ("llm.martlet.dev", "memory", false), ("llm.martlet.dev", "concurrency", true),
        ])
    func metrics(scalingClass: String, metric: String, isGood: Bool) {
        let annotations = [AutoscalingKeys.scalingClass: scalingClass, AutoscalingKeys.metric: metric]
        #expect(Self.fields(annotations) == (isGood ? [] : ["metadata.annotations[\(AutoscalingKeys.metric)]"]))
    }

    @Test(
        "Objectives of language models have their ranges",
        arguments: [
            ("target-ttft", "2s", true), ("target-ttft", "500ms", true), ("target-ttft", "1ms", false),
            ("target-ttft", "fast", false), ("target-kv-cache", "90", true), ("target-kv-cache", "5", false),
            ("target-running", "8", true), ("target-running", "0", false),
        ])
    func objectives(name: String, value: String, isGood: Bool) {
        #expect(Self.fields(["martlet.dev/\(name)": value]).isEmpty == isGood)
    }

    @Test("Settings are told by their names in kebab-case, the kebab-case one first")
    func settings() {
        let settings = AutoscalingKeys.settings([
            "autoscaling.knative.dev/minScale": "1", "autoscaling.knative.dev/maxScale": "2",
            "autoscaling.knative.dev/max-scale": "3", "other": "4",
        ])
        #expect(settings == ["min-scale": "1", "max-scale": "3"])
    }

    @Test(
        "Deadlines are whole seconds",
        arguments: [
            (ServingKeys.progressDeadline, "600s", true), (ServingKeys.progressDeadline, "0s", false),
            (ServingKeys.progressDeadline, "1.5s", false), (ServingKeys.rolloutDuration, "0s", true),
            (ServingKeys.rolloutDuration, "-1s", false),
        ])
    func deadlines(key: String, value: String, isGood: Bool) {
        #expect(Self.fields([key: value]).isEmpty == isGood)
    }

    private static func fields(_ annotations: [String: String]) -> [String] {
        AutoscalingAnnotations(annotations, FieldPath("metadata", "annotations")).check().map(\.field)
    }

    @Test(
        "A bad DomainMapping is refused",
        arguments: [
            ("models", "{apiVersion: v1, kind: Service, name: a}", "metadata.name", "two segments"),
            ("a.svc.cluster.local", "{apiVersion: v1, kind: Service, name: a}", "metadata.name", "cluster local"),
            ("a.b", "{kind: Service, name: a}", "spec.ref.apiVersion", "API"),
            (
                "a.b", "{apiVersion: v1, kind: Service, name: a, namespace: other}", "spec.ref.namespace",
                "own namespace"
            ),
        ])
    func domainMappings(name: String, reference: String, field: String, message: String) throws {
        let admitted = try Admitted(
            """
            apiVersion: serving.knative.dev/v1beta1
            kind: DomainMapping
            metadata: {name: \(name), namespace: default}
            spec: {ref: \(reference)}
            """)
        #expect(admitted.fields == [field], "\(admitted.problems)")
        #expect(admitted.problems.joined().contains(message))
    }
}
