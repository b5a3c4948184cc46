"""Istio's policies: AuthorizationPolicy, RequestAuthentication, PeerAuthentication; a provider of one's own; the log of calls."""

import http.server
import json
import pathlib
import ssl
import subprocess
import tempfile
import threading

from access import AUTH, KNATIVE, AccessTest
from load import apply
from martlet import eventually, free_port
from oidc_provider import Provider
from tools import package


def policy(name, spec, kind="AuthorizationPolicy", namespace="default", version="v1", annotations=None):
    return {"apiVersion": f"security.istio.io/{version}", "kind": kind,
            "metadata": {"name": name, "namespace": namespace, "annotations": annotations or {}}, "spec": spec}


def of(model):
    return {"matchLabels": {"serving.kserve.io/inferenceservice": model}}


class Checker:
    """A server of Envoy's external authorization by HTTP: lets in who says the word."""

    def __init__(self):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                seen.append((self.command, self.path, dict(self.headers)))
                good = self.headers.get("x-word") == "sesame"
                self.send_response(200 if good else 401)
                self.send_header("x-checked", "yes")
                self.send_header("Content-Length", "0" if good else "2")
                self.end_headers()
                if not good:
                    self.wfile.write(b"no")
            do_GET = do_POST = answer

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


GRPC_CHECKER = """
import concurrent.futures, sys, grpc
# CheckResponse: status 0 with the header x-user, or 7 with denied_response {status {code 429}, body "full"}.
ok = b"\\x0a\\x00\\x1a\\x0f\\x12\\x0d\\x0a\\x0b\\x0a\\x06x-user\\x12\\x01u"
no = b"\\x0a\\x02\\x08\\x07\\x12\\x0b\\x0a\\x03\\x08\\xad\\x03\\x1a\\x04full"
def check(request, context):
    return ok if b"sesame" in request else no
method = grpc.unary_unary_rpc_method_handler(check)
server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("envoy.service.auth.v3.Authorization", {"Check": method}),))
server.add_insecure_port("127.0.0.1:" + sys.argv[1])
server.start()
server.wait_for_termination()
"""


class PolicyTest(AccessTest):
    SERVICES = {"open": KNATIVE, "guarded": {**KNATIVE, **AUTH}, "checked": KNATIVE, "classic": {}}

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.log, cls.tls = cls.folder / "calls.log", free_port()
        cls.ca = cls.authority("ca")
        cls.options = ["--call-log", str(cls.log), "--gateway-tls-port", str(cls.tls), "--gateway-asks-for-certificates",
                       "--gateway-client-ca", str(cls.ca[0])]
        super().setUpClass()
        cls.martlet.stop()
        cls.martlet.start(*cls.options)

    @classmethod
    def openssl(cls, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=cls.folder)

    @classmethod
    def authority(cls, name):
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")
        return cls.folder / f"{name}.crt", cls.folder / f"{name}.key"

    @classmethod
    def client(cls, name, authority, spiffe):
        (cls.folder / f"{name}.ext").write_text(f"subjectAltName=URI:{spiffe}\nextendedKeyUsage=clientAuth\n")
        cls.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                    "-keyout", f"{name}.key", "-out", f"{name}.csr")
        cls.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", authority[0], "-CAkey", authority[1], "-days", "1",
                    "-extfile", f"{name}.ext", "-out", f"{name}.crt")
        return cls.folder / f"{name}.crt", cls.folder / f"{name}.key"

    def secure(self, name, certificate=None):
        """The status of a call by TLS."""
        import http.client
        context = ssl._create_unverified_context()
        if certificate:
            context.load_cert_chain(*certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", self.tls, context=context, timeout=60)
        try:
            connection.request("GET", "/", headers={"Host": f"{name}-default.localhost"})
            return connection.getresponse().status
        finally:
            connection.close()

    def becomes(self, expected, *arguments, **options):
        eventually(lambda: self.status(*arguments, **options) == expected, timeout=10, what=f"{expected} for {options}")

    def remove(self, *policies):
        self.martlet.run("delete", "-f", "-", input="\n---\n".join(json.dumps(policy) for policy in policies))

    def test_rules_deny_and_allow_in_their_order(self):
        rules = policy("viewers", {"selector": of("open"), "rules": [{"to": [{"operation": {"methods": ["GET"], "paths": ["/v1/*"]}}]}]})
        apply(self.martlet, rules)
        self.becomes(403, name="open")
        self.assertEqual(self.status(name="open", path="/v1/models"), 200)
        self.assertEqual(self.status(name="open", path="/v1/../v2"), 403)
        self.assertEqual(self.status(name="open", path="/v1/%2e%2e/v2"), 403)
        self.assertEqual(self.status(name="open", path="/v1/models", method="POST", body={}), 403)
        self.assertEqual(self.call(name="open")[2], b"RBAC: access denied")
        self.assertEqual(self.status(host="localhost", path="/serving/default/open/v1/models"), 200)
        self.assertEqual(self.status(host="localhost", path="/serving/default/open/v2"), 403)
        self.assertEqual(self.status(name="checked"), 200, "of another service")
        denial = policy("none", {"action": "DENY", "selector": of("open"), "rules": [{"when": [{"key": "request.headers[x-bad]", "values": ["*"]}]}]})
        apply(self.martlet, denial)
        self.becomes(403, name="open", path="/v1/models", **{"X-Bad": "1"})
        self.assertEqual(self.status(name="open", path="/v1/models"), 200)
        apply(self.martlet, policy("none", denial["spec"], annotations={"istio.io/dry-run": "true"}))
        self.becomes(200, name="open", path="/v1/models", **{"X-Bad": "1"})
        self.remove(rules, denial)
        self.becomes(200, name="open")

    def test_a_policy_comes_before_a_token_and_in_the_root_namespace_is_for_all(self):
        self.martlet.kubectl("create", "namespace", "istio-system")
        everywhere = policy("everywhere", {"action": "DENY", "rules": [{"to": [{"operation": {"paths": ["/secret*"]}}]}]},
                            namespace="istio-system", version="v1beta1")
        apply(self.martlet, everywhere)
        for name in ("open", "classic"):
            self.becomes(403, name=name, path="/secret/a")
        self.becomes(403, self.token(), name="guarded", path="/secret/a")
        self.assertEqual(self.status(self.token(), name="guarded"), 200)
        self.assertEqual(self.status(name="guarded"), 401)
        listed = json.loads(self.martlet.kubectl("get", "authorizationpolicy", "-n", "istio-system", "-o", "json"))
        self.assertEqual(listed["items"][0]["apiVersion"], "security.istio.io/v1")
        self.remove(everywhere)
        self.becomes(200, name="open", path="/secret/a")

    def test_what_cannot_be_meant_is_refused(self):
        def refused(spec, kind="AuthorizationPolicy"):
            return self.martlet.kubectl("apply", "-f", "-", check=False, input=json.dumps(policy("bad", spec, kind))).stderr
        self.assertIn("spec.provider", refused({"action": "CUSTOM", "rules": [{}]}))
        self.assertIn("spec.rules[0].when[0].key", refused({"rules": [{"when": [{"key": "connection.sni", "values": ["a"]}]}]}))
        self.assertIn("ipBlocks[0]", refused({"rules": [{"from": [{"source": {"ipBlocks": ["10.0.0.0/99"]}}]}]}))
        self.assertIn("issuer", refused({"jwtRules": [{"issuer": ""}]}, "RequestAuthentication"))

    def test_tokens_of_an_issuer_and_its_rotated_keys(self):
        provider = Provider()
        self.addCleanup(provider.stop)
        tokens = policy("tokens", {"selector": of("open"), "jwtRules": [{"issuer": provider.issuer, "audiences": ["models"]}]},
                        "RequestAuthentication")
        rules = policy("ann", {"selector": of("open"), "rules": [{"from": [{"source": {"requestPrincipals": [f"{provider.issuer}/ann"]}}]}]})
        apply(self.martlet, tokens, rules)
        ann = provider.login("ann", "models")
        self.becomes(200, ann, name="open")
        self.assertEqual(self.status(name="open"), 403)
        self.assertEqual(self.status(provider.login("bob", "models"), name="open"), 403)
        self.assertEqual(self.status(provider.login("ann", "others"), name="open"), 401)
        code, headers, body = self.call(ann[:-4] + "AAAA", name="open")
        self.assertEqual((code, body), (401, b"Jwt verification fails"))
        self.assertIn("invalid_token", headers["WWW-Authenticate"])
        provider.rotate()
        self.becomes(200, provider.login("ann", "models"), name="open")
        self.remove(tokens, rules)
        self.becomes(200, name="open")

    def test_client_certificates(self):
        good = self.client("good", self.ca, "spiffe://cluster.local/ns/apps/sa/good")
        other = self.client("other", self.authority("stranger"), "spiffe://cluster.local/ns/apps/sa/good")
        strict = policy("strict", {"selector": of("classic"), "mtls": {"mode": "STRICT"}}, "PeerAuthentication")
        apply(self.martlet, strict)
        self.becomes(403, name="classic")
        self.assertEqual([self.secure("classic", shown) for shown in (good, other, None)], [200, 403, 403])
        rules = policy("good", {"selector": of("classic"), "rules": [{"from": [{"source": {"serviceAccounts": ["apps/bad"]}}]}]})
        apply(self.martlet, rules)
        eventually(lambda: self.secure("classic", good) == 403, what="another account is asked for")
        rules["spec"]["rules"][0]["from"][0]["source"]["serviceAccounts"] = ["apps/good"]
        apply(self.martlet, rules)
        eventually(lambda: self.secure("classic", good) == 200, what="the account is let in")
        self.remove(strict, rules)
        self.becomes(200, name="classic")

    def test_a_provider_of_ones_own_by_http_and_by_grpc(self):
        checker, grpc = Checker(), free_port()
        self.addCleanup(checker.stop)
        process = subprocess.Popen(["python3", "-c", GRPC_CHECKER, str(grpc)], env={"PYTHONPATH": str(package("grpcio==1.76.0")), "PATH": "/usr/bin:/bin"})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        mesh = {"extensionProviders": [
            {"name": "web", "envoyExtAuthzHttp": {"service": "127.0.0.1", "port": checker.port, "pathPrefix": "/check", "timeout": "5s",
                                                  "includeRequestHeadersInCheck": ["x-word"], "headersToUpstreamOnAllow": ["x-checked"]}},
            {"name": "call", "envoyExtAuthzGrpc": {"service": "127.0.0.1", "port": grpc}},
            {"name": "gone", "envoyExtAuthzGrpc": {"service": "127.0.0.1", "port": free_port(), "statusOnError": "503"}},
            {"name": "lax", "envoyExtAuthzHttp": {"service": "127.0.0.1", "port": free_port(), "failOpen": True}}]}
        self.martlet.kubectl("create", "namespace", "istio-system", check=False)
        apply(self.martlet, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"},
                             "data": {"mesh": json.dumps(mesh)}})

        def ask(provider):
            rules = policy("ask", {"action": "CUSTOM", "selector": of("checked"), "provider": {"name": provider},
                                   "rules": [{"to": [{"operation": {"notPaths": ["/free"]}}]}]})
            apply(self.martlet, rules)
            return rules
        ask("web")
        self.becomes(401, name="checked")
        code, _, body = self.call(name="checked", path="/a?b=c")
        self.assertEqual((code, body), (401, b"no"))
        self.assertEqual(checker.seen[-1][:2], ("GET", "/check/a?b=c"))
        self.assertEqual(self.status(name="checked", **{"X-Word": "sesame"}), 200)
        self.assertEqual(self.status(name="checked", path="/free"), 200)
        ask("call")
        self.becomes(429, name="checked")
        self.assertEqual(self.call(name="checked")[2], b"full")
        self.assertEqual(self.status(name="checked", **{"X-Word": "sesame"}), 200)
        for provider, expected in (("gone", 503), ("lax", 200), ("nobody", 503)):
            rules = ask(provider)
            self.becomes(expected, name="checked")
        self.remove(rules)
        self.becomes(200, name="checked")

    def test_the_log_of_calls_holds_together(self):
        self.status(self.token(), name="guarded", path="/logged")
        self.status(name="guarded", path="/logged?secret=1")
        shown = eventually(lambda: (text := self.martlet_audit("tail", str(self.log), "-n", "3")).count("/logged") == 2 and text, what="the calls")
        self.assertIn("allowed  system:serviceaccount:default:caller", shown)
        self.assertIn("denied 401  anonymous", shown)
        self.assertNotIn("secret", shown)
        verified = self.martlet_audit("verify", str(self.log))
        self.assertIn("none changed or removed", verified)
        last = verified.strip().split()[-1]
        self.martlet.stop()
        self.martlet.start(*self.options)
        self.status(name="guarded", path="/after")
        eventually(lambda: "/after" in self.martlet_audit("tail", str(self.log)), what="the chain goes on")
        self.assertIn("goes on from", self.martlet_audit("verify", str(self.log), "--contains", last))
        lines = self.log.read_text().splitlines(keepends=True)
        for name, changed in (("changed", [lines[0].replace("GET", "PUT"), *lines[1:]]), ("removed", [lines[0], *lines[2:]])):
            copy = self.folder / name
            copy.write_text("".join(changed))
            with self.assertRaises(subprocess.CalledProcessError):
                self.martlet_audit("verify", str(copy))

    def martlet_audit(self, *words):
        from martlet import PROGRAM
        return subprocess.run([PROGRAM, "audit", *words], check=True, capture_output=True, text=True).stdout
