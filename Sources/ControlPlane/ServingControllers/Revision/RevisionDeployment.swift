import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

/// The Deployment of a revision.
enum RevisionDeployment {
    static let defaultPort = 8080
    private static let defaultContainerName = "user-container"
    /// Fields of a revision's spec that are not of a pod's.
    private static let ownFields = [
        "containerConcurrency", "timeoutSeconds", "responseStartTimeoutSeconds", "idleTimeoutSeconds",
    ]

    /// What is noted on the revision while it lives: a pod that was made with another note is still the same.
    private static let learned: Set = [
        ServingKeys.loadSeconds, ServingKeys.memoryBytes, ServingKeys.handOverFrom, ServingKeys.handOverFailed,
    ]

    static func name(_ revision: Object) -> String { "\(revision.name)-deployment" }

    static func make(of revision: Object, _ settings: DeploymentSettings = DeploymentSettings()) -> Object {
        var deployment = revision.child(.deployments, name: name(revision))
        let labels = labels(of: revision)
        deployment.labels = labels
        deployment.annotations = annotations(of: revision).filter { !learned.contains($0.key) }
        deployment.spec = [
            "progressDeadlineSeconds": .number(JSONNumber(progressDeadline(revision, settings))),
            "selector": ["matchLabels": [Label.revisionUID: .string(revision.uid)]],
            "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 0]],
        ]
        var template = Object(["spec": podSpec(of: revision)])
        template.labels = labels
        template.annotations = deployment.annotations
        deployment["spec", "template"] = template.json
        return deployment
    }

    static func withInitialScale(
        _ deployment: Object, _ revision: Object, _ settings: AutoscalerConfiguration
    ) -> Object {
        var deployment = deployment
        let policy = ScalingPolicy(settings, annotations: revision.autoscalingAnnotations)
        deployment["spec", "replicas"] = .number(JSONNumber(policy.initialScale))
        return deployment
    }

    /// The revision's own labels and those that say to which revision a thing belongs; the routing state changes and
    /// is no part of it.
    static func labels(of revision: Object) -> [String: String] {
        var labels = revision.labels.filter { $0.key != ServingKeys.routingState }
        labels[ServingKeys.revision] = revision.name
        labels[Label.revisionUID] = revision.uid
        labels[Label.app] = labels[Label.app] ?? revision.name
        return labels
    }

    /// Without those that are written about a revision later: no pod is to start anew for them.
    static func annotations(of revision: Object) -> [String: String] {
        revision.inheritedAnnotations.filter { !notes.contains($0.key) }
    }

    private static let notes: Set = [Annotation.routingStateModified, Annotation.routes, Annotation.noGC]

    /// From the annotation `serving.knative.dev/progress-deadline`, else what `config-deployment` says.
    private static func progressDeadline(_ revision: Object, _ settings: DeploymentSettings) -> Int {
        let own = revision.annotations[ServingKeys.progressDeadline].flatMap(Duration.init(goText:))
        return Int((own ?? settings.progressDeadline).components.seconds)
    }

    // MARK: The pod

    private static func podSpec(of revision: Object) -> JSONValue {
        var spec = revision.spec
        for field in ownFields { spec[field] = nil }
        let containers = spec["containers"]?.arrayValue ?? []
        let serving = containers.firstIndex { $0["ports"]?.arrayValue?.isEmpty == false } ?? 0
        spec["containers"] = .array(
            containers.enumerated().map { index, container in
                completed(container, of: revision, isServing: index == serving)
            })
        if spec["terminationGracePeriodSeconds"] == nil {
            spec["terminationGracePeriodSeconds"] = revision["spec", "timeoutSeconds"] ?? 300
        }
        return spec
    }

    /// The container with Knative's defaults: a name, a port, a probe of that port, and the variables of its contract.
    private static func completed(_ container: JSONValue, of revision: Object, isServing: Bool) -> JSONValue {
        var container = container
        var variables = [
            ("K_CONFIGURATION", revision.labels[ServingKeys.configuration] ?? ""), ("K_REVISION", revision.name),
            ("K_SERVICE", revision.labels[ServingKeys.service] ?? ""),
        ]
        if isServing {
            let port = container["ports"]?[0]?["containerPort"]?.intValue ?? defaultPort
            if container["name"] == nil { container["name"] = .string(defaultContainerName) }
            container["ports"] = ports(container, port)
            container["readinessProbe"] = readinessProbe(container, port)
            variables.append(("PORT", String(port)))
        }
        let own = container["env"]?.arrayValue ?? []
        let names = Set(own.compactMap { $0["name"]?.stringValue })
        let added = variables.filter { !names.contains($0.0) }.sorted { $0.0 < $1.0 }
        container["env"] = .array(own + added.map { ["name": .string($0.0), "value": .string($0.1)] })
        return container
    }

    private static func ports(_ container: JSONValue, _ port: Int) -> JSONValue {
        var ports = container["ports"]?.arrayValue ?? []
        if ports.isEmpty { ports = [["containerPort": .number(JSONNumber(port))]] }
        if ports[0]["name"] == nil { ports[0]["name"] = "user-port" }
        if ports[0]["protocol"] == nil { ports[0]["protocol"] = "TCP" }
        return .array(ports)
    }

    /// A probe without a port asks the serving one; without any probe, whether the port takes connections.
    private static func readinessProbe(_ container: JSONValue, _ port: Int) -> JSONValue {
        guard var probe = container["readinessProbe"] else {
            return ["tcpSocket": ["port": .number(JSONNumber(port))], "successThreshold": 1]
        }
        for action in ["httpGet", "tcpSocket", "grpc"] where probe[action] != nil {
            let given = probe[action]?["port"]
            if given == nil || given?.intValue == 0 { probe[path: action, "port"] = .number(JSONNumber(port)) }
        }
        return probe
    }
}

extension Object {
    /// The annotations of `autoscaling.knative.dev/` without that prefix, in kebab-case.
    var autoscalingAnnotations: [String: String] { AutoscalingKeys.settings(annotations) }
}
