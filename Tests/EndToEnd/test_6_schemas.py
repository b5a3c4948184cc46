"""The schemas of every served kind, as kubectl sees them: explained in full, applied without a trace of change."""

import json
import pathlib
import re
import unittest

from martlet import ROOT, MartletTest, kubectls

FILES = [str(ROOT / "Tests" / "EndToEnd" / "kinds" / f"{name}.yaml") for name in ("core", "cluster", "serving")]
ALL = [part for file in FILES for part in ("-f", file)]

# Kinds whose objects somebody acts on: their status changes by itself.
LIVELY = {
    "Namespace", "Pod", "Deployment", "Node", "CustomResourceDefinition", "InferenceService", "ServingRuntime",
    "ClusterServingRuntime", "Service", "Configuration", "Route", "Revision", "PodAutoscaler", "HostImage",
    "ServiceAccount", "Secret", "InferenceGraph",
}

# Of these kubectl says "configured" each time, here as with any API server: it compares lists that are replaced as a
# whole, and fields that exclude each other, without the defaults that the server fills in. Nothing is changed by it.
FILLED_IN = {
    "pod/kinds", "deployment.apps/kinds", "rolebinding.rbac.authorization.k8s.io/kinds",
    "validatingwebhookconfiguration.admissionregistration.k8s.io/kinds", "inferenceservice.serving.kserve.io/kinds",
    "servingruntime.serving.kserve.io/kinds", "service.serving.knative.dev/kinds-web",
    "revision.serving.knative.dev/kinds-alone",
}


def key(item):
    return item["apiVersion"], item["kind"], item["metadata"]["name"]


def group(version):
    return version.rpartition("/")[0]


class SchemasTest(MartletTest):
    def kubectl(self, *words, **more):
        return self.martlet.kubectl(*words, **more)

    def plurals(self):
        """By group and kind: of several versions only the preferred one is listed."""
        resources = [line.split() for line in self.kubectl("api-resources", "--no-headers").splitlines()]
        return {(group(line[-3]), line[-1]): line[0] for line in resources}

    def path(self, item):
        version, kind, name = key(item)
        namespace = item["metadata"].get("namespace")
        return "/".join([
            "/apis" if "/" in version else "/api", version, *(["namespaces", namespace] if namespace else []),
            self.kinds[group(version), kind], name])

    def objects(self):
        found = {key(item): item for item in json.loads(self.kubectl("get", *ALL, "-o", "json"))["items"]}
        self.assertGreater(len(found), 30)
        return found

    def check_unchanged(self, first):
        for identity, item in self.objects().items():
            with self.subTest(identity=identity):
                earlier = first[identity]["metadata"]
                self.assertEqual(item["metadata"].get("generation"), earlier.get("generation"))
                if identity[1] not in LIVELY:
                    self.assertEqual(item["metadata"]["resourceVersion"], earlier["resourceVersion"])

    def test_1_every_kind_is_explained(self):
        kinds = self.plurals()
        text = "\n".join(pathlib.Path(file).read_text() for file in FILES)
        found = re.findall(r"^apiVersion: (.*)\nkind: (.*)$", text, re.MULTILINE)
        self.assertGreater(len(found), 30)
        for version, kind in found:
            with self.subTest(version=version, kind=kind):
                plural = kinds[group(version), kind]
                self.assertNotIn("<empty>", self.kubectl("explain", plural, "--api-version", version))
                whole = self.kubectl("explain", plural, "--api-version", version, "--recursive")
                self.assertIn("metadata", whole)
        pod = self.kubectl("explain", "pods", "--recursive")
        for field in ("topologySpreadConstraints", "ephemeralContainers", "appArmorProfile", "claims", "grpc"):
            self.assertIn(field, pod)
        self.assertIn("ENUM:", self.kubectl("explain", "pod.spec.restartPolicy"))
        self.assertIn("readinessProbe", self.kubectl("explain", "isvc.spec.predictor.model", "--recursive"))

    def test_2_apply_changes_nothing_the_second_time(self):
        self.assertIn("created", self.kubectl("apply", *ALL))
        first = self.objects()
        for line in self.kubectl("apply", *ALL).splitlines():
            name, result = line.split()
            self.assertEqual(result, "configured" if name in FILLED_IN else "unchanged", line)
        self.check_unchanged(first)
        diff = self.kubectl("diff", *ALL, check=False)
        self.assertEqual((diff.returncode, diff.stdout), (0, ""), diff.stderr)

    def test_3_what_is_read_can_be_written_back(self):
        self.kinds = self.plurals()
        before = self.objects()
        for identity, item in before.items():
            if identity[1] in LIVELY:
                continue
            with self.subTest(identity=identity):
                # Not plain `replace`: that writes the annotation of `apply`.
                replaced = json.loads(self.kubectl("replace", "--raw", self.path(item), "-f", "-", input=json.dumps(item)))
                self.assertEqual(replaced["metadata"]["resourceVersion"], item["metadata"]["resourceVersion"])

    def test_4_server_side_apply_changes_nothing_the_second_time(self):
        apply = ("apply", "--server-side", "--force-conflicts", "--field-manager", "birds", *ALL)
        self.kubectl(*apply)
        first = self.objects()
        self.kubectl(*apply)
        self.check_unchanged(first)

    def test_5_unknown_fields_are_told(self):
        for program in kubectls().values():
            result = self.martlet.kubectl(
                "create", "--dry-run=server", "--validate=false", "-f", "-", check=False, program=program,
                input='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"dta":{"a":"b"}}')
            self.assertEqual(result.returncode, 0, result.stderr)
        strict = self.kubectl(
            "apply", "--dry-run=server", "--validate=strict", "-f", "-", check=False,
            input='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"dta":{"a":"b"}}')
        self.assertIn('unknown field "dta"', strict.stderr)

    def test_6_kinds_that_nothing_acts_on_say_so(self):
        manifest = next(text for text in pathlib.Path(FILES[2]).read_text().split("---\n") if "TrainedModel" in text)
        told = self.kubectl(
            "create", "-f", "-", check=False, input=manifest.replace("{name: kinds}", "{name: told}"))
        self.assertIn("Warning: Martlet stores TrainedModel objects, but does not act on them yet", told.stderr)
        model = json.loads(self.kubectl("get", "trainedmodel", "told", "-o", "json"))
        self.assertEqual(model["status"]["conditions"][0]["reason"], "NotSupported")


if __name__ == "__main__":
    unittest.main()
