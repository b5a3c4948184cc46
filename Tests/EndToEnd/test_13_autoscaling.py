"""Autoscaling with a cheap server: by requests at once, by the processor, by what an engine says; down and to zero again."""

import json
import textwrap
import threading

from martlet import MartletTest, eventually

SETTINGS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: martlet-system}
data: {scale-to-zero-grace-period: "1s"}
---
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: box}
spec:
  images: [example/box]
  entrypoint: [python3]
  python: {packages: []}
"""

# GET /sleep/S answers after S seconds, /burn/S after S seconds of work; /metrics says what a full engine would.
SERVER = r"""
import http.server, os, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        _, what, *rest = self.path.split("/")
        end = time.monotonic() + float(rest[0] if rest else 0)
        if what == "sleep":
            time.sleep(max(0, end - time.monotonic()))
        while what == "burn" and time.monotonic() < end:
            pass
        body = b"ok\n"
        if what == "metrics":
            body = b'vllm:num_requests_running{model_name="m"} 2\nvllm:num_requests_waiting{model_name="m"} 5\n'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

http.server.ThreadingHTTPServer.request_queue_size = 128
http.server.ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler).serve_forever()
"""


def service(name, annotations, **spec):
    prefixed = {key if "/" in key else f"autoscaling.knative.dev/{key}": value for key, value in annotations.items()}
    return json.dumps({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"template": {"metadata": {"annotations": prefixed}, "spec": {
            **spec, "containers": [{
                "name": "main", "image": "example/box", "args": ["-u", "-c", SERVER],
                "resources": {"requests": {"cpu": "100m"}}}]}}}})


class Callers:
    """So many callers, each of which calls again as soon as it has its answer."""

    def __init__(self, martlet, name, path, count):
        self.statuses = []
        self.isOver = False
        host = {"Host": f"{name}.default.localhost"}

        def call():
            while not self.isOver:
                self.statuses.append(martlet.get("gateway", path, host, timeout=120)[0])

        self.threads = [threading.Thread(target=call, daemon=True) for _ in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.isOver = True
        for thread in self.threads:
            thread.join(150)


class AutoscalingTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=SETTINGS)

    def begin(self, name, annotations, **spec):
        self.martlet.run("apply", "-f", "-", input=service(name, annotations, **spec))
        eventually(lambda: self.condition("ksvc", name, "Ready") == "True", timeout=120, what=f"{name} being ready")
        self.addCleanup(self.martlet.run, "delete", "ksvc", name)

    def condition(self, kind, name, condition):
        conditions = self.martlet.object(kind, name).get("status", {}).get("conditions", [])
        return next((entry["status"] for entry in conditions if entry["type"] == condition), None)

    def replicas(self, name):
        status = self.martlet.object("deployment", f"{name}-00001-deployment").get("status", {})
        return status.get("replicas", 0), status.get("readyReplicas", 0)

    def reaches(self, name, count, timeout=90):
        eventually(lambda: self.replicas(name) == (count, count), timeout=timeout, every=0.2,
                   what=f"{name} having {count} replicas")

    def rescales(self, name):
        """What the events on the PodAutoscaler or HorizontalPodAutoscaler of that name say."""
        events = json.loads(self.martlet.run("get", "events", "-o", "json"))["items"]
        return [event["message"] for event in events
                if event["reason"] == "SuccessfulRescale" and event["involvedObject"]["name"] == f"{name}-00001"]

    def test_by_requests_at_once_and_to_zero(self):
        self.begin("kpa", {"window": "6s", "max-scale": "3"}, containerConcurrency=2)
        with Callers(self.martlet, "kpa", "/sleep/0.5", 8) as callers:
            self.reaches("kpa", 3)
            status, text = self.martlet.get("admin", "/metrics")
            self.assertIn('revision_name="kpa-00001"} 1.4', text.decode())
            self.assertRegex(text.decode(), r'autoscaler_actual_pods\{.*revision_name="kpa-00001"\} 3')
        self.assertEqual(set(callers.statuses), {200})
        self.reaches("kpa", 0)
        events = " ".join(self.rescales("kpa"))
        self.assertIn("New size: 3, before: 1; reason: ", events)
        self.assertIn("the target of a replica is 1.4", events)
        self.assertIn("New size: 0", events)
        status, _ = self.martlet.get("gateway", "/sleep/0", {"Host": "kpa.default.localhost"})
        self.assertEqual(status, 200)

    def test_by_the_processor(self):
        self.begin("hpa", {
            "class": "hpa.autoscaling.knative.dev", "metric": "cpu", "target": "50", "window": "6s", "max-scale": "2"})
        with Callers(self.martlet, "hpa", "/burn/1", 2):
            self.reaches("hpa", 2, timeout=120)
        self.reaches("hpa", 1, timeout=120)
        autoscaler = self.martlet.object("hpa", "hpa-00001")
        self.assertIn("averageUtilization", json.dumps(autoscaler["status"]["currentMetrics"]))
        self.assertIn("of what is requested, the target is 50 %", " ".join(self.rescales("hpa")))

    def test_by_what_the_engine_says(self):
        self.begin("llm", {"class": "llm.martlet.dev", "window": "6s", "max-scale": "3"})
        with Callers(self.martlet, "llm", "/sleep/0.5", 12) as callers:
            eventually(lambda: self.replicas("llm")[1] > 1, timeout=90, what="a second replica")
        self.assertEqual(set(callers.statuses), {200})
        # Nothing but the engine's metrics says that a replica runs two at once.
        self.assertIn("a replica has 2,", " ".join(self.rescales("llm")))
        self.reaches("llm", 0, timeout=150)

    def test_a_bad_setting_is_refused_with_its_key(self):
        bad = textwrap.dedent("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config-autoscaler, namespace: martlet-system}
            data: {stable-window: "1s", scale-to-zero-grace-period: "1s"}
            """)
        result = self.martlet.run("apply", "-f", "-", input=bad, check=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("data[stable-window]", result.stderr)
        self.assertIn("must be between 6s and 1h", result.stderr)


if __name__ == "__main__":
    import unittest

    unittest.main()
