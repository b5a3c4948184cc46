"""Models that do not fit together, and new versions that are judged: who makes room, who comes back, and why."""

import json
import threading
import time

from load import IMAGE, SERVER, apply
from martlet import Instance, MartletTest, eventually


def service(name, memory="600Mi", least=0, annotations=None, **variables):
    """An InferenceService of fake_model.py."""
    container = {
        "name": "kserve-container", "image": "example/fake-model", "command": ["python3", "-S", "-u", "-c", SERVER],
        "env": [{"name": key, "value": str(value)} for key, value in variables.items()],
        "resources": {"requests": {"memory": memory}}}
    metadata = {"name": name, "annotations": {
        "autoscaling.knative.dev/window": "600s",
        **{f"martlet.dev/{key}": value for key, value in (annotations or {}).items()}}}
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": metadata,
        "spec": {"predictor": {"minReplicas": least, "containers": [container]}}}


class Callers:
    """Threads that call a service without a pause until they are stopped."""

    def __init__(self, test, name, path="/slow?300", count=2):
        self.answers = []
        self.going = True
        self.threads = [threading.Thread(target=self._call, args=(test, name, path)) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _call(self, test, name, path):
        while self.going:
            self.answers.append(test.call(name, path))

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join()
        return self.answers


class RoomTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        cls.martlet = Instance()
        cls.martlet.start("--memory-limit", "1000Mi")
        cls.addClassCleanup(cls.clean_up)
        cls.martlet.run("apply", "-f", "-", input=IMAGE)

    def tearDown(self):
        for item in json.loads(self.martlet.run("get", "isvc", "-o", "json"))["items"]:
            self.martlet.run("delete", f"isvc/{item['metadata']['name']}")
        eventually(lambda: not self.martlet.pods(), timeout=60, what="no pods")

    def deploy(self, *services, timeout=90):
        apply(self.martlet, *services)
        for object in services:
            self.martlet.run("wait", f"isvc/{object['metadata']['name']}", "--timeout", str(timeout), timeout=timeout + 10)

    def call(self, name, path="/"):
        """(status, the revision that answered)"""
        status, body = self.martlet.get("gateway", f"/serving/default/{name}{path}")
        return status, body.decode()

    def why(self, name):
        return json.loads(self.martlet.run("why", name, "-o", "json"))

    def decided(self, name, reason):
        return [decision["message"] for decision in self.why(name)["decisions"] if decision["reason"] == reason]

    def test_two_that_do_not_fit_take_turns(self):
        self.deploy(service("first"))
        self.assertEqual(self.call("first"), (200, "first-predictor-00001"))
        self.deploy(service("second"))
        for name in ["second", "first", "second"]:
            self.assertEqual(self.call(name), (200, f"{name}-predictor-00001"))
        running = [pod["metadata"]["labels"]["serving.knative.dev/revision"] for pod in self.martlet.pods()]
        self.assertEqual(running.count("second-predictor-00001"), 1)
        evicted = eventually(lambda: self.decided("first", "Evicted"), what="an event about the eviction")
        self.assertIn("made room for second-predictor-00001, which needs 600.0 MiB", evicted[0])
        self.assertTrue(self.decided("second", "RoomMade"))
        text = self.martlet.run("why", "first")
        self.assertIn("first is ready, at zero", text)
        self.assertIn("SuccessfulRescale", text)

    def test_one_that_is_always_busy_gives_way(self):
        self.deploy(service("busy"))
        callers = Callers(self, "busy")
        try:
            apply(self.martlet, service("patient", annotations={"room-wait": "3s"}))
            started = time.monotonic()
            self.martlet.run("wait", "isvc/patient", "--timeout", "60", timeout=70)
            self.assertEqual(self.call("patient"), (200, "patient-predictor-00001"))
            self.assertGreater(time.monotonic() - started, 2)
        finally:
            answers = callers.stop()
        self.assertEqual({status for status, _ in answers}, {200})
        self.assertTrue(self.decided("busy", "Preempted"))

    def test_what_can_never_fit_says_so(self):
        apply(self.martlet, service("giant", memory="2Gi"))
        eventually(lambda: "--memory-limit" in (self.why("giant")["remedy"] or ""), what="a remedy")
        shortage = "1 Insufficient memory (needs 2.0 GiB, the node has 1000.0 MiB of 1000.0 MiB)"
        self.assertIn(shortage, self.why("giant")["state"])

    def test_a_new_version_takes_the_old_ones_place_or_gives_it_back(self):
        self.deploy(service("model", least=1))
        callers = Callers(self, "model")
        try:
            apply(self.martlet, service("model", least=1, FAIL="no such tensor"))
            failed = eventually(lambda: self.decided("model", "HandOverFailed"), timeout=60)
            self.assertIn("model-predictor-00001 comes back", failed[0])
            eventually(lambda: self.call("model") == (200, "model-predictor-00001"), timeout=60)
            self.deploy(service("model", least=1, VERSION="3"))
            eventually(lambda: self.call("model") == (200, "model-predictor-00003"), timeout=60)
        finally:
            answers = callers.stop()
        self.assertEqual({status for status, _ in answers}, {200})
        self.assertTrue(self.decided("model", "HandedOver"))

    def test_a_judged_canary_is_rolled_back_or_promoted(self):
        judged = {"judge": "error-rate<10%, p95-latency<30s", "judge-steps": "50", "judge-interval": "1s",
                  "judge-requests": "5"}
        self.deploy(service("judged", memory="100Mi", annotations=judged))
        self.assertEqual(self.call("judged")[0], 200)
        apply(self.martlet, service("judged", memory="100Mi", annotations=judged, STATUS="500 Internal Server Error"))
        self.judge("RolledBack")
        self.assertIn("requests failed", self.decided("judged", "RolledBack")[0])
        eventually(lambda: {self.call("judged") for _ in range(10)} == {(200, "judged-predictor-00001")}, timeout=30)
        apply(self.martlet, service("judged", memory="100Mi", annotations=judged, VERSION="3"))
        self.judge("Promoted")
        eventually(lambda: {self.call("judged") for _ in range(10)} == {(200, "judged-predictor-00003")}, timeout=30)
        self.assertIn("error-rate<10%: is 0.0%", self.decided("judged", "Promoted")[0])

    def judge(self, verdict):
        """Calls the service until the judge has come to a verdict."""
        def came():
            for _ in range(20):
                self.call("judged")
            annotations = self.martlet.object("isvc", "judged")["metadata"]["annotations"]
            return json.loads(annotations.get("martlet.dev/judge-state", "{}")).get("verdict") == verdict
        eventually(came, timeout=60, what=verdict)
