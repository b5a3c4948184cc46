"""Who may do what: real kubectl as administrator, as someone else, as a ServiceAccount, and as nobody."""

import base64
import json
import ssl
import unittest
import urllib.error
import urllib.request

from martlet import MartletTest, eventually, kubectls

POLICY = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: None, users: [martlet-admin], verbs: [get, list, watch]}
- {level: Request}
"""

TOKEN_SECRET = """
apiVersion: v1
kind: Secret
metadata: {name: ci-token, annotations: {kubernetes.io/service-account.name: ci}}
type: kubernetes.io/service-account-token
"""


class AccessTest(MartletTest):
    def setUp(self):
        self.kubectl = self.martlet.kubectl

    def call(self, path, token=None, headers=None, method="GET", body=None):
        """(status, body) of a request without a client certificate."""
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.martlet.ports['api']}{path}", method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})})
        context = ssl.create_default_context(cadata=self.authority())
        try:
            with urllib.request.urlopen(request, context=context, timeout=20) as response:
                return response.status, response.headers, json.loads(response.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, json.loads(error.read() or b"{}")

    def authority(self):
        config = json.loads(self.kubectl("config", "view", "--raw", "-o", "json"))
        return base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]).decode()

    def each(self):
        for name, program in kubectls().items():
            yield name, lambda *words, program=program, **more: self.kubectl(*words, program=program, **more)

    def test_nobody(self):
        status, headers, body = self.call("/api/v1/pods")
        self.assertEqual((status, body["kind"], body["reason"]), (401, "Status", "Unauthorized"))
        self.assertEqual(headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(self.call("/version")[0], 200)
        self.assertEqual(self.call("/healthz", token="nonsense")[0], 401)
        self.assertEqual(self.call("/openapi/v2")[0], 401)

    def test_roles(self):
        for name, kubectl in self.each():
            with self.subTest(name):
                kubectl("create", "namespace", "team")
                kubectl("create", "role", "reader", "--verb=get,list", "--resource=pods,configmaps", "-n", "team")
                kubectl("create", "rolebinding", "readers", "--role=reader", "--user=jane", "-n", "team")
                kubectl("create", "clusterrole", "metrics", "--verb=get", "--non-resource-url=/metrics")
                kubectl("create", "clusterrolebinding", "metrics", "--clusterrole=metrics", "--group=monitors")
                jane = ["--as", "jane", "-n", "team"]
                eventually(lambda: "kube-root-ca.crt" in kubectl("get", "configmaps", "-o", "name", *jane))
                refused = kubectl("delete", "configmap", "kube-root-ca.crt", *jane, check=False).stderr
                self.assertIn(
                    'configmaps "kube-root-ca.crt" is forbidden: User "jane" cannot delete resource "configmaps" in '
                    'API group "" in the namespace "team"', refused)
                self.assertEqual(kubectl("auth", "can-i", "list", "pods", *jane).strip(), "yes")
                self.assertEqual(kubectl("auth", "can-i", "delete", "pods", *jane, check=False).stdout.strip(), "no")
                self.assertEqual(kubectl("auth", "can-i", "get", "/metrics", *jane, "--as-group", "monitors").strip(), "yes")
                listed = kubectl("auth", "can-i", "--list", *jane)
                self.assertRegex(listed, r"configmaps\s+\[\]\s+\[\]\s+\[get list\]")
                self.assertIn("reader", kubectl("get", "roles,rolebindings", "-n", "team"))
                self.assertIn("configmaps", kubectl("describe", "role", "reader", "-n", "team"))
                for words in ("namespace/team", "clusterrole/metrics", "clusterrolebinding/metrics"):
                    kubectl("delete", words, "--timeout=20s")

    def test_nobody_gives_more_than_they_have(self):
        self.kubectl("create", "rolebinding", "editors", "--clusterrole=admin", "--user=adam")
        adam = ["--as", "adam"]
        eventually(lambda: self.kubectl("auth", "can-i", "create", "roles", *adam, check=False).stdout.strip() == "yes")
        self.kubectl("create", "role", "small", "--verb=get", "--resource=pods", *adam)
        large = self.kubectl("create", "role", "large", "--verb=*", "--resource=nodes", *adam, check=False).stderr
        self.assertIn("is attempting to grant RBAC permissions not currently held", large)
        self.assertIn('{APIGroups:[""], Resources:["nodes"], Verbs:["*"]}', large)
        bound = self.kubectl(
            "create", "rolebinding", "root", "--clusterrole=cluster-admin", "--user=adam", *adam, check=False)
        self.assertIn("not currently held", bound.stderr)
        acting = self.call("/api/v1/pods", self.token("default"),
                           {"Impersonate-User": "root", "Impersonate-Group": "system:masters"})
        self.assertEqual(acting[0], 403)
        self.assertIn('cannot impersonate resource "users"', acting[2]["message"])

    def token(self, account, *more):
        return self.kubectl("create", "token", account, *more).strip()

    def test_tokens(self):
        newest = kubectls()["newest"]
        self.kubectl("create", "serviceaccount", "ci")
        self.kubectl("create", "rolebinding", "ci", "--clusterrole=view", "--serviceaccount=default:ci")
        token = self.token("ci", "--duration=600s")
        eventually(lambda: self.call("/api/v1/namespaces/default/pods", token)[0] == 200, what="view")
        self.assertEqual(self.call("/api/v1/namespaces/default/secrets", token)[0], 403)
        self.assertEqual(self.call("/api/v1/namespaces/kube-system/pods", token)[0], 403)
        who = self.kubectl("auth", "whoami", "-o", "json", "--as", "system:serviceaccount:default:ci", program=newest)
        self.assertEqual(
            json.loads(who)["status"]["userInfo"]["groups"],
            ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"])
        other = self.token("ci", "--audience=models")
        self.assertEqual(self.call("/api", other)[0], 401)
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                  "spec": {"token": other, "audiences": ["models"]}}
        answer = json.loads(self.kubectl("create", "-f", "-", "-o", "json", input=json.dumps(review)))
        self.assertEqual(answer["status"]["user"]["username"], "system:serviceaccount:default:ci")
        self.kubectl("delete", "serviceaccount", "ci")
        self.assertEqual(self.call("/api", token)[0], 401)

    def test_token_secrets(self):
        self.kubectl("create", "serviceaccount", "ci")
        self.kubectl("apply", "-f", "-", input=TOKEN_SECRET)
        secret = eventually(lambda: self.filled("ci-token"), what="the token")
        token = base64.b64decode(secret["token"]).decode()
        self.assertEqual(base64.b64decode(secret["namespace"]), b"default")
        self.assertEqual(base64.b64decode(secret["ca.crt"]).decode(), self.authority())
        self.assertEqual(self.call("/api", token)[0], 200)
        self.kubectl("delete", "serviceaccount", "ci")
        eventually(lambda: "not found" in self.kubectl("get", "secret", "ci-token", check=False).stderr)
        self.assertEqual(self.call("/api", token)[0], 401)

    def filled(self, name):
        data = json.loads(self.kubectl("get", "secret", name, "-o", "json")).get("data") or {}
        return data if "token" in data else None

    def test_keys_of_tokens(self):
        token = self.token("default")
        status, _, document = self.call("/.well-known/openid-configuration", token)
        self.assertEqual((status, document["issuer"]), (200, "https://kubernetes.default.svc"))
        keys = self.call("/openid/v1/jwks", token)[2]["keys"]
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        self.assertEqual([(key["kid"], key["alg"]) for key in keys], [(header["kid"], "ES256")])

    def test_certificates_and_tokens_survive_a_restart(self):
        token = self.token("default")
        self.martlet.stop()
        self.martlet.start()
        self.assertEqual(self.call("/api", token)[0], 200)

    def test_audit(self):
        policy = self.martlet.directory / "policy.yaml"
        policy.write_text(POLICY)
        log = self.martlet.directory / "audit.log"
        self.martlet.stop()
        self.martlet.start("--audit-policy", str(policy), "--audit-log", str(log))
        self.kubectl("create", "configmap", "noted", "--from-literal=a=b")
        self.kubectl("create", "secret", "generic", "unnoted", "--from-literal=a=hidden-value")
        self.kubectl("get", "configmaps")
        self.kubectl("get", "pods", "--as", "jane", check=False)
        events = eventually(lambda: self.audited(log, 3), what="three events")
        self.assertEqual(
            [(event["verb"], event["objectRef"]["resource"], event["level"]) for event in events],
            [("create", "configmaps", "Request"), ("create", "secrets", "Metadata"), ("list", "pods", "Request")])
        self.assertEqual(events[0]["requestObject"]["data"], {"a": "b"})
        self.assertEqual(events[2]["impersonatedUser"]["username"], "jane")
        self.assertEqual(events[2]["responseStatus"]["code"], 403)
        self.assertNotIn(base64.b64encode(b"hidden-value").decode(), log.read_text())

    def audited(self, log, count):
        events = [json.loads(line) for line in log.read_text().splitlines()]
        resources = [event for event in events if event.get("objectRef", {}).get("resource") in
                     ("configmaps", "secrets", "pods")]
        return resources if len(resources) >= count else None


if __name__ == "__main__":
    unittest.main()
