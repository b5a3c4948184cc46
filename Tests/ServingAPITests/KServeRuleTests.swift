import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

/// KServe's rules, each with a manifest that breaks it: the field that is named, and the reason.
@Suite struct KServeRuleTests {
    private static let mode = ServingKeys.deploymentMode

    @Test(
        "Scaling, by who does it",
        arguments: [
            ([:], "scaleMetric: cpu", "spec.predictor.scaleMetric NotSupported"),
            ([:], "scaleMetric: rps\nscaleTarget: 0", "spec.predictor.scaleTarget Invalid"),
            ([mode: "Standard"], "scaleMetric: rps", "spec.predictor.scaleMetric NotSupported"),
            ([mode: "Standard"], "scaleTarget: 101", "spec.predictor.scaleTarget Invalid"),
            ([mode: "Standard"], "scaleMetric: memory\nscaleTarget: 0", "spec.predictor.scaleTarget Invalid"),
            (
                [mode: "Standard"], "autoScaling: {metrics: [{type: External}]}",
                "spec.predictor.autoScaling.metrics[0].type NotSupported"
            ),
            (
                [mode: "Standard"], "autoScaling: {metrics: [{type: Resource}]}",
                "spec.predictor.autoScaling.metrics[0].resource Required"
            ),
            (keda, "scaleMetric: cpu", "spec.predictor.scaleMetric Forbidden"),
            (
                keda, metric("{type: Resource, resource: {name: cpu, target: {type: Value, value: 1}}}"),
                "spec.predictor.autoScaling.metrics[0].resource.target.type NotSupported"
            ),
            (
                keda,
                metric("{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1}}}"),
                "spec.predictor.autoScaling.metrics[0].resource.target.averageValue Invalid"
            ),
            (
                keda, metric("{type: Resource, resource: {name: cpu, target: {type: Utilization}}}"),
                "spec.predictor.autoScaling.metrics[0].resource.target.averageUtilization Required"
            ),
            (
                keda, metric("{type: External, external: {metric: {backend: prometheus}, target: {value: 1}}}"),
                "spec.predictor.autoScaling.metrics[0].external.metric.query Required"
            ),
            (
                keda, metric("{type: PodMetric, podmetric: {metric: {query: a}, target: {type: Value}}}"),
                "spec.predictor.autoScaling.metrics[0].podmetric.target.value Required"
            ),
            (keda, metric("{type: PodMetric}"), "spec.predictor.autoScaling.metrics[0].podmetric Required"),
            (keda, metric("{type: Disk}"), "spec.predictor.autoScaling.metrics[0].type NotSupported"),
        ])
    func scaling(annotations: [String: String], predictor: String, reason: String) throws {
        let admitted = try Admitted(inferenceService("sklearn: {}\n\(predictor)", annotations: annotations))
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    private static let keda = [mode: "Standard", ServingKeys.autoscalerClass: "keda"]
    private static func metric(_ metric: String) -> String { "autoScaling: {metrics: [\(metric)]}" }

    @Test("A memory target above 100 MiB is fine: no copy of KServe's slip")
    func memory() throws {
        let admitted = try Admitted(
            inferenceService("sklearn: {}\nscaleMetric: memory\nscaleTarget: 512", annotations: [Self.mode: "Standard"])
        )
        #expect(admitted.fields == [])
    }

    @Test(
        "Storage and the model",
        arguments: [
            (
                "model: {modelFormat: {name: a}, storageUri: 'file:///a'}\nstorageUris: [{uri: 'file:///b'}]",
                "spec.predictor.storageUris Forbidden"
            ),
            (
                "model: {modelFormat: {name: a}, storageUri: 'file:///a', storage: {path: p}}",
                "spec.predictor.model.storage.path Forbidden"
            ),
            (
                "model: {modelFormat: {name: a}, confidential: {enabled: true}}",
                "spec.predictor.model.storageUri Required"
            ),
            (
                "model: {modelFormat: {name: a}, storageUri: 'file:///a', confidential: {enabled: true, resourceId: x}}",
                "spec.predictor.model.confidential.resourceId Invalid"
            ),
            ("sklearn: {}\nstorageUris: [{uri: ''}]", "spec.predictor.storageUris[0].uri Invalid"),
            ("sklearn: {}\nstorageUris: [{uri: a, mountPath: b}]", "spec.predictor.storageUris[0].mountPath Invalid"),
            (
                "sklearn: {}\nstorageUris: [{uri: a, mountPath: /a/../b}]",
                "spec.predictor.storageUris[0].mountPath Invalid"
            ),
            (
                "sklearn: {}\nstorageUris: [{uri: 'pvc://a', mountPath: /a}, {uri: 'pvc://b', mountPath: /a}]",
                "spec.predictor.storageUris[1].mountPath Duplicate"
            ),
            (
                "sklearn: {}\nstorageUris: [{uri: a, mountPath: /a}, {uri: b, mountPath: /b}]",
                "spec.predictor.storageUris Invalid"
            ),
            ("sklearn: {}\nlogger: {storage: {path: p}}", "spec.predictor.logger.storage.key Required"),
            ("sklearn: {}\nlogger: {mode: some}", "spec.predictor.logger.mode NotSupported"),
        ])
    func storage(predictor: String, reason: String) throws {
        let admitted = try Admitted(inferenceService(predictor))
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    @Test(
        "Workers",
        arguments: [
            ("containers: [{name: a}, {name: b}]", "spec.predictor.workerSpec.containers Forbidden"),
            ("tensorParallelSize: 0", "spec.predictor.workerSpec.tensorParallelSize Invalid"),
            ("pipelineParallelSize: 0", "spec.predictor.workerSpec.pipelineParallelSize Invalid"),
            (
                "containers: [{name: a, env: [{name: TENSOR_PARALLEL_SIZE}]}]",
                "spec.predictor.workerSpec.containers[0].env[0].name Forbidden"
            ),
            (
                "containers: [{name: a, env: [{name: PYTHONPATH}]}]",
                "spec.predictor.workerSpec.containers[0].env[0].name Forbidden"
            ),
            (
                "containers: [{name: a, resources: {limits: {example.com/gpu: 1}}}]",
                "spec.predictor.workerSpec.containers[0].resources.limits[example.com/gpu] Invalid"
            ),
            ("pipelineParallelSize: 2", "spec.predictor.model.storageUri Required"),
            ("pipelineParallelSize: 2", "metadata.annotations[serving.kserve.io/autoscalerClass] NotSupported"),
        ])
    func workers(worker: String, reason: String) throws {
        let annotations = [ServingKeys.autoscalerClass: "hpa"]
        let admitted = try Admitted(
            inferenceService("sklearn: {}\nworkerSpec: {\(worker)}", annotations: annotations))
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    @Test func `GPUs of one's own are listed by annotation`() throws {
        let worker = "workerSpec: {containers: [{name: a, resources: {limits: {example.com/gpu: 1}}}]}"
        let admitted = try Admitted(
            inferenceService(
                "sklearn: {storageUri: 'pvc://a/b'}\n\(worker)",
                annotations: [GPUResources.annotation: #"["example.com/gpu"]"#]))
        #expect(!admitted.fields.contains { $0.hasPrefix("spec.predictor.workerSpec.containers") })
    }

    @Test(
        "Canaries",
        arguments: [
            ("[{predictor: {sklearn: {}}}]", "spec.canary[0].predictor.name Required"),
            ("[{trafficPercent: 1}]", "spec.canary[0].predictor Required"),
            ("[{predictor: {name: main, sklearn: {}}}]", "spec.canary[0].predictor.name Invalid"),
            ("[{predictor: {name: a}}, {predictor: {name: a}}]", "spec.canary[1].predictor.name Duplicate"),
            ("[{predictor: {name: a}}]", "spec.canary[0].predictor Required"),
            ("[{predictor: {name: a}, trafficPercent: 101}]", "spec.canary[0].trafficPercent Invalid"),
            (
                "[{predictor: {name: a}, trafficPercent: 60}, {predictor: {name: b}, trafficPercent: 60}]",
                "spec.canary Invalid"
            ),
            ("[{predictor: {name: a, maxReplicas: 2}}]", "spec.canary[0].predictor.maxReplicas Forbidden"),
            ("[{predictor: {name: a, scaleTarget: 2}}]", "spec.canary[0].predictor.scaleTarget Forbidden"),
            ("[{predictor: {name: a, scaleMetric: cpu}}]", "spec.canary[0].predictor.scaleMetric Forbidden"),
            ("[{predictor: {name: a, autoScaling: {}}}]", "spec.canary[0].predictor.autoScaling Forbidden"),
            ("[{predictor: {name: a, workerSpec: {}}}]", "spec.canary[0].predictor.workerSpec Forbidden"),
            ("[{predictor: {name: a, minReplicas: 2}}]", "spec.canary[0].predictor.minReplicas Invalid"),
        ])
    func canaries(canary: String, reason: String) throws {
        let admitted = try Admitted(
            inferenceService("name: main\nsklearn: {}", annotations: [Self.mode: "Standard"])
                + "\n  canary: \(canary)")
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    @Test func `canaries are for Standard mode, beside a model`() throws {
        let yaml = inferenceService("containers: [{name: a, image: a}]") + "\n  canary: [{predictor: {name: a}}]"
        let messages = try Admitted(yaml).problems
        #expect(messages.contains { $0.hasPrefix("spec.canary: Forbidden: canaries are for Standard mode") })
        #expect(messages.contains { $0.hasPrefix("spec.canary: Forbidden: a canary stands beside") })
    }

    @Test(
        "Transformers and explainers",
        arguments: [
            ("transformer: {minReplicas: 1}", "spec.transformer Required"),
            ("explainer: {minReplicas: 1}", "spec.explainer Required"),
            ("explainer: {art: {}, containers: [{name: a, image: a}]}", "spec.explainer Forbidden"),
            ("transformer: {containers: [{name: a}]}", "spec.transformer.containers[0].image Required"),
            ("transformer: {containers: [{image: a}], maxReplicas: -1}", "spec.transformer.maxReplicas Invalid"),
            (
                "transformer: {containers: [{image: a, env: [{name: PYTHONPATH}]}]}",
                "spec.transformer.containers[0].env[0].name Forbidden"
            ),
            ("explainer: {art: {name: a}}", "spec.explainer.art.name Forbidden"),
            (
                "transformer: {containers: [{image: a}], containerConcurrency: -1}",
                "spec.transformer.containerConcurrency Invalid"
            ),
        ])
    func sides(component: String, reason: String) throws {
        let admitted = try Admitted(inferenceService("sklearn: {}") + "\n  \(component)")
        #expect(admitted.reasons.contains(reason), "\(admitted.problems)")
    }

    @Test func `a transformer's first container is named`() throws {
        let object = try Admitted(inferenceService("sklearn: {}") + "\n  transformer: {containers: [{image: a}]}")
            .object
        #expect(object.spec[path: "transformer", "containers"]?[0]?["name"] == "kserve-container")
    }

    @Test func `the deployment mode stays`() throws {
        var old = try Admitted(inferenceService("sklearn: {}")).object
        old["status", "deploymentMode"] = "Knative"
        let new = inferenceService("sklearn: {}", annotations: [Self.mode: "RawDeployment"])
        #expect(try Admitted(new, replacing: old).reasons.contains("metadata.annotations[\(Self.mode)] Invalid"))
    }
}
