"""An AuthConfig with a real OpenID Connect provider."""

import json

from access import KNATIVE, AccessTest
from load import apply
from martlet import eventually
from oidc_provider import Provider
from test_15_standard import service


class AuthConfigTest(AccessTest):
    SERVICES = {}

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
        self.wait("oidc")
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
        self.assertIn("no Rego is evaluated here", refused.stderr)
