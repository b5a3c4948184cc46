"""Who may call a model: OpenShift AI's annotation with real tokens, by every door; models at zero stay asleep."""

import asyncio
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from load import SERVER, ServicesTest, apply, condition
from martlet import CACHE, eventually, free_port
from test_15_standard import RUNTIME, service

AUTH = {"security.opendatahub.io/enable-auth": "true"}
KNATIVE = {"serving.kserve.io/deploymentMode": "Knative", "autoscaling.knative.dev/window": "6s"}


def account(name, model, namespace="default"):
    """What OpenShift AI's users make by hand: a ServiceAccount that may get one InferenceService."""
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
         "metadata": {"name": f"{name}-role", "namespace": namespace},
         "rules": [{"apiGroups": ["serving.kserve.io"], "resources": ["inferenceservices"],
                    "resourceNames": [model], "verbs": ["get"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
         "metadata": {"name": f"{name}-view", "namespace": namespace},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": f"{name}-role"},
         "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}]}]


def token_secret(name, holder):
    return {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
            "metadata": {"name": name, "annotations": {"kubernetes.io/service-account.name": holder}}}


class AuthorizationTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        apply(cls.martlet, RUNTIME)
        apply(cls.martlet, service("guarded", annotations={**KNATIVE, **AUTH}, minReplicas=0),
              service("other", annotations={**KNATIVE, **AUTH}, minReplicas=0),
              service("classic", annotations=AUTH), service("free", annotations=KNATIVE, minReplicas=0))
        apply(cls.martlet, *account("caller", "guarded"), *account("stranger", "nothing"))
        for name in ("guarded", "other", "classic", "free"):
            eventually(lambda: condition(cls.martlet.object("isvc", name)).get("status") == "True",
                       timeout=120, every=0.1, what=f"isvc/{name} ready")

    def token(self, holder="caller", *words):
        return self.martlet.kubectl("create", "token", holder, *words).strip()

    def call(self, token=None, name="guarded", path="/", method="GET", body=None, host=None, scheme="Bearer", **headers):
        """(status, headers, body) of one request."""
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway, timeout=60)
        try:
            fields = {"Host": host or f"{name}-default.localhost", **headers}
            if token is not None:
                fields["Authorization"] = f"{scheme} {token}"
            connection.request(method, path, json.dumps(body) if body else None, fields)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def status(self, *arguments, **options):
        return self.call(*arguments, **options)[0]

    def pods(self, name):
        return [pod for pod in self.martlet.pods()
                if pod["metadata"]["labels"].get("serving.kserve.io/inferenceservice") == name]

    def test_the_table_of_answers_of_knative_mode(self):
        code, headers, body = self.call()
        self.assertEqual((code, body), (401, b""))
        self.assertEqual(headers["WWW-Authenticate"], 'Bearer realm="kubernetes-user"')
        self.assertEqual(headers["X-Ext-Auth-Reason"], "credential not found")
        for bad in ("", "abc", "a.b.c", self.token()[:-3] + "abc", self.token("caller", "--audience", "elsewhere")):
            code, headers, body = self.call(bad)
            self.assertEqual((code, body), (401, b""), bad)
            self.assertNotIn("system:serviceaccount", str(headers))
        self.assertEqual(self.status(self.token(), scheme="Basic"), 401)
        code, headers, body = self.call(self.token("stranger"))
        self.assertEqual((code, body), (403, b""))
        self.assertEqual(headers["X-Ext-Auth-Reason"], "not authorized: unknown reason")
        self.assertEqual(self.status(self.token(), name="other"), 403)
        self.assertEqual(self.status(self.token(), host="nobody.localhost"), 404)
        self.assertEqual(self.status(self.token()), 200)

    def test_the_table_of_answers_of_standard_mode(self):
        code, headers, body = self.call(name="classic")
        self.assertEqual((code, body), (401, b"Unauthorized\n"))
        code, headers, body = self.call(self.token("stranger"), name="classic")
        self.assertEqual(code, 403)
        self.assertEqual(body, b"Forbidden (user=system:serviceaccount:default:stranger, verb=get, "
                               b"resource=inferenceservices, subresource=)\n")

    def test_no_door_leads_around_it(self):
        inner = "guarded.default.svc.cluster.local"
        doors = [
            {}, {"host": "guarded-predictor-default.localhost"}, {"host": "guarded-predictor.default.localhost"},
            {"host": inner}, {"host": "guarded-predictor.default.svc.cluster.local"},
            {"host": "localhost", "path": "/serving/default/guarded/"},
            {"host": "localhost", "path": "/serving/default/%67uarded/"},
            {"host": "localhost", "path": "/x/../serving/default/guarded/"},
            {"host": "localhost", "path": "/openai/v1/completions", "method": "POST", "body": {"model": "guarded"}},
            {"host": "localhost", "path": "/openai/v1/completions", "method": "POST",
             "body": {"model": "default/guarded"}}]
        for door in doors:
            self.assertIn(self.status(**door), (401, 404), door)
            code = self.status(self.token(), **door)
            self.assertIn(code, (200, 404), door)
        for spoof in ({"X-Forwarded-Host": "free-default.localhost"}, {"X-Remote-User": "system:admin"},
                      {"Knative-Serving-Tag": "latest"}, {"X-Envoy-Original-Path": "/"}):
            self.assertEqual(self.status(**spoof), 401, spoof)
        self.assertEqual(self.status(name="free"), 200)

    def test_a_model_at_zero_is_not_woken_by_who_may_not_call_it(self):
        eventually(lambda: not self.pods("other"), timeout=90, every=0.2, what="other at zero")
        for token in (None, "abc", self.token("stranger"), self.token()):
            self.assertIn(self.status(token, name="other"), (401, 403))
        time.sleep(2)
        self.assertEqual(self.pods("other"), [])

    def test_what_is_revoked_counts_at_once(self):
        apply(self.martlet, *account("revoked", "guarded"), token_secret("one", "revoked"), token_secret("two", "revoked"))

        def filled(name):
            data = self.martlet.object("secret", name).get("data", {})
            return data.get("token")
        one, two = [base64.b64decode(eventually(lambda: filled(name), what="a token")).decode() for name in ("one", "two")]
        self.assertEqual((self.status(one), self.status(two)), (200, 200))
        self.martlet.run("delete", "secret/one")
        self.assertEqual((self.status(one), self.status(two)), (401, 200))
        self.martlet.run("delete", "rolebinding/revoked-view")
        self.assertEqual(self.status(two), 403)
        apply(self.martlet, *account("revoked", "guarded"))
        self.assertEqual(self.status(two), 200)
        self.martlet.run("delete", "sa/revoked")
        self.assertEqual(self.status(two), 401)

    def test_a_group_may_be_let_in(self):
        self.assertEqual(self.status(self.token("stranger"), name="other"), 403)
        apply(self.martlet, *account("group", "other")[1:2], {
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "group-view"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "group-role"},
            "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io",
                          "name": "system:serviceaccounts:default"}]})
        self.assertEqual(self.status(self.token("stranger"), name="other"), 200)
        self.martlet.run("delete", "rolebinding/group-view")
        self.assertEqual(self.status(self.token("stranger"), name="other"), 403)

    def test_turning_it_off_and_on_restarts_nothing_and_five_refusals_lock_nobody_out(self):
        def turn(value, expected):
            self.martlet.kubectl("annotate", "--overwrite", "isvc/guarded", f"security.opendatahub.io/enable-auth={value}")
            eventually(lambda: self.status() == expected, timeout=10, what=f"{expected} without a token")
        before = self.martlet.run("get", "revisions")
        for _ in range(5):
            self.assertEqual(self.status(), 401)
        self.assertEqual(self.status(self.token()), 200)
        turn("false", 200)
        turn("true", 401)
        self.assertEqual(self.status(self.token()), 200)
        self.assertEqual(self.martlet.run("get", "revisions").count("guarded"), before.count("guarded"))
        refused = self.martlet.kubectl(
            "annotate", "--overwrite", "isvc/guarded", "security.opendatahub.io/enable-auth=maybe", check=False)
        self.assertIn("Unsupported value", refused.stderr)

    def test_the_list_of_models_has_what_one_may_use(self):
        def names(token):
            body = self.call(token, host="localhost", path="/openai/v1/models")[2]
            return {model["id"] for model in json.loads(body)["data"]}
        self.assertEqual(names(None), {"free"})
        self.assertEqual(names(self.token()), {"free", "guarded"})

    def test_tokens_on_the_command_line(self):
        token = self.martlet.run("token", "create", "other", "--name", "ci").strip()
        short = self.martlet.run("token", "create", "other", "--name", "short", "--expires", "10m").strip()
        self.assertEqual((self.status(token, name="other"), self.status(short, name="other")), (200, 200))
        self.assertEqual(self.status(token), 403, "the token of one service on another")
        listed = self.martlet.run("token", "list", "other")
        self.assertIn("ci-other-sa", listed)
        self.assertNotIn(token, listed)
        secret = self.martlet.object("secret", "ci-other-sa")
        self.assertEqual(secret["metadata"]["labels"]["opendatahub.io/dashboard"], "true")
        self.assertEqual(secret["metadata"]["ownerReferences"][0]["kind"], "InferenceService")
        again = self.martlet.run("token", "create", "other", "--name", "ci", check=False)
        self.assertIn("has a token ci already", again.stderr)
        self.martlet.run("token", "revoke", "other", "ci")
        self.martlet.run("token", "revoke", "other", "short")
        eventually(lambda: (self.status(token, name="other"), self.status(short, name="other")) == (401, 401),
                   timeout=0.5, what="both revoked")
        self.assertIn("has no token ci", self.martlet.run("token", "revoke", "other", "ci", check=False).stderr)

    def test_api_keys_and_their_budgets(self):
        def key(name, *words):
            made = self.martlet.run("key", "create", name, *words).strip()
            eventually(lambda: self.status(made) != 401, timeout=2, what="the key is known")
            return made
        scoped = key("scoped", "--service", "guarded", "--requests-per-minute", "600", "--owner", "team-a")
        self.assertEqual((self.status(scoped), self.status(scoped, name="other")), (200, 403))
        body = {"model": "guarded", "prompt": "x"}
        self.assertEqual(self.status(scoped, host="localhost", path="/openai/v1/completions", method="POST", body=body), 200)
        stored = self.martlet.kubectl("get", "secret", "scoped", "-o", "yaml")
        self.assertNotIn(scoped, stored)
        few = key("few", "--service", "guarded", "--requests-per-minute", "3")
        codes = [self.status(few) for _ in range(4)]
        self.assertIn(429, codes)
        code, headers, answer = self.call(few)
        self.assertEqual((code, json.loads(answer)["error"]["code"]), (429, "rate_limit_exceeded"))
        self.assertEqual((headers["X-RateLimit-Limit-requests"], headers["X-RateLimit-Remaining-requests"]), ("3", "0"))
        self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        poor = key("poor", "--tokens-per-minute", "10")
        code, _, answer = self.call(poor, host="localhost", path="/openai/v1/completions", method="POST",
                                    body={**body, "max_tokens": 100})
        self.assertEqual(code, 429, answer)
        eventually(lambda: "team-a" in self.martlet.run("key", "list"), what="the key listed")
        self.martlet.run("key", "revoke", "scoped")
        eventually(lambda: self.status(scoped) == 401, timeout=0.5, what="revoked")

    def test_a_revoked_key_may_cut_its_streams_and_one_at_a_time_is_one(self):
        import http.client
        made = self.martlet.run("key", "create", "cutting", "--cuts-streams", "--concurrent", "1").strip()
        eventually(lambda: self.status(made) == 200, timeout=2, what="the key is known")
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway, timeout=60)
        connection.request("GET", "/stream?600", None, {"Host": "guarded-default.localhost", "Authorization": f"Bearer {made}"})
        response = connection.getresponse()
        self.assertTrue(response.readline())
        self.assertEqual(self.status(made), 429)
        self.martlet.run("key", "revoke", "cutting")
        began = time.monotonic()
        rest = b""
        try:
            while piece := response.readline():
                rest += piece
        except (http.client.IncompleteRead, ConnectionError):
            pass
        self.assertLess(time.monotonic() - began, 5)
        self.assertIn(b"revoked", rest)
        connection.close()

    def test_fifty_thousand_calls_of_which_a_tenth_is_bad(self):
        """Not one is let in that may not call, and not one kept out that may."""
        good = [self.token(), self.martlet.run("key", "create", "many", "--service", "guarded").strip()]
        eventually(lambda: self.status(good[1]) == 200, what="the key known")
        calls = [(good[number % 2], b"200") if number % 10 else (f"{good[number // 10 % 2][:-6]}{number:06}", b"401")
                 for number in range(50_000)]
        wrong, connections = [], 32

        async def caller(share):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway)
            for token, expected in share:
                writer.write(b"GET / HTTP/1.1\r\nHost: guarded-default.localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                             % token.encode())
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                if head.split(b" ", 2)[1] != expected:
                    wrong.append((token[:12], head[:40]))
            writer.close()

        async def all_of_them():
            await asyncio.gather(*(caller(calls[number::connections]) for number in range(connections)))
        began = time.monotonic()
        asyncio.run(all_of_them())
        print(f"{50_000 / (time.monotonic() - began):.0f} calls/s", end=" ", flush=True)
        self.assertEqual(wrong[:5], [])

    def test_an_auth_config_with_a_real_identity_provider(self):
        """OpenID Connect's code flow at oidc-provider-mock; its RS256 tokens, found by discovery."""
        provider = Provider()
        self.addCleanup(provider.stop)
        config = {
            "apiVersion": "authorino.kuadrant.io/v1beta3", "kind": "AuthConfig", "metadata": {"name": "staff"},
            "spec": {
                "hosts": ["oidc-default.localhost"],
                "authentication": {"login": {"jwt": {"issuerUrl": provider.issuer, "audiences": ["models"]}}},
                "authorization": {"ann": {"patternMatching": {"patterns": [{"predicate": "auth.identity.sub == 'ann'"}]}}},
                "response": {"success": {"headers": {"x-user": {"plain": {"selector": "auth.identity.sub"}}}}}}}
        apply(self.martlet, config, service("oidc", annotations=KNATIVE, minReplicas=0))
        eventually(lambda: condition(self.martlet.object("isvc", "oidc")).get("status") == "True", timeout=90, what="oidc")
        eventually(lambda: self.status(name="oidc") == 401, what="protection")
        ann = provider.login("ann", "models")
        self.assertEqual(self.status(ann, name="oidc"), 200)
        self.assertEqual(self.status(ann, host="localhost", path="/serving/default/oidc/"), 200)
        self.assertEqual(self.status(host="localhost", path="/serving/default/oidc/"), 401)
        self.assertEqual(self.status(host="oidc-predictor.default.localhost"), 401)
        self.assertEqual(self.status(provider.login("bob", "models"), name="oidc"), 403)
        self.assertEqual(self.status(provider.login("ann", "others"), name="oidc"), 401, "wrong audience")
        other = Provider()
        self.addCleanup(other.stop)
        self.assertEqual(self.status(other.login("ann", "models"), name="oidc"), 401, "wrong issuer")
        header, claims, signature = ann.split(".")
        for forged in (f"eyJhbGciOiJub25lIn0.{claims}.", f"eyJhbGciOiJIUzI1NiJ9.{claims}.{signature}",
                       f"{header}.{claims}.{signature[:-4]}AAAA", "a" * 30000, "a.b.c"):
            self.assertEqual(self.status(forged, name="oidc"), 401)
        provider.stop()
        self.assertEqual(self.status(ann, name="oidc"), 200, "keys that are known need no provider")
        refused = self.martlet.kubectl("patch", "authconfig", "staff", "--type=merge", "-p", json.dumps(
            {"spec": {"authorization": {"rego": {"opa": {"rego": "allow = true"}}}}}), check=False)
        self.assertIn("is not there yet", refused.stderr)


class Provider:
    """oidc-provider-mock, pinned, in a process of its own."""

    PACKAGE = "oidc-provider-mock==0.3.4"

    def __init__(self):
        folder = CACHE / self.PACKAGE
        if not folder.exists():
            draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
            subprocess.run(["python3", "-m", "pip", "install", "-q", "--root-user-action", "ignore", "--target", draft, self.PACKAGE], check=True)
            draft.rename(folder)
        port = free_port()
        self.issuer = f"http://localhost:{port}"
        self.process = subprocess.Popen(
            ["python3", "-m", "oidc_provider_mock", "--port", str(port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(folder)})
        eventually(lambda: urllib.request.urlopen(self.issuer + "/jwks").status == 200, what="the provider")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def login(self, user, client):
        """An id_token by the authorization code flow."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None
        query = urllib.parse.urlencode({
            "client_id": client, "redirect_uri": "http://localhost/cb", "response_type": "code", "scope": "openid"})
        try:
            urllib.request.build_opener(Stay).open(
                f"{self.issuer}/oauth2/authorize?{query}", urllib.parse.urlencode({"sub": user}).encode())
        except urllib.error.HTTPError as redirect:
            place = redirect.headers["Location"]
            redirect.close()
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(place).query)["code"][0]
        basic = base64.b64encode(f"{client}:secret".encode()).decode()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://localhost/cb"}
        request = urllib.request.Request(f"{self.issuer}/oauth2/token", urllib.parse.urlencode(form).encode(),
                                         {"Authorization": f"Basic {basic}"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())["id_token"]
