import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import CommandLine

@Suite("What is exported") struct ExportedManifestTests {
    private static func stored(_ manager: String = "kubectl-client-side-apply") -> Object {
        var object = Object(
            .inferenceServices, namespace: "team", name: "iris",
            [
                "spec": ["predictor": ["model": ["modelFormat": ["name": "gguf"], "storageUri": "file:///a"]]],
                "status": ["url": "http://x"],
            ])
        object.uid = "u"
        object["metadata", "resourceVersion"] = "7"
        object["metadata", "managedFields"] = [["manager": .string(manager)], ["manager": "martlet-inferenceservice"]]
        object.annotations = [
            "kubectl.kubernetes.io/last-applied-configuration": "{}", "martlet.dev/judge": "error-rate<1%",
            "martlet.dev/judge-state": "{}",
        ]
        return object
    }

    @Test func `what the server and the controllers added is left out`() throws {
        let manifest = try #require(ExportedManifest(Self.stored(), .inferenceServices))
        #expect(manifest.path == "team/inferenceservice-iris.yaml")
        #expect(
            manifest.object.json == [
                "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
                "metadata": [
                    "name": "iris", "namespace": "team", "annotations": ["martlet.dev/judge": "error-rate<1%"],
                ],
                "spec": ["predictor": ["model": ["modelFormat": ["name": "gguf"], "storageUri": "file:///a"]]],
            ])
        #expect(manifest.warnings.count == 1)
        #expect(manifest.warnings.first?.hasPrefix("inferenceservice/iris: file:///a is known to this machine") == true)
    }

    @Test func `what no user made is left out`() {
        #expect(ExportedManifest(Self.stored("martlet-preinstalled"), .inferenceServices) == nil)
        var child = Self.stored()
        child.ownerReferences = [OwnerReference(controller: Self.stored())]
        #expect(ExportedManifest(child, .inferenceServices) == nil)
        let account = Object(.serviceAccounts, namespace: "team", name: "default")
        #expect(ExportedManifest(account, .serviceAccounts) == nil)
        #expect(ExportedManifest(Object(.configMaps, namespace: "kube-system", name: "a"), .configMaps) == nil)
    }
}
