import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

/// The ConfigMaps that change how the platform behaves.
struct SettingsTests {
    private func configMap(_ name: String, _ data: [String: String], namespace: String = "martlet-system") -> Object {
        Object(.configMaps, namespace: namespace, name: name, ["data": data.json])
    }

    @Test
    func `Defaults are Knative's, but for time limits`() {
        #expect(GarbageCollectionSettings().retainSinceCreateTime == .seconds(48 * 3600))
        #expect(GarbageCollectionSettings().retainSinceLastActiveTime == .seconds(15 * 3600))
        #expect(GarbageCollectionSettings().minNonActiveRevisions == 20)
        #expect(GarbageCollectionSettings().maxNonActiveRevisions == 1000)
        #expect(DeploymentSettings().progressDeadline == .seconds(600))
        #expect(NetworkSettings().rolloutDuration == .zero)
        #expect(RevisionDefaults().timeout == nil)
        #expect(RevisionDefaults().containerConcurrency == 0)
        #expect(!FeatureSettings().routesByTagHeader)
        #expect(InferenceServiceSettings().defaultDeploymentMode == "Knative")
    }

    @Test
    func `What is given is read`() {
        let gc = GarbageCollectionSettings(
            configMap: configMap(
                "config-gc",
                [
                    "retain-since-create-time": "disabled", "retain-since-last-active-time": "1m30s",
                    "min-non-active-revisions": "1", "max-non-active-revisions": "disabled", "_example": "no matter",
                ]))
        #expect(gc.retainSinceCreateTime == nil)
        #expect(gc.retainSinceLastActiveTime == .seconds(90))
        #expect(gc.minNonActiveRevisions == 1)
        #expect(gc.maxNonActiveRevisions == nil)
        let features = configMap("config-features", ["tag-header-based-routing": "enabled"])
        #expect(FeatureSettings(configMap: features).routesByTagHeader)
        let kserve = configMap(
            "inferenceservice-config",
            [
                "deploy":
                    #"{"defaultDeploymentMode": "RawDeployment", "deploymentRolloutStrategy": {"defaultRollout": {"maxSurge": "1", "maxUnavailable": "0"}}}"#,
                "autoscaler": #"{"scaleUpStabilizationWindowSeconds": "5", "scaleDownStabilizationWindowSeconds": 60}"#,
                "logger": #"{"image": "x"}"#,
            ])
        let settings = InferenceServiceSettings(configMap: kserve)
        #expect(settings.defaultDeploymentMode == "Standard")
        #expect(settings.rollingUpdate == InferenceServiceSettings.RollingUpdate(maxSurge: "1", maxUnavailable: "0"))
        #expect(settings.scaleUpStabilization == 5)
        #expect(settings.scaleDownStabilization == 60)
    }

    @Test
    func `Revisions get what their template leaves open, and keep what it says`() {
        let defaults = RevisionDefaults(
            configMap: configMap(
                "config-defaults",
                ["revision-timeout-seconds": "120", "revision-idle-timeout-seconds": "0", "container-concurrency": "7"])
        )
        var spec: JSONValue = ["containers": []]
        defaults.fill(&spec)
        #expect(spec == ["containers": [], "containerConcurrency": 7, "timeoutSeconds": 120])
        spec = ["containerConcurrency": 0, "timeoutSeconds": 5]
        defaults.fill(&spec)
        #expect(spec == ["containerConcurrency": 0, "timeoutSeconds": 5])
    }

    @Test(
        arguments: [
            ("config-gc", "retain-since-create-time", "two days"), ("config-gc", "retain-since-create-time", "-1h"),
            ("config-gc", "max-non-active-revisions", "-1"), ("config-gc", "min-non-active-revisions", "disabled"),
            ("config-gc", "min-non-active-revisions", "1001"), ("config-deployment", "progress-deadline", "0s"),
            ("config-deployment", "progress-deadline", "1500ms"), ("config-deployment", "progress-deadline", "600"),
            ("config-deployment", "digest-resolution-timeout", "0s"), ("config-network", "rollout-duration", "-1s"),
            ("config-network", "rollout-duration", "1.5s"), ("config-network", "domain-template", "{{.Nme}}.x"),
            ("config-network", "domain-template", "{{.Name}}_x"), ("config-network", "tag-template", "{{.Domain}}"),
            ("config-network", "tag-template", "{{.Tag"), ("config-defaults", "revision-timeout-seconds", "5m"),
            ("config-defaults", "container-concurrency", "1001"), ("config-defaults", "container-concurrency", "-1"),
            ("config-defaults", "allow-container-concurrency-zero", "false"),
            ("config-features", "tag-header-based-routing", "on"),
        ])
    func `A mistake is refused with its key`(name: String, key: String, value: String) throws {
        let admitted = try Admitted(configMap(name, [key: value], namespace: "knative-serving"))
        #expect(admitted.fields == ["data[\(key)]"])
        #expect(try Admitted(configMap(name, [key: value], namespace: "default")).problems.isEmpty, "not ours")
    }

    @Test
    func `Every mistake is told at once, and one in JSON text says where`() throws {
        let defaults = configMap(
            "config-defaults",
            [
                "revision-timeout-seconds": "100", "max-revision-timeout-seconds": "60",
                "revision-idle-timeout-seconds": "200", "container-concurrency": "x",
            ])
        #expect(
            try Set(Admitted(defaults).fields) == [
                "data[revision-timeout-seconds]", "data[revision-idle-timeout-seconds]", "data[container-concurrency]",
            ])
        let kserve = configMap(
            "inferenceservice-config",
            [
                "ingress": #"{"domainTemplate": "{{.X}}"}"#, "deploy": #"{"defaultDeploymentMode": "Raw"}"#,
                "logger": "x",
            ],
            namespace: "kserve")
        let problems = try Admitted(kserve).problems
        #expect(problems.count == 2)
        #expect(problems.contains { $0.hasPrefix("data[ingress]:") && $0.contains("domainTemplate") })
    }

    @Test
    func `The first namespace that has the ConfigMap counts`() {
        let maps = [
            configMap("config-network", ["rollout-duration": "1s"], namespace: "knative-serving"),
            configMap("config-network", ["rollout-duration": "2s"], namespace: "martlet-system"),
        ]
        #expect(NetworkSettings { key in maps.first { $0.key == key } }.rolloutDuration == .seconds(2))
        #expect(NetworkSettings { $0 == maps[0].key ? maps[0] : nil }.rolloutDuration == .seconds(1))
        #expect(NetworkSettings { _ in nil }.rolloutDuration == .zero)
    }

    @Test
    func `A log of requests is on where it is switched on, and its template is checked`() throws {
        let template =
            #"{"m": "{{.Request.Method}}", "u": "{{js .Request.RequestURI}}", "t": "{{index .Request.Header "X-B3-Traceid"}}"}"#
        func settings(_ data: [String: String]) -> ObservabilitySettings {
            ObservabilitySettings(configMap: configMap("config-observability", data))
        }
        #expect(settings(["logging.request-log-template": template]).requestLog == nil)
        let on = settings(["logging.request-log-template": template, "logging.enable-request-log": "true"])
        #expect(
            on.requestLog?.parts == [
                .text(#"{"m": ""#), .value(.method, .none), .text(#"", "u": ""#), .value(.uri, .script),
                .text(#"", "t": ""#), .value(.header("x-b3-traceid", isList: true), .none), .text(#""}"#),
            ])
        for (bad, why) in [("{{.Nothing}}", "unknown"), ("a\nb", "one line"), ("{{if .Request}}", "unknown")] {
            let map = configMap("config-observability", ["logging.request-log-template": bad])
            #expect(ObservabilitySettings.problems(in: map).first?.message.contains(why) == true, "\(bad)")
        }
        #expect(RequestLogTemplate.Escape.script("a\"<\u{1}'") == "a\\\"\\u003C\\u0001\\'")
    }
}

/// Where things answer.
struct HostNamesTests {
    private func object(_ resource: Resource, _ annotations: [String: String] = [:]) -> Object {
        var object = Object(resource, namespace: "team", name: "hello")
        object.annotations = annotations
        return object
    }

    private func hosts(_ data: [String: String] = [:], ingress: String? = nil) -> HostNames {
        HostNames(
            domain: "example.com", port: 8080, network: NetworkSettings(configMap: Object(["data": data.json])),
            inferenceServices: InferenceServiceSettings(
                configMap: ingress.map { Object(["data": ["ingress": .string($0)]]) }))
    }

    @Test
    func `The usual hosts`() {
        #expect(hosts().host(ofRoute: object(.routes)) == "hello.team.example.com")
        #expect(hosts().host(ofRoute: object(.routes), tag: "blue") == "blue-hello.team.example.com")
        #expect(hosts().host(ofInferenceService: object(.inferenceServices)) == "hello-team.example.com")
        #expect(hosts().clusterHost("hello", of: object(.routes)) == "hello.team.svc.cluster.local")
        #expect(hosts().url("h", of: object(.routes)) == "http://h:8080")
        #expect(HostNames(domain: "d").url("h", of: object(.routes)) == "http://h")
    }

    @Test
    func `Templates may name labels and annotations, which are empty where there are none`() {
        let data = ["domain-template": #"{{.Name}}{{index .Annotations "zone"}}.{{ .Labels.x }}a.{{.Domain}}"#]
        #expect(hosts(data).host(ofRoute: object(.routes, ["zone": "-eu"])) == "hello-eu.a.example.com")
        #expect(hosts(data).host(ofRoute: object(.routes)) == "hello.a.example.com")
        let ingress = #"{"domainTemplate": "{{ .Name }}.{{ .Namespace }}.models.{{ .IngressDomain }}"}"#
        #expect(
            hosts(ingress: ingress).host(ofInferenceService: object(.inferenceServices))
                == "hello.team.models.example.com")
    }

    @Test(arguments: ["networking.knative.dev/visibility", "networking.kserve.io/visibility"])
    func `What is cluster-local has no host outside, by either label`(label: String) throws {
        var route = object(.routes)
        route.labels[label] = "cluster-local"
        #expect(hosts().host(ofRoute: route, tag: "blue") == "blue-hello.team.svc.cluster.local")
        #expect(hosts().host(ofInferenceService: route) == "hello.team.svc.cluster.local")
        #expect(hosts().url("h", of: route) == "http://h")
        route.labels[label] = "cluster_local"
        #expect(hosts().host(ofRoute: route) == "hello.team.example.com")
        #expect(KnativeValidation.visibility(route).map(\.field) == ["metadata.labels[\(label)]"])
    }
}
