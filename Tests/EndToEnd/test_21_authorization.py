"""Who may call a model: OpenShift AI's annotation with real tokens, by every door; models at zero stay asleep."""

import base64
import json
import time

from access import AUTH, KNATIVE, AccessTest, account, token_secret
from load import apply
from martlet import eventually


class AuthorizationTest(AccessTest):
    SERVICES = {"guarded": {**KNATIVE, **AUTH}, "other": {**KNATIVE, **AUTH}, "classic": AUTH, "free": KNATIVE}

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
