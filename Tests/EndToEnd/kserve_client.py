"""Runs the client half of KServe's SDK; called by test_11_sdk in the SDK's own environment.

kserve_client.py KUBECONFIG FUNCTION: prints what the function returns, as one line of JSON.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import time
import types
import unittest.mock


def import_client():
    """Imports kserve's client and models without kserve/__init__.py, which imports the model server too."""
    package = types.ModuleType("kserve")
    package.__path__ = importlib.util.find_spec("kserve").submodule_search_locations
    sys.modules["kserve"] = package
    for name in ("pandas", "numpy", "psutil", "grpc", "cloudevents", "cloudevents.http", "cloudevents.conversion",
                 "fastapi", "fastapi.responses", "fastapi.exceptions", "kserve.protocol.infer_type",
                 "kserve.protocol.grpc.grpc_predict_v2_pb2", "kserve.utils.numpy_codec"):
        sys.modules[name] = unittest.mock.MagicMock()


import_client()

import kubernetes  # noqa: E402
from kserve import models  # noqa: E402
from kserve.api.kserve_client import KServeClient  # noqa: E402

NAMESPACE = "default"


def inference_service(name, replicas=1, labels=None, container=True):
    containers = [kubernetes.client.V1Container(
        name="kserve-container", image="example.com/stub",
        ports=[kubernetes.client.V1ContainerPort(container_port=8080, protocol="TCP")])]
    predictor = models.V1beta1PredictorSpec(
        min_replicas=replicas, max_replicas=2, containers=containers if container else None)
    return models.V1beta1InferenceService(
        api_version="serving.kserve.io/v1beta1", kind="InferenceService",
        metadata=kubernetes.client.V1ObjectMeta(name=name, namespace=NAMESPACE, labels=labels),
        spec=models.V1beta1InferenceServiceSpec(predictor=predictor))


def code(call, *arguments, **more):
    """The status code with which the API refuses a call; the SDK wraps the exception in a RuntimeError."""
    try:
        call(*arguments, **more)
    except RuntimeError as error:
        return error.__context__.status
    return 0


def without_conflict(call):
    """The SDK reads the resourceVersion and writes with it; the controller may write the status in between."""
    for _ in range(20):
        try:
            return call()
        except RuntimeError as error:
            if error.__context__.status != 409:
                raise
    return call()


def service(client):
    story = {"created": client.create(inference_service("small"))["metadata"]["name"]}
    client.wait_isvc_ready("small", namespace=NAMESPACE, timeout_seconds=60, polling_interval=0.2)
    found = client.get("small", namespace=NAMESPACE)
    story["ready"] = next(c["status"] for c in found["status"]["conditions"] if c["type"] == "Ready")
    with contextlib.redirect_stdout(io.StringIO()) as output:
        client.get("small", namespace=NAMESPACE, watch=True, timeout_seconds=20)
    story["watched"] = output.getvalue()

    patched = client.patch("small", inference_service("small", labels={"team": "birds"}), namespace=NAMESPACE)
    story["patched"] = patched["metadata"]["labels"]
    replaced = without_conflict(
        lambda: client.replace("small", inference_service("small", replicas=2), namespace=NAMESPACE))
    story["replaced"] = replaced["spec"]["predictor"]["minReplicas"]
    story["generations"] = [patched["metadata"]["generation"], replaced["metadata"]["generation"]]
    stale = inference_service("small")
    stale.metadata.resource_version = patched["metadata"]["resourceVersion"]
    story["conflict"] = code(client.replace, "small", stale, namespace=NAMESPACE)
    story["listed"] = [item["metadata"]["name"] for item in client.get(namespace=NAMESPACE)["items"]]
    story["refused"] = code(client.create, inference_service("Bad_Name"))
    client.delete("small", namespace=NAMESPACE)
    deadline = time.monotonic() + 30
    while code(client.get, "small", namespace=NAMESPACE) == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    story["gone"] = code(client.get, "small", namespace=NAMESPACE)
    return story


def credentials(client):
    core = kubernetes.client.CoreV1Api()
    with tempfile.TemporaryDirectory() as folder:
        s3 = os.path.join(folder, "s3")
        with open(s3, "w") as file:
            # The SDK puts them into `data` as they are: only keys that are base64 themselves are accepted.
            file.write("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = c2VjcmV0\n")
        client.set_credentials(storage_type="S3", namespace=NAMESPACE, credentials_file=s3, service_account="made",
                               s3_endpoint="s3.example.com", s3_use_https="1")
        gcs = os.path.join(folder, "gcs")
        with open(gcs, "w") as file:
            json.dump({"type": "x"}, file)
        client.set_credentials(storage_type="GCS", namespace=NAMESPACE, credentials_file=gcs,
                               service_account="default")
    secrets = [secret for secret in core.list_namespaced_secret(NAMESPACE).items
               if secret.metadata.name.startswith("kserve-secret-")]
    accounts = {name: [reference.name for reference in
                       core.read_namespaced_service_account(name, NAMESPACE).secrets or []]
                for name in ("made", "default")}

    def told(key):
        secret = next(secret for secret in secrets if key in secret.data)
        return {"name": secret.metadata.name, "data": secret.data, "annotations": secret.metadata.annotations}

    return {"s3": told("AWS_ACCESS_KEY_ID"), "gcs": told("gcloud-application-credentials.json"), "accounts": accounts}


if __name__ == "__main__":
    function = {"service": service, "credentials": credentials}[sys.argv[2]]
    print(json.dumps(function(KServeClient(config_file=sys.argv[1]))))
