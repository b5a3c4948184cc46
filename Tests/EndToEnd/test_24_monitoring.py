"""Monitoring: metrics under every name, a real Prometheus, the history, requests one by one, traces."""

import base64
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from martlet import CACHE, ROOT, Instance, MartletTest, eventually, free_port

MONITORING = ROOT / "Monitoring"
# What decodes spans, pinned.
OTLP_PACKAGES = ["opentelemetry-proto==1.27.0", "protobuf==4.25.8"]

# A server that chats, and tells under the names of every runtime how it does. Counters grow with its age, so that every
# panel has something to show.
SERVER = r"""
import http.server, json, os, time

START = time.time()
NAME = os.environ["NAME"]
SECONDS = [("vllm:time_to_first_token_seconds",), ("vllm:inter_token_latency_seconds",),
           ("vllm:e2e_request_latency_seconds",), ("vllm:request_queue_time_seconds",)]

def page():
    age = time.time() - START
    lines = []
    def metric(name, kind, value, /, **labels):
        text = ",".join('%s="%s"' % pair for pair in labels.items())
        lines.append("# TYPE %s %s" % (name, kind))
        lines.append("%s%s %s" % (name, "{%s}" % text if text else "", value))
    def histogram(name, kind="histogram", /, **labels):
        text = "".join('%s="%s",' % pair for pair in labels.items())
        lines.append("# TYPE %s %s" % (name, kind))
        if kind == "histogram":
            for bound, share in (("0.1", 0.5), ("1", 0.9), ("+Inf", 1)):
                lines.append('%s_bucket{%sle="%s"} %s' % (name, text, bound, int(age * 10 * share)))
        lines.append("%s_sum{%s} %s" % (name, text[:-1], age))
        lines.append("%s_count{%s} %s" % (name, text[:-1], int(age * 10)))
    model = {"model_name": NAME}
    for name in ("num_requests_running", "num_requests_waiting"):
        metric("vllm:" + name, "gauge", 1, **model)
    metric("vllm:gpu_cache_usage_perc", "gauge", 0.25, **model)
    for (name,) in SECONDS:
        histogram(name, **model)
    for name in ("prompt_tokens_total", "generation_tokens_total"):
        metric("vllm:" + name, "counter", int(age * 10), **model)
    metric("vllm:request_success_total", "counter", int(age * 10), finished_reason="stop", **model)
    for name in ("requests_processing", "requests_deferred", "predicted_tokens_seconds", "n_busy_slots_per_decode"):
        metric("llamacpp:" + name, "gauge", 2)
    for name in ("prompt_tokens_total", "tokens_predicted_total"):
        metric("llamacpp:" + name, "counter", int(age * 10))
    for name in ("ovms_requests_success", "ovms_requests_fail"):
        metric(name, "counter", int(age * 10), name=NAME)
    metric("ovms_current_requests", "gauge", 1, name=NAME)
    for name in ("ovms_request_time_us", "ovms_inference_time_us"):
        lines.append("# TYPE %s histogram" % name)
        lines.append('%s_bucket{name="%s",le="+Inf"} %d' % (name, NAME, age * 10))
        lines.append('%s_sum{name="%s"} %s' % (name, NAME, age * 1e6))
        lines.append('%s_count{name="%s"} %d' % (name, NAME, age * 10))
    for name in ("tgi_request_success", "tgi_request_failure"):
        metric(name, "counter", int(age * 10))
    metric("tgi_queue_size", "gauge", 0)
    for name in ("tgi_request_duration", "tgi_request_inference_duration"):
        histogram(name)
    metric("predict_rpc_count_total", "counter", int(age * 10), code="OK", model_id=NAME)
    metric("rpc_in_progress_gauge", "gauge", 0)
    histogram("predict_caikit_library_duration_seconds", model_id=NAME)
    for name in ("request_predict_seconds", "request_preprocess_seconds", "request_postprocess_seconds"):
        histogram(name, **model)
    return "\n".join(lines).replace("{}", "") + "\n"

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/metrics":
            return self.reply(200, "text/plain; version=0.0.4", page().encode())
        if self.path == "/v1/models":
            return self.reply(200, "application/json", b"{}")
        self.reply(404, "text/plain", b"no")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if body.get("fail"):
            return self.reply(500, "application/json", b"{}")
        words = [NAME, "heard", str(body["messages"][-1]["content"]), self.headers.get("traceparent", "none")]
        usage = {"prompt_tokens": 5, "completion_tokens": len(words)}
        if not body.get("stream"):
            answer = {"choices": [{"message": {"content": "\n".join(words[:3])}}], "usage": usage}
            return self.reply(200, "application/json", json.dumps(answer).encode())
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        def event(value):
            text = b"data: " + value + b"\n\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
            self.wfile.flush()
        for index in range(body.get("count", len(words))):
            event(json.dumps({"choices": [{"delta": {"content": words[index % len(words)] + " "}}]}).encode())
            time.sleep(body.get("pause", 0.005))
        if body.get("die"):
            self.close_connection = True
            return self.connection.close()
        event(json.dumps({"choices": [], "usage": usage}).encode())
        event(b"[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *words):
        pass

time.sleep(float(os.environ.get("START_SECONDS", "0")))
http.server.ThreadingHTTPServer((os.environ.get("POD_IP", "127.0.0.1"), int(os.environ.get("PORT", 8080))), Handler).serve_forever()
"""

IMAGE = {
    "apiVersion": "martlet.dev/v1alpha1", "kind": "HostImage", "metadata": {"name": "watched"},
    "spec": {"images": ["example/watched"], "entrypoint": ["python3", "-S", "-u", "-c", SERVER], "python": {"packages": []}}}

RUNTIME = {
    "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "watched"},
    "spec": {"supportedModelFormats": [{"name": "watched", "autoSelect": True}], "protocolVersions": ["v1"],
             "annotations": {"opendatahub.io/kserve-runtime": "vllm"},
             "containers": [{"name": "kserve-container", "image": "example/watched",
                             "resources": {"limits": {"cpu": "1", "memory": "256Mi"},
                                           "requests": {"cpu": "10m", "memory": "32Mi"}}}]}}


def inference_service(name, replicas, annotations=None, **variables):
    variables = {"NAME": name, **variables}
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": name, "annotations": annotations or {}},
        "spec": {"predictor": {"minReplicas": replicas, "model": {
            "modelFormat": {"name": "watched"},
            "env": [{"name": key, "value": str(value)} for key, value in variables.items()]}}}}


def debian_prometheus():
    """Debian's Prometheus, unpacked beside the tests: its programs need nothing else."""
    folder = CACHE / "prometheus"
    if not (folder / "usr" / "bin" / "prometheus").exists():
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["apt-get", "download", "-q", "prometheus"], cwd=place, check=True, capture_output=True)
            draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
            subprocess.run(["dpkg", "-x", next(pathlib.Path(place).glob("*.deb")), draft], check=True)
            draft.rename(folder)
    return folder / "usr" / "bin"


class Prometheus:
    """A Prometheus that scrapes an instance every second, with the rules and the configuration that Martlet ships."""

    def __init__(self, martlet, folder):
        self.port = free_port()
        config = (MONITORING / "prometheus.yml").read_text()
        config = config.replace("127.0.0.1:8081", f"127.0.0.1:{martlet.ports['admin']}").replace(": 15s", ": 1s")
        (folder / "prometheus.yml").write_text(config)
        shutil.copy(MONITORING / "rules.yml", folder)
        programs = debian_prometheus()
        self.log = open(folder / "prometheus.log", "wb")
        self.process = subprocess.Popen(
            [programs / "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=self.log, stderr=self.log)
        eventually(lambda: self.get("/-/ready", raw=True), what="Prometheus")

    def get(self, path, raw=False, **parameters):
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            body = answer.read()
        return body if raw else json.loads(body)["data"]

    def query(self, text):
        return self.get("/api/v1/query", query=text)["result"]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


class Collector:
    """Takes spans by OTLP over HTTP, and reads them with OpenTelemetry's own messages."""

    def __init__(self):
        self.spans = []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.take(self.path, json.loads(body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def take(self, path, body):
        assert path == "/v1/traces", path
        folder = CACHE / "opentelemetry-proto"
        if not folder.exists():
            draft = tempfile.mkdtemp(dir=CACHE)
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", draft, *OTLP_PACKAGES],
                           check=True)
            os.rename(draft, folder)
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        from google.protobuf import json_format
        from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

        # In OTLP's JSON ids are hexadecimal; in protobuf's they are base64.
        for resource in body["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    for key in ("traceId", "spanId", "parentSpanId"):
                        if key in span:
                            span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
        message = json_format.ParseDict(body, trace_service_pb2.ExportTraceServiceRequest())
        self.spans += [span for resource in message.resource_spans for scope in resource.scope_spans for span in scope.spans]

    def of(self, trace):
        return [span for span in self.spans if span.trace_id.hex() == trace]


class MonitoringTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.martlet = Instance().start("--trace-endpoint", cls.collector.address, "--trace-share", "0", "--log-format", "json")
        cls.addClassCleanup(cls.clean_up)
        record = {"martlet.dev/record-bodies": "true"}
        manifests = [IMAGE, RUNTIME, inference_service("one", 1, record), inference_service("two", 1, record),
                     inference_service("asleep", 0, START_SECONDS=1)]
        cls.martlet.run("apply", "-f", "-", input="\n---\n".join(map(json.dumps, manifests)))
        for name in ("one", "two"):
            cls.martlet.run("wait", f"isvc/{name}", "--timeout", "120", timeout=130)

    def chat(self, model="one", text="hello", headers=None, **fields):
        body = {"model": model, "messages": [{"role": "user", "content": text}], **fields}
        return self.martlet.request("gateway", "POST", "/openai/v1/chat/completions", body, headers)

    def metrics(self, path="/metrics", accept="text/plain"):
        status, body = self.martlet.get("admin", path, {"Accept": accept})
        self.assertEqual(status, 200, body)
        return body.decode()

    def monitoring(self, path, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        return json.loads(self.martlet.kubectl("get", "--raw", f"/monitoring/{path}?{query}"))

    def records(self, *arguments):
        return json.loads(self.martlet.run("requests", "list", *arguments, "-o", "json"))["items"]

    def test_1_metrics_have_the_names_of_what_martlet_stands_in_for(self):
        self.assertEqual(self.chat()[0], 200)
        self.assertEqual(self.chat(stream=True)[0], 200)
        page = eventually(
            lambda: (text := self.metrics()) and 'container_memory_working_set_bytes{namespace="default",pod="one-' in text and text,
            timeout=25, what="a measurement of the pods")
        for name in ("martlet_requests_total", "martlet_first_token_milliseconds_bucket",
                     "martlet_time_between_tokens_milliseconds_count", "martlet_completion_tokens_total",
                     "martlet_ready_replicas", "martlet_desired_replicas", "martlet_pod_memory_bytes",
                     "martlet_cold_start_stage_seconds_sum", "revision_request_count", "revision_request_latencies_bucket",
                     "kn_serving_invocation_duration_seconds_bucket", "autoscaler_desired_pods", "istio_requests_total",
                     "istio_request_duration_milliseconds_bucket", "container_cpu_usage_seconds_total",
                     "pod:container_cpu_usage:sum", "kube_pod_resource_limit", "process_resident_memory_bytes"):
            self.assertRegex(page, rf"(?m)^{re.escape(name)}[{{ ]", name)
        self.assertRegex(page, r'martlet_requests_total\{namespace="default",service="one",revision="one-predictor-00001",code="200"\} \d')
        self.assertRegex(page, r'kube_pod_resource_limit\{namespace="default",pod="one-predictor-[^"]*",resource="memory",unit="bytes"\} 268435456')
        only = self.metrics("/metrics?names=istio,knative")
        self.assertIn("istio_requests_total", only)
        self.assertNotIn("martlet_", only)
        self.assertEqual(self.martlet.get("admin", "/metrics?names=nobody")[0], 400)

    def test_2_openmetrics_has_exemplars(self):
        trace = "0af7651916cd43dd8448eb211c80319c"
        self.chat(headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        page = eventually(lambda: (text := self.metrics(accept="application/openmetrics-text; version=1.0.0")) and trace in text and text)
        self.assertTrue(page.endswith("# EOF\n"))
        self.assertRegex(page, rf'(?m)^martlet_request_duration_milliseconds_bucket\{{.*\}} \d+ # \{{trace_id="{trace}"\}}')
        self.assertIn("# TYPE martlet_requests counter\n", page)
        programs = debian_prometheus()
        checked = subprocess.run([programs / "promtool", "check", "metrics"], input=self.metrics(), text=True, capture_output=True)
        # 3: it does not like milliseconds and the names of others; 1 would be a page that it cannot read.
        self.assertIn(checked.returncode, (0, 3), checked.stderr)

    def test_3_runtimes_metrics_pass_through(self):
        page = self.metrics("/metrics/default/one")
        self.assertRegex(page, r'vllm:num_requests_running\{model_name="one",namespace="default",service="one",revision="one-predictor-00001",pod="one-')
        # Both names, whatever the version.
        self.assertIn("vllm:gpu_cache_usage_perc{", page)
        self.assertIn("vllm:kv_cache_usage_perc{", page)
        self.assertEqual(self.martlet.get("admin", "/metrics/default/nobody")[0], 404)
        targets = json.loads(self.metrics("/sd/targets"))
        found = {target["labels"]["__metrics_path__"]: target["targets"] for target in targets}
        self.assertEqual(found["/metrics/default/one"], [f"127.0.0.1:{self.martlet.ports['admin']}"])
        federated = self.metrics("/federate?" + urllib.parse.urlencode(
            {"match[]": 'vllm:prompt_tokens_total{service="two"}'}))
        self.assertEqual([line for line in federated.splitlines() if not line.startswith("#") and 'service="two"' not in line], [])
        self.assertIn("vllm:prompt_tokens_total", federated)
        self.assertEqual(self.martlet.get("admin", "/federate?match[]=%7Ba%3D~%22b%22%7D")[0], 400)

    def test_4_prometheus_reads_everything(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        programs = debian_prometheus()
        subprocess.run([programs / "promtool", "check", "rules", MONITORING / "rules.yml"], check=True, capture_output=True)
        for file in (MONITORING / "grafana").glob("*.json"):
            self.assertIn(file.name, self.generated(), "run Monitoring/make-dashboards")
            self.assertEqual(file.read_text(), self.generated()[file.name], "run Monitoring/make-dashboards")
        prometheus = Prometheus(self.martlet, folder)
        self.addCleanup(prometheus.stop)
        until = time.monotonic() + 22
        while time.monotonic() < until:
            self.load()
        # Every target is up, the models' among them.
        up = {tuple(sorted(sample["metric"].items())): sample["value"][1] for sample in prometheus.query("up")}
        self.assertGreaterEqual(len(up), 3)
        self.assertEqual(set(up.values()), {"1"}, up)
        problems = []
        for title, query in self.panels() + self.dashboard_queries():
            try:
                if not prometheus.query(query):
                    problems.append(f"empty: {title}: {query}")
            except urllib.error.HTTPError as error:
                problems.append(f"{error.read().decode()}: {title}: {query}")
        self.assertEqual(problems, [])
        rules = eventually(lambda: (found := [rule for group in prometheus.get("/api/v1/rules")["groups"] for rule in group["rules"]])
                           and all(rule["health"] == "ok" for rule in found) and found, timeout=70, what="the rules")
        self.assertGreaterEqual(len(rules), 11)
        # The history says what Prometheus says.
        def agree():
            theirs = float(prometheus.query('sum(martlet_requests_total{service="one"})')[0]["value"][1])
            ours = self.monitoring("history", metric="martlet_requests_total", match="service=one", points=1)["series"]
            return ours[0]["points"][-1][1] == theirs and theirs

        self.assertGreater(eventually(agree, every=0.5, what="the same count in both"), 50)

    def load(self):
        """A little of all that may happen."""
        for model in ("one", "two"):
            self.chat(model)
            self.chat(model, stream=True, count=4)
        self.chat(fail=True)
        self.chat("nobody")
        try:
            self.chat(stream=True, die=True)
        except http.client.HTTPException:
            pass
        if not getattr(self, "woken", False):
            self.woken = True
            self.chat("asleep")

    def generated(self):
        """What Monitoring/make-dashboards writes."""
        if not hasattr(self, "_generated"):
            place = pathlib.Path(tempfile.mkdtemp())
            self.addCleanup(shutil.rmtree, place)
            shutil.copy(MONITORING / "make-dashboards", place)
            subprocess.run([sys.executable, place / "make-dashboards"], check=True)
            self._generated = {file.name: file.read_text() for file in (place / "grafana").glob("*.json")}
        return self._generated

    def panels(self):
        found = []
        for file in sorted((MONITORING / "grafana").glob("*.json")):
            for panel in json.loads(file.read_text())["panels"]:
                for target in panel["targets"]:
                    text = target["expr"].replace("$__rate_interval", "20s")
                    found.append((f"{file.name}: {panel['title']}", re.sub(r"\$(namespace|service)", ".*", text)))
        return found

    def dashboard_queries(self):
        """Of the ConfigMaps that OpenShift AI's dashboard reads."""
        found = []
        for name in ("one", "two"):
            data = json.loads(self.martlet.run("get", f"configmap/{name}-metrics-dashboard", "-o", "json"))["data"]
            self.assertEqual(data["supported"], "true")
            for panel in json.loads(data["metrics"])["config"]:
                for query in panel["queries"]:
                    self.assertNotIn("${", query["query"])
                    found.append((f"{name}: {panel['title']}", query["query"]))
        self.assertTrue(any("vllm:request_success_total" in query for _, query in found))
        # Failures are there when there are some.
        return [(title, query) for title, query in found if "error|abort" not in query or "!~" in query]

    def test_5_requests_are_recorded_and_replayed(self):
        self.chat("one", "remember me", max_tokens=7, api_key="sk-0123456789abcdef0123")
        record = eventually(lambda: self.records("one", "--text", "remember me"))[0]
        self.assertEqual((record["service"], record["status"], record["method"]), ("one", 200, "POST"))
        self.assertEqual((record["promptTokens"], record["completionTokens"]), (5, 4))
        shown = self.martlet.run("requests", "show", record["id"])
        self.assertIn("remember me", shown)
        self.assertIn("[redacted]", shown)
        self.assertNotIn("0123456789abcdef", shown)
        # Service `asleep` does not want its bodies recorded.
        self.chat("asleep", "a secret thought")
        plain = eventually(lambda: self.records("asleep"))[0]
        self.assertNotIn("request", plain)
        self.assertFalse(self.records("--text", "a secret thought"))
        refused = self.martlet.run("requests", "replay", plain["id"], check=False)
        self.assertIn("record-bodies=true", refused.stderr)
        same = json.loads(self.martlet.run("requests", "replay", record["id"], "-o", "json"))
        self.assertTrue(same["same"], same)
        other = self.martlet.run("requests", "replay", record["id"], "--to", "two")
        self.assertIn("- one\n+ two\n  heard\n  remember me", other)

    def test_6_requests_under_way_can_be_seen_and_cancelled(self):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.stream_until_cut()))
        thread.start()
        self.addCleanup(thread.join)
        running = eventually(lambda: [item for item in self.monitoring("in-flight")["items"] if item["state"] == "streaming"])[0]
        self.assertEqual((running["service"], running["path"]), ("one", "/openai/v1/chat/completions"))
        eventually(lambda: [item for item in self.monitoring("in-flight")["items"] if item["tokens"] > 2])
        self.assertIn(running["id"], self.martlet.run("requests", "running"))
        self.assertIn("cancelled", self.martlet.run("requests", "cancel", running["id"]))
        thread.join(10)
        self.assertIn("request_cancelled", answers[0])
        self.assertNotIn("[DONE]", answers[0])
        again = self.martlet.run("requests", "cancel", running["id"], check=False)
        self.assertEqual(again.returncode, 1)

    def stream_until_cut(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=60)
        body = {"model": "one", "messages": [{"role": "user", "content": "x"}], "stream": True, "count": 10_000, "pause": 0.05}
        connection.request("POST", "/openai/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        response, text = connection.getresponse(), b""
        try:
            while piece := response.read1():
                text += piece
        except (http.client.HTTPException, OSError):
            pass
        connection.close()
        return text.decode()

    def test_7_traces(self):
        trace, parent = "1af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
        status, body = self.chat("one", stream=True, headers={"traceparent": f"00-{trace}-{parent}-01", "tracestate": "a=b"})
        self.assertEqual(status, 200)
        # The server saw the same trace, with the gateway's span as its parent.
        seen = re.search(r"00-(\w{32})-(\w{16})-01", body.decode())
        self.assertEqual(seen[1], trace)
        spans = eventually(lambda: (found := self.collector.of(trace)) and len(found) >= 2 and found, what="spans")
        root = next(span for span in spans if span.parent_span_id.hex() == parent)
        self.assertEqual(root.span_id.hex(), seen[2])
        self.assertEqual(root.name, "POST /openai/v1/chat/completions")
        upstream = next(span for span in spans if span.name == "model server")
        self.assertEqual(upstream.parent_span_id, root.span_id)
        self.assertEqual([event.name for event in upstream.events], ["first byte", "first token"])
        self.assertTrue(root.start_time_unix_nano <= upstream.start_time_unix_nano <= upstream.end_time_unix_nano <= root.end_time_unix_nano)
        # Without a caller's wish none are sampled here (--trace-share 0), but the trace goes on.
        self.assertRegex(self.chat("one", stream=True)[1].decode(), r"00-\w{32}-\w{16}-00")

    def test_8_top_and_logs(self):
        self.chat("one")
        picture = json.loads(self.martlet.run("top", "--once", "-o", "json"))
        line = next(line for line in picture["services"] if line["service"] == "one")
        self.assertEqual(line["readyReplicas"], 1)
        self.assertGreater(picture["machine"]["memoryBytes"], 0)
        text = self.martlet.run("top", "--once")
        self.assertRegex(text, r"(?m)^NAMESPACE +MODEL +STATE +REPLICAS")
        self.assertRegex(text, r"(?m)^default +one +\w+ +1/1")
        lines = [line for line in self.martlet.output().splitlines() if line.startswith("{")]
        for line in lines:
            self.assertLessEqual({"time", "level", "message"}, set(json.loads(line)))

    def test_9_what_was_survives_a_crash(self):
        self.chat("one", "before the crash")
        eventually(lambda: self.records("one", "--text", "before the crash"))
        def ready_then():
            series = self.monitoring("history", metric="martlet_ready_replicas", match="service=one", by="service", points=360)["series"]
            return series and [value for _, value in series[0]["points"] if value is not None]
        self.assertTrue(eventually(ready_then, timeout=25))
        before = time.time()
        self.martlet.kill()
        self.martlet = self.__class__.martlet = Instance(self.martlet.directory).start()
        # Points from before the crash, read from the journal.
        series = self.monitoring("history", metric="martlet_ready_replicas", match="service=one", by="service", points=2,
                                 **{"from": before - 15, "to": before})["series"]
        self.assertEqual(series[0]["points"][-1][1], 1)
        self.assertTrue(self.records("one", "--text", "before the crash"))


if __name__ == "__main__":
    import unittest

    unittest.main()
