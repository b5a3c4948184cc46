"""Real kubectl, the oldest and the newest to be had, against Martlet's API."""

import json
import subprocess
import unittest

from martlet import MartletTest, eventually, kubectls

SERVICE = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: idle, labels: {team: birds}}
spec:
  predictor:
    minReplicas: 0
    model: {modelFormat: {name: gguf}, storageUri: "file:///no/such/model.gguf"}
"""

CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
"""


class KubectlTest(MartletTest):
    def each(self):
        for program in kubectls().values():
            yield lambda *words, program=program, **more: self.martlet.kubectl(*words, program=program, **more)

    def test_apply_get_describe_delete(self):
        for kubectl in self.each():
            self.assertIn("created", kubectl("apply", "-f", "-", input=SERVICE))
            self.assertIn("unchanged", kubectl("apply", "-f", "-", input=SERVICE))
            header, row = kubectl("get", "isvc").splitlines()
            self.assertEqual(
                header.split(),
                ["NAME", "URL", "READY", "PREV", "LATEST", "PREVROLLEDOUTREVISION", "LATESTREADYREVISION", "AGE"])
            self.assertTrue(row.startswith("idle "), row)
            self.assertIn("Predictor", kubectl("describe", "isvc", "idle"))
            self.assertIn("idle", kubectl("get", "isvc", "-l", "team=birds", "-o", "name"))
            self.assertEqual(kubectl("get", "isvc", "-l", "team=fish", "-o", "name"), "")
            for kind in ("ksvc", "configuration", "route", "revision"):
                eventually(lambda: "idle-predictor" in kubectl("get", kind, "-o", "name"), what=kind)
            self.assertIn("deleted", kubectl("delete", "isvc", "idle"))
            for kind in ("isvc", "ksvc", "configuration", "route", "revision", "deployment", "kpa", "pods"):
                eventually(lambda: kubectl("get", kind, "-o", "name") == "", what=f"no {kind}")

    def test_patches(self):
        for kubectl in self.each():
            kubectl("apply", "-f", "-", input=CONFIG)
            kubectl("patch", "configmap", "settings", "--type", "merge", "-p", '{"data":{"b":"2"}}')
            kubectl("patch", "configmap", "settings", "--type", "json", "-p",
                    '[{"op":"replace","path":"/data/a","value":"3"}]')
            kubectl("patch", "configmap", "settings", "-p", '{"data":{"c":"4"}}')
            kubectl("label", "configmap", "settings", "tier=test")
            found = json.loads(kubectl("get", "configmap", "settings", "-o", "json"))
            self.assertEqual(found["data"], {"a": "3", "b": "2", "c": "4"})
            self.assertEqual(found["metadata"]["labels"], {"tier": "test"})
            kubectl("delete", "configmap", "settings")

    def test_server_side_apply(self):
        for kubectl in self.each():
            kubectl("apply", "--server-side", "-f", "-", input=CONFIG)
            found = json.loads(kubectl("get", "configmap", "settings", "-o", "json", *self.managed(kubectl)))
            self.assertEqual([entry["operation"] for entry in found["metadata"]["managedFields"]], ["Apply"])
            kubectl("delete", "configmap", "settings")

    def managed(self, kubectl):
        return ["--show-managed-fields"] if "show-managed-fields" in kubectl("get", "--help") else []

    def test_watch(self):
        for name, program in kubectls().items():
            with self.subTest(name):
                watch = subprocess.Popen(
                    [program, "--kubeconfig", str(self.martlet.directory / "kubeconfig"), "get", "configmap", "-w",
                     "-l", "watched=yes", "-o", "name"], stdout=subprocess.PIPE, text=True)
                try:
                    self.martlet.kubectl("apply", "-f", "-", input=CONFIG.replace(
                        "{name: settings}", '{name: settings, labels: {watched: "yes"}}'))
                    self.assertEqual(watch.stdout.readline().strip(), "configmap/settings")
                finally:
                    watch.kill()
                    watch.wait()
                    watch.stdout.close()
                    self.martlet.kubectl("delete", "configmap", "settings")

    def test_errors(self):
        for kubectl in self.each():
            missing = kubectl("get", "isvc", "nothing", check=False)
            self.assertIn('inferenceservices.serving.kserve.io "nothing" not found', missing.stderr)
            bad = kubectl("apply", "-f", "-", input=SERVICE.replace("idle", "Bad_Name"), check=False)
            self.assertNotEqual(bad.returncode, 0)
            self.assertIn("Bad_Name", bad.stderr)

    def test_discovery(self):
        for kubectl in self.each():
            text = kubectl("api-resources")
            for word in ("inferenceservices", "servingruntimes", "isvc", "hostimages", "podautoscalers"):
                self.assertIn(word, text)
            self.assertIn("kserve", kubectl("api-versions"))

    def test_namespaces(self):
        for kubectl in self.each():
            kubectl("create", "namespace", "team")
            kubectl("apply", "-n", "team", "-f", "-", input=CONFIG)
            kubectl("delete", "namespace", "team", "--timeout=20s")
            gone = kubectl("get", "configmap", "settings", "-n", "team", check=False)
            self.assertIn("not found", gone.stderr)


if __name__ == "__main__":
    unittest.main()
