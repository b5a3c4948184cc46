"""Where requests go: hosts of one's own, rules of the Gateway API, KServe's templates, models by name, the log of requests."""

import http.client
import json

from martlet import MartletTest, eventually

# A Python environment without packages; its server tells what it was asked.
SERVER = r"""
import http.server, json, os

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = json.dumps({"name": os.environ["NAME"], "method": self.command, "path": self.path,
                           "headers": {k.lower(): v for k, v in self.headers.items()},
                           "body": self.rfile.read(length).decode()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Internal", "secret")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *words):
        pass

http.server.ThreadingHTTPServer((os.environ.get("POD_IP", "127.0.0.1"), int(os.environ.get("PORT", 8080))), Handler).serve_forever()
"""

IMAGE = {
    "apiVersion": "martlet.dev/v1alpha1", "kind": "HostImage", "metadata": {"name": "echo"},
    "spec": {"images": ["example/echo"], "entrypoint": ["python3", "-u", "-c", SERVER], "python": {"packages": []}}}

RUNTIME = {
    "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "echo"},
    "spec": {"supportedModelFormats": [{"name": "echo", "autoSelect": True}], "protocolVersions": ["v1"],
             "containers": [{"name": "kserve-container", "image": "example/echo"}]}}


def inference_service(name, mode="Knative", **predictor):
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": name, "annotations": {"serving.kserve.io/deploymentMode": mode} if mode else {}},
        "spec": {"predictor": {
            "minReplicas": 1, "model": {"modelFormat": {"name": "echo"}, "env": [{"name": "NAME", "value": name}]},
            **predictor}}}


def http_route(name, hosts, rules, kind="HTTPRoute"):
    return {
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": name},
        "spec": {"parentRefs": [{"name": "gateway"}], "hostnames": hosts, "rules": rules}}


class RoutingTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.kubectl("create", "namespace", "kserve")
        for manifest in (IMAGE, RUNTIME, inference_service("one"), inference_service("two")):
            cls.apply(manifest)
        for name in ("one", "two"):
            cls.martlet.run("wait", f"isvc/{name}", "--timeout", "120", timeout=130)

    @classmethod
    def apply(cls, manifest, check=True):
        return cls.martlet.kubectl("apply", "-f", "-", input=json.dumps(manifest), check=check)

    def settings(self, **data):
        """KServe's settings."""
        return self.apply({"apiVersion": "v1", "kind": "ConfigMap",
                           "metadata": {"name": "inferenceservice-config", "namespace": "kserve"}, "data": data})

    def ask(self, host, path="/", method="GET", body=None, headers=None):
        """(status, headers, answer) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=30)
        try:
            connection.request(method, path, body, {"Host": host, **(headers or {})})
            response = connection.getresponse()
            text = response.read()
            answer = json.loads(text) if response.getheader("Content-Type") == "application/json" else text
            return response.status, {k.lower(): v for k, v in response.getheaders()}, answer
        finally:
            connection.close()

    def name(self, host, path="/", **request):
        status, _, answer = self.ask(host, path, **request)
        return answer.get("name") if status == 200 else status

    def conditions(self, kind, name):
        status = self.martlet.object(kind, name).get("status", {})
        found = status.get("conditions") or [c for p in status.get("parents", []) for c in p["conditions"]]
        return {c["type"]: (c["status"], c.get("reason", "")) for c in found}

    def test_a_host_of_ones_own(self):
        mapping = {
            "apiVersion": "serving.knative.dev/v1beta1", "kind": "DomainMapping",
            "metadata": {"name": "models.example.com"},
            "spec": {"ref": {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "one"}}}
        self.apply(mapping)
        eventually(lambda: self.conditions("domainmapping", "models.example.com")["DomainClaimed"]
                   == ("False", "DomainClaimFailed"), what="the missing claim")
        self.assertEqual(self.name("models.example.com"), 404)
        self.apply({"apiVersion": "networking.internal.knative.dev/v1alpha1", "kind": "ClusterDomainClaim",
                    "metadata": {"name": "models.example.com"}, "spec": {"namespace": "default"}})
        eventually(lambda: self.conditions("domainmapping", "models.example.com")["Ready"][0] == "True",
                   what="the mapping")
        status, _, answer = self.ask("models.example.com", "/x?y=1")
        self.assertEqual((status, answer["name"], answer["path"]), (200, "one", "/x?y=1"))
        self.assertEqual(answer["headers"]["host"], "models.example.com")
        url = self.martlet.object("domainmapping", "models.example.com")["status"]["url"]
        self.assertEqual(url, f"http://models.example.com:{self.martlet.ports['gateway']}")
        # Another namespace cannot have the same host.
        self.martlet.kubectl("create", "namespace", "other")
        self.martlet.kubectl("apply", "-n", "other", "-f", "-", input=json.dumps(mapping))
        def reason():
            found = json.loads(self.martlet.kubectl("get", "-n", "other", "dm", "models.example.com", "-o", "json"))
            return [c.get("reason") for c in found["status"]["conditions"] if c["type"] == "DomainClaimed"]
        eventually(lambda: reason() == ["DomainAlreadyClaimed"], what="the conflict")
        self.martlet.kubectl("delete", "dm", "models.example.com")
        eventually(lambda: self.name("models.example.com") == 404, what="the end of the mapping")

    def test_rules_by_path_header_query_and_method(self):
        def rule(to, **match):
            return {"matches": [match], "backendRefs": [{"name": to, "port": 80}]}
        self.apply(http_route("rules", ["rules.example.com"], [
            rule("one", path={"type": "PathPrefix", "value": "/"}),
            rule("two", path={"type": "PathPrefix", "value": "/v2"}),
            rule("one", path={"type": "Exact", "value": "/v2/one"}),
            rule("two", path={"type": "RegularExpression", "value": "/r[0-9]+/.*"}),
            rule("two", headers=[{"name": "version", "value": "two"}]),
            rule("two", queryParams=[{"name": "v", "value": "2"}]),
            rule("two", method="PUT")]))
        host = "rules.example.com"
        eventually(lambda: self.name(host) == "one", what="the route")
        for path, expected in [
                ("/v2", "two"), ("/v2/x", "two"), ("/v22", "one"), ("/v2/one", "one"), ("/r12/x", "two"),
                ("/r/x", "one"), ("/?v=2", "two"), ("/?v=3", "one"), ("/x/../v2/y", "two"), ("/%762", "two")]:
            self.assertEqual(self.name(host, path), expected, path)
        self.assertEqual(self.name(host, headers={"Version": "two"}), "two")
        self.assertEqual(self.name(host, method="PUT"), "two")
        self.assertEqual(self.conditions("httproute", "rules"),
                         {"Accepted": ("True", "Accepted"), "ResolvedRefs": ("True", "ResolvedRefs")})

    def test_filters(self):
        self.apply(http_route("filters", ["filters.example.com"], [
            {"matches": [{"path": {"value": "/chat"}}],
             "filters": [
                 {"type": "RequestHeaderModifier", "requestHeaderModifier": {
                     "set": [{"name": "x-set", "value": "new"}], "add": [{"name": "x-add", "value": "more"}],
                     "remove": ["x-remove"]}},
                 {"type": "ResponseHeaderModifier", "responseHeaderModifier": {
                     "set": [{"name": "x-answer", "value": "yes"}], "remove": ["X-Internal"]}},
                 {"type": "URLRewrite", "urlRewrite": {
                     "hostname": "inside.example", "path": {"type": "ReplacePrefixMatch",
                                                            "replacePrefixMatch": "/v1/chat"}}}],
             "backendRefs": [{"name": "one", "port": 80}]},
            {"matches": [{"path": {"value": "/moved"}}],
             "filters": [{"type": "RequestRedirect", "requestRedirect": {
                 "hostname": "new.example.com", "statusCode": 301,
                 "path": {"type": "ReplaceFullPath", "replaceFullPath": "/here"}}}]},
            {"matches": [{"path": {"value": "/nowhere"}}], "backendRefs": [{"name": "nobody", "port": 80}]}]))
        host = "filters.example.com"
        eventually(lambda: self.name(host, "/chat") == "one", what="the route")
        _, headers, answer = self.ask(host, "/chat/x?q=1", method="POST", body="{}",
                                      headers={"X-Set": "old", "X-Remove": "secret"})
        self.assertEqual((answer["path"], answer["body"]), ("/v1/chat/x?q=1", "{}"))
        self.assertEqual(answer["headers"]["host"], "inside.example")
        self.assertEqual((answer["headers"]["x-set"], answer["headers"]["x-add"]), ("new", "more"))
        self.assertNotIn("x-remove", answer["headers"])
        self.assertEqual((headers["x-answer"], "x-internal" in headers), ("yes", False))
        status, headers, _ = self.ask(host, "/moved/x?q=1")
        port = self.martlet.ports["gateway"]
        self.assertEqual((status, headers["location"]), (301, "http://new.example.com/here?q=1"), port)
        self.assertEqual(self.name(host, "/nowhere"), 500)
        self.assertEqual(self.name(host, "/other"), 404)
        self.assertEqual(self.conditions("httproute", "filters")["ResolvedRefs"], ("False", "BackendNotFound"))

    def test_weights_over_services(self):
        self.apply(http_route("weights", ["weights.example.com"], [{"backendRefs": [
            {"name": "one", "port": 80, "weight": 3}, {"name": "two", "port": 80, "weight": 1}]}]))
        host = "weights.example.com"
        eventually(lambda: self.name(host) in ("one", "two"), what="the route")
        names = [self.name(host) for _ in range(200)]
        self.assertAlmostEqual(names.count("two"), 50, delta=2)

    def test_a_route_that_cannot_be_done_is_refused(self):
        rule = {"matches": [{"path": {"type": "RegularExpression", "value": "(a|b)*a(a|b){14}"}}]}
        refused = self.apply(http_route("bad", ["bad.example.com"], [rule]), check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("spec.rules[0].matches[0].path.value", refused.stderr)

    def test_templates_of_kserve(self):
        try:
            self.settings(ingress=json.dumps({
                "pathTemplate": "/models/{{ .Namespace }}/{{ .Name }}",
                "additionalIngressDomains": ["extra.example.com"]}))
            eventually(lambda: self.name("localhost", "/models/default/one/x") == "one", what="the path")
            _, _, answer = self.ask("localhost", "/models/default/two/v1/x?q")
            self.assertEqual((answer["name"], answer["path"]), ("two", "/v1/x?q"))
            self.assertEqual(self.name("one-default.extra.example.com"), "one")
            self.assertEqual(self.name("one-default.localhost"), "one")
            port = self.martlet.ports["gateway"]
            eventually(lambda: self.martlet.object("isvc", "one")["status"]["url"]
                       == f"http://localhost:{port}/models/default/one", what="the URL")
        finally:
            self.martlet.kubectl("delete", "configmap", "-n", "kserve", "inferenceservice-config")
        eventually(lambda: self.name("localhost", "/models/default/one/x") == 404, what="the end of the path")

    def test_the_default_mode_is_the_settings_one(self):
        try:
            self.settings(deploy=json.dumps({"defaultDeploymentMode": "Standard"}),
                          ingress=json.dumps({"disableIngressCreation": True}))
            self.apply(inference_service("standard", mode=None))
            self.martlet.run("wait", "isvc/standard", "--timeout", "120", timeout=130)
            found = self.martlet.object("isvc", "standard")
            self.assertEqual(found["status"]["deploymentMode"], "Standard")
            # Without an ingress it answers inside only.
            self.assertEqual(self.name("standard-default.localhost"), 404)
            self.assertEqual(self.name("standard-predictor.default.svc.cluster.local"), "standard")
            self.assertEqual(self.name("standard.default.svc.cluster.local"), "standard")
            routes = json.loads(self.martlet.kubectl("get", "httproutes", "-o", "json"))["items"]
            self.assertNotIn("standard", [route["metadata"]["name"] for route in routes])
        finally:
            self.martlet.kubectl("delete", "configmap", "-n", "kserve", "inferenceservice-config")
        eventually(lambda: self.name("standard-default.localhost") == "standard", what="the ingress")

    def test_models_by_name_on_every_endpoint(self):
        for path in ("chat/completions", "completions", "embeddings", "responses", "messages", "rerank", "score",
                     "moderations", "audio/speech", "images/generations"):
            body = json.dumps({"input": "x", "model": "two"})
            for prefix in ("/openai/v1/", "/v1/"):
                _, _, answer = self.ask("localhost", prefix + path, method="POST", body=body)
                self.assertEqual((answer.get("name"), answer.get("path"), answer.get("body")),
                                 ("two", f"/v1/{path}", body), prefix + path)
        for path in ("/openai/v1/models", "/v1/models"):
            _, _, answer = self.ask("localhost", path)
            self.assertTrue({"one", "two"} <= {model["id"] for model in answer["data"]})

    def test_a_log_of_requests(self):
        template = ('{"m": "{{.Request.Method}}", "u": "{{js .Request.RequestURI}}", "s": {{.Response.Code}}, '
                    '"n": {{.Response.Size}}, "r": "{{.Revision.Name}}", "a": "{{js (.Request.Header.Get "X-A")}}"}')
        config = {"apiVersion": "v1", "kind": "ConfigMap",
                  "metadata": {"name": "config-observability", "namespace": "martlet-system"},
                  "data": {"logging.enable-request-log": "true", "logging.request-log-template": template}}
        bad = json.loads(json.dumps(config))
        bad["data"]["logging.request-log-template"] = "{{.Nothing}}"
        self.assertIn("unknown {{.Nothing}}", self.apply(bad, check=False).stderr)
        self.apply(config)
        path = self.martlet.directory / "requests.log"

        def line():
            _, _, answer = self.ask("one-default.localhost", "/logged?a=1", headers={"X-A": 'q"'})
            lines = [json.loads(text) for text in path.read_text().splitlines()] if path.exists() else []
            return next((found for found in lines if found["u"].startswith("/logged")), None)

        found = eventually(line, what="a line of the log")
        self.assertEqual((found["m"], found["u"], found["s"], found["a"]), ("GET", "/logged?a=1", 200, 'q"'))
        self.assertGreater(found["n"], 10)
        self.assertEqual(found["r"], "one-predictor-00001")
        self.martlet.kubectl("delete", "configmap", "-n", "martlet-system", "config-observability")
