"""InferenceServices in Standard mode: Deployments, Services and HTTPRoutes; canaries; to zero and back."""

import asyncio
import collections
import json
import threading

from load import SERVER, ServicesTest, SteadyLoad, apply, condition, in_turn, once
from martlet import eventually, kubectls

RUNTIME = {
    "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "fake"},
    "spec": {
        "supportedModelFormats": [{"name": "fake", "autoSelect": True}], "protocolVersions": ["v1"],
        "containers": [{
            "name": "kserve-container", "image": "example/fake-model", "command": ["python3", "-S", "-u", "-c", SERVER],
            "env": [{"name": "PORT", "value": "8080"}], "ports": [{"containerPort": 8080}]}]}}


def predictor(version, **fields):
    """A predictor whose server answers with `version`."""
    return {"model": {"modelFormat": {"name": "fake"}, "env": [{"name": "K_REVISION", "value": version}]}, **fields}


def service(title, version="one", canary=None, annotations=None, **fields):
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": title, "annotations": {
            "serving.kserve.io/deploymentMode": "Standard", **(annotations or {})}},
        "spec": {"predictor": predictor(version, **fields), **({"canary": canary} if canary else {})}}


class StandardTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        apply(cls.martlet, RUNTIME)

    def get(self, name, path="/"):
        return asyncio.run(once(self.gateway, f"{name}-default.localhost", path))

    def ready(self, name):
        def check():
            found = self.martlet.object("isvc", name)
            seen = found.get("status", {}).get("observedGeneration") == found["metadata"]["generation"]
            return found if seen and condition(found).get("status") == "True" else None
        return eventually(check, timeout=90, every=0.1, what=f"isvc/{name} ready")

    def answers(self, name, version):
        eventually(lambda: self.get(name) == (200, version.encode()), timeout=60, what=f"{name} answers {version}")

    def kubectl(self, *words):
        return self.martlet.kubectl(*words)

    def test_it_is_made_of_kubernetes_objects_and_answers_through_every_door(self):
        apply(self.martlet, service("doors", annotations={"serving.kserve.io/autoscalerClass": "hpa"}, maxReplicas=2))
        status = self.ready("doors")["status"]
        self.assertEqual(status["deploymentMode"], "Standard")
        self.assertEqual(status["url"], f"http://doors-default.localhost:{self.gateway}")
        self.assertEqual(status["address"]["url"], "http://doors-predictor.default.svc.cluster.local")
        self.assertEqual(status["modelStatus"]["transitionStatus"], "UpToDate")
        for kind in ("deployment", "service", "httproute", "hpa"):
            self.kubectl("get", kind, "doors-predictor")
        self.assertEqual(json.loads(self.kubectl("get", "svc", "doors-predictor", "-o", "json"))["spec"]["ports"], [
            {"name": "doors-predictor", "port": 80, "targetPort": 8080, "protocol": "TCP"}])
        scaler = json.loads(self.kubectl("get", "hpa", "doors-predictor", "-o", "json"))["spec"]
        self.assertEqual((scaler["minReplicas"], scaler["maxReplicas"]), (1, 2))
        self.assertEqual(self.get("doors"), (200, b"one"))
        self.assertEqual(self.get("doors-predictor"), (200, b"one"))
        self.assertEqual(self.martlet.get("gateway", "/serving/default/doors/"), (200, b"one"))
        answer = self.martlet.request("gateway", "POST", "/openai/v1/completions", {"model": "doors", "prompt": "x"})
        self.assertEqual(answer, (200, b"one"))
        refused = self.martlet.kubectl(
            "annotate", "--overwrite", "isvc/doors", "serving.kserve.io/deploymentMode=Knative", check=False)
        self.assertIn("cannot be changed", refused.stderr)

    def test_a_rollout_loses_no_request_and_kubectl_has_its_history(self):
        apply(self.martlet, service("steady"))
        self.ready("steady")
        load = SteadyLoad(self.gateway, "steady-default.localhost", rate=50, streams=4)
        thread = threading.Thread(target=lambda: asyncio.run(load.run()))
        thread.start()
        try:
            apply(self.martlet, service("steady", "two"))
            self.answers("steady", "two")
            self.assertIn("successfully rolled out", self.kubectl(
                "rollout", "status", "deploy/steady-predictor", "--timeout=60s"))
            self.kubectl("rollout", "restart", "deploy/steady-predictor")
            self.kubectl("rollout", "status", "deploy/steady-predictor", "--timeout=60s")
        finally:
            load.ends = True
            thread.join()
        print(f"{load.answered} requests, {load.streamed} streams, {len(load.failures)} failed", end=" ", flush=True)
        self.assertEqual(load.failures, [])
        for program in kubectls().values():
            history = self.martlet.kubectl("rollout", "history", "deploy/steady-predictor", program=program)
            for revision in ("1", "2"):
                self.assertRegex(history, rf"(?m)^{revision} ")

    def test_undo_and_pause_of_a_plain_deployment_run_the_old_pods_again(self):
        template = {"metadata": {"labels": {"app": "plain"}}, "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [{**RUNTIME["spec"]["containers"][0], "readinessProbe": {"tcpSocket": {"port": 8080}}}]}}
        apply(self.martlet, {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "plain"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "plain"}}, "template": template}})
        self.rolled_out()
        first = self.pods("plain")
        self.kubectl("set", "env", "deploy/plain", "A=2")
        self.rolled_out()
        self.assertFalse(first & self.pods("plain"))
        self.kubectl("rollout", "pause", "deploy/plain")
        self.kubectl("set", "env", "deploy/plain", "A=3")
        paused = self.pods("plain")
        eventually(lambda: "paused" in self.kubectl("get", "deploy", "plain", "-o", "yaml"), what="the pause")
        self.assertEqual(self.pods("plain"), paused)
        self.kubectl("rollout", "resume", "deploy/plain")
        self.rolled_out()
        self.kubectl("rollout", "undo", "deploy/plain", "--to-revision=1")
        self.rolled_out()
        sets = json.loads(self.kubectl("get", "rs", "-l", "app=plain", "-o", "json"))["items"]
        sizes = {int(found["metadata"]["annotations"]["deployment.kubernetes.io/revision"]): found["spec"]["replicas"]
                 for found in sets}
        self.assertEqual(sizes, {2: 0, 3: 0, 4: 2})
        self.kubectl("delete", "deploy", "plain")
        eventually(lambda: not self.pods("plain"), what="no pod")

    def rolled_out(self):
        self.kubectl("rollout", "status", "deploy/plain", "--timeout=90s")

    def pods(self, app):
        return {pod["metadata"]["name"] for pod in self.martlet.pods()
                if pod["metadata"]["labels"].get("app") == app and "deletionTimestamp" not in pod["metadata"]}

    def test_a_canary_gets_its_share_and_is_promoted_without_a_restart(self):
        none = {"serving.kserve.io/autoscalerClass": "none"}
        apply(self.martlet, service("bird", annotations=none))
        self.ready("bird")
        canary = {"predictor": predictor("two", name="next"), "trafficPercent": 50}
        apply(self.martlet, service("bird", canary=[canary], annotations=none))
        status = eventually(lambda: [found for found in self.martlet.object("isvc", "bird")["status"].get(
            "canaryStatuses", []) if found["ready"]], timeout=60, what="the canary")[0]
        self.assertEqual((status["name"], status["trafficPercent"]), ("next", 50))
        self.assertEqual(status["modelStatus"]["states"]["activeModelState"], "Loaded")
        self.answers("bird", "two")
        answers = asyncio.run(in_turn(self.gateway, "bird-default.localhost", 1000))
        counts = collections.Counter(answers)
        self.assertAlmostEqual(counts[200, b"one"], 500, delta=10)
        self.assertAlmostEqual(counts[200, b"two"], 500, delta=10)

        pods = self.pods("isvc.bird-next-predictor")
        self.assertEqual(len(pods), 1)
        load = SteadyLoad(self.gateway, "bird-default.localhost", rate=50)
        thread = threading.Thread(target=lambda: asyncio.run(load.run()))
        thread.start()
        try:
            apply(self.martlet, service("bird", "two", annotations=none, name="next"))
            eventually(lambda: not self.pods("isvc.bird-predictor"), timeout=60, what="the old predictor gone")
        finally:
            load.ends = True
            thread.join()
        self.assertEqual(load.failures, [])
        self.assertEqual(self.pods("isvc.bird-next-predictor"), pods, "promoted without a restart")
        self.assertEqual(set(asyncio.run(in_turn(self.gateway, "bird-default.localhost", 80))), {(200, b"two")})
        eventually(lambda: "bird-predictor" not in self.kubectl("get", "svc", "-o", "name"), what="no orphan")
        self.assertNotIn("canaryStatuses", self.ready("bird")["status"])

    def test_it_sleeps_wakes_and_stops(self):
        quick = {"autoscaling.knative.dev/window": "6s"}
        apply(self.martlet, service("sleeper", annotations=quick, minReplicas=0))
        self.ready("sleeper")
        for _ in range(2):
            self.assertEqual(self.get("sleeper"), (200, b"one"))
            eventually(lambda: not self.pods("isvc.sleeper-predictor"), timeout=60, what="zero pods")
            self.assertEqual(condition(self.martlet.object("isvc", "sleeper"))["status"], "True")
        self.kubectl("annotate", "isvc/sleeper", "serving.kserve.io/stop=true")
        eventually(lambda: "sleeper" not in self.kubectl(
            "get", "deployment,service,httproute,podautoscaler", "-o", "name"), what="nothing left")
        found = self.martlet.object("isvc", "sleeper")
        self.assertEqual(condition(found, "Stopped").get("status"), "True")
        self.assertEqual(condition(found)["status"], "False")
        self.kubectl("annotate", "--overwrite", "isvc/sleeper", "serving.kserve.io/stop=false")
        self.ready("sleeper")
        self.answers("sleeper", "one")
