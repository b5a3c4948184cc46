"""InferenceGraphs: several services answer one request, through the gateway."""

import http.client
import json
import time

from martlet import MartletTest, eventually

# Answers KServe's V1 protocol, and chats as a stream with pauses.
SERVER = r"""
import http.server, json, os, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        name, body = os.environ["NAME"], json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/chat/completions"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number in range(3):
                event = ("data: %s %d\n\n" % (name, number)).encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()
                time.sleep(0.3)
            self.wfile.write(b"0\r\n\r\n")
            return
        status = body.get("fail", {}).get(name, 200)
        seen = [name] + body.get("seen", [])
        answer = json.dumps({"predictions": body.get("instances"), "seen": seen, "by": name, "path": self.path,
                             "authorization": self.headers.get("Authorization")}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass

http.server.ThreadingHTTPServer((os.environ["POD_IP"], 8080), Handler).serve_forever()
"""

IMAGE = {
    "apiVersion": "martlet.dev/v1alpha1", "kind": "HostImage", "metadata": {"name": "step"},
    "spec": {"images": ["example/step"], "entrypoint": ["python3", "-u", "-c", SERVER], "python": {"packages": []}}}


def step_service(name, annotations=None, replicas=1):
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": name, "annotations": annotations or {}},
        "spec": {"predictor": {"minReplicas": replicas, "containers": [
            {"name": "kserve-container", "image": "example/step", "env": [{"name": "NAME", "value": name}]}]}}}


def graph(name, **nodes):
    return {"apiVersion": "serving.kserve.io/v1alpha1", "kind": "InferenceGraph", "metadata": {"name": name},
            "spec": {"nodes": nodes}}


def node(kind, *steps):
    return {"routerType": kind, "steps": list(steps)}


class GraphTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for manifest in (IMAGE, step_service("one"), step_service("two"), step_service("asleep", replicas=0)):
            cls.apply(manifest)
        for name in ("one", "two", "asleep"):
            cls.martlet.run("wait", f"isvc/{name}", "--timeout", "60", timeout=70)

    @classmethod
    def apply(cls, manifest):
        cls.martlet.run("apply", "-f", "-", input=json.dumps(manifest))

    def made(self, manifest):
        """Applies a graph; (name, host) when it is ready."""
        self.apply(manifest)
        name = manifest["metadata"]["name"]

        def ready():
            status = self.martlet.object("inferencegraph", name).get("status", {})
            held = {c["type"]: c["status"] for c in status.get("conditions", [])}
            return status if held.get("Ready") == "True" else None
        status = eventually(ready, timeout=20, what=f"graph {name} is ready")
        return status["url"].split("//")[1]

    def ask(self, host, body, path="/", **headers):
        status, text = self.martlet.request("gateway", "POST", path, body, headers={"Host": host, **headers})
        return status, json.loads(text)

    def test_a_sequence_goes_from_service_to_service_and_wakes_one_at_zero(self):
        host = self.made(graph("chain", root=node(
            "Sequence", {"serviceName": "one"},
            {"serviceName": "asleep", "data": "$response", "mapPredictionsToInstances": True},
            {"serviceName": "two", "data": "$response", "condition": "predictions.#(>1)"})))
        status, answer = self.ask(host, {"instances": [1, 2]})
        self.assertEqual((status, answer["seen"], answer["path"]),
                         (200, ["two", "asleep", "one"], "/v1/models/two:predict"))
        # The condition is not met: the answer before it is the answer.
        self.assertEqual(self.ask(host, {"instances": [1]})[1]["by"], "asleep")
        # By its path, too.
        status, text = self.martlet.request("gateway", "POST", "/serving/default/chain", {"instances": [2]})
        self.assertEqual((status, json.loads(text)["by"]), (200, "two"))
        metrics = self.martlet.get("admin", "/metrics")[1].decode()
        self.assertRegex(metrics, r'martlet_graph_steps_total\{[^}]*graph_name="chain"[^}]*step="two"[^}]*\} 2')

    def test_a_switch_an_ensemble_and_a_splitter(self):
        host = self.made(graph(
            "choice", root=node(
                "Switch", {"serviceName": "one", "condition": '[@this].#(kind=="a")'},
                {"nodeName": "both", "condition": '[@this].#(kind=="b")'},
                {"nodeName": "lot", "condition": "instances"}),
            both=node("Ensemble", {"name": "first", "serviceName": "one"},
                      {"name": "second", "serviceName": "two", "dependency": "Hard"}),
            lot=node("Splitter", {"serviceName": "one", "weight": 50}, {"serviceName": "two", "weight": 50})))
        self.assertEqual(self.ask(host, {"kind": "a"})[1]["by"], "one")
        answer = self.ask(host, {"kind": "b"})[1]
        self.assertEqual({key: value["by"] for key, value in answer.items()}, {"first": "one", "second": "two"})
        self.assertEqual(self.ask(host, {"kind": "b", "fail": {"two": 503}})[0], 503)
        drawn = {self.ask(host, {"instances": [1]})[1]["by"] for _ in range(40)}
        self.assertEqual(drawn, {"one", "two"})
        status, answer = self.ask(host, {"kind": "c"})
        self.assertEqual((status, answer["error"]), (404, "Failed to process request"))

    def test_the_last_step_streams_and_is_left_when_the_caller_leaves(self):
        host = self.made(graph("talk", root=node("Sequence", {"serviceName": "one"}, {"serviceName": "two"})))
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=30)
        body = json.dumps({"stream": True})
        connection.request("POST", "/v1/chat/completions", body, {"Host": host, "Content-Type": "application/json"})
        response = connection.getresponse()
        self.assertEqual(response.getheader("Content-Type"), "text/event-stream")
        times = []
        for number in range(3):
            self.assertEqual(response.readline(), b"data: two %d\n" % number)
            response.readline()
            times.append(time.monotonic())
        connection.close()
        self.assertGreater(times[2] - times[0], 0.4, "the stream came in one piece")

    def test_a_graph_says_what_it_lacks_and_opens_nothing(self):
        self.apply(graph("lost", root=node("Sequence", {"serviceName": "nobody"})))

        def condition():
            held = self.martlet.object("inferencegraph", "lost").get("status", {}).get("conditions", [])
            return next((c for c in held if c["type"] == "ServicesReady" and c["status"] == "False"), None)
        self.assertIn('no InferenceService "nobody"', eventually(condition, what="a condition")["message"])
        circle = graph("circle", root=node("Sequence", {"nodeName": "a"}), a=node("Sequence", {"nodeName": "root"}))
        refused = self.martlet.run("apply", "-f", "-", input=json.dumps(circle), check=False)
        self.assertIn("the nodes lead in a circle", refused.stderr)

        self.apply(step_service("closed", {"security.opendatahub.io/enable-auth": "true"}))
        self.martlet.run("wait", "isvc/closed", "--timeout", "60", timeout=70)
        host = self.made(graph("through", root=node("Sequence", {"serviceName": "closed", "dependency": "Hard"})))
        status, text = self.martlet.request("gateway", "POST", "/", {}, headers={"Host": host})
        self.assertEqual(status, 401)
        token = self.martlet.run("token", "create", "closed", "--name", "me").split()[-1]
        self.assertEqual(self.ask(host, {}, Authorization=f"Bearer {token}")[1]["by"], "closed")

        # Only what the gateway serves can be a step; and a graph cannot go round.
        host = self.made(graph("away", root=node("Sequence", {
            "serviceUrl": f"http://127.0.0.1:{self.martlet.ports['admin']}/metrics", "dependency": "Hard"})))
        self.assertEqual(self.martlet.request("gateway", "POST", "/", {}, headers={"Host": host})[0], 404)
        host = self.made(graph("round", root=node("Sequence", {
            "serviceUrl": "http://round.default.svc.cluster.local/", "dependency": "Hard"})))
        status, text = self.martlet.request("gateway", "POST", "/", {}, headers={"Host": host})
        self.assertEqual(status, 508, text)
