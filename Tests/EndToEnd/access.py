"""Callers of protected services: what tests of authorization have in common."""

import http.client
import json

from load import ServicesTest, apply, condition
from martlet import eventually
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


class AccessTest(ServicesTest):
    """Services of fake_model.py with their modes and annotations, and calls to them."""

    SERVICES = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        apply(cls.martlet, RUNTIME)
        for name, annotations in cls.SERVICES.items():
            # What Knative serves may go to zero.
            fields = {"minReplicas": 0} if KNATIVE.items() <= annotations.items() else {}
            apply(cls.martlet, service(name, annotations=annotations, **fields))
        apply(cls.martlet, *account("caller", "guarded"), *account("stranger", "nothing"))
        for name in cls.SERVICES:
            cls.wait(name)

    @classmethod
    def wait(cls, name):
        eventually(lambda: condition(cls.martlet.object("isvc", name)).get("status") == "True",
                   timeout=120, every=0.1, what=f"isvc/{name} ready")

    def token(self, holder="caller", *words):
        return self.martlet.kubectl("create", "token", holder, *words).strip()

    def call(self, token=None, name="guarded", path="/", method="GET", body=None, host=None, scheme="Bearer",
             port=None, **headers):
        """(status, headers, body) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.gateway, timeout=60)
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
