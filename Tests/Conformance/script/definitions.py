"""The custom resources of the script, for the server that does not have them."""

import json
import pathlib
import time

from .session import Session
from .subjects import DEFINITIONS, PARCEL, PARCEL_DEFINITION, RUNTIME

# Martlet's own schema of ServingRuntime, as `write_runtime` took it from its OpenAPI document.
RUNTIME_DEFINITION = pathlib.Path(__file__).parent / "servingruntimes.json"


def install(server):
    install_definition(server, PARCEL_DEFINITION, PARCEL)
    install_definition(server, json.loads(RUNTIME_DEFINITION.read_text()), RUNTIME)


def install_parcels(server):
    install_definition(server, PARCEL_DEFINITION, PARCEL)


def install_definition(server, definition, subject):
    stage = Session(server, "definitions")
    answer = stage.quietly("POST", DEFINITIONS, definition)
    if answer.code not in (201, 409):
        raise RuntimeError(f"{definition['metadata']['name']}: {answer.code} {answer.content.decode()[:2000]}")
    deadline = time.monotonic() + 20
    while stage.quietly("GET", subject.all()).code != 200:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{definition['metadata']['name']} is not served")
        time.sleep(0.05)


def write_runtime(server):
    """Takes ServingRuntime's schema from Martlet's OpenAPI document, in the form that a definition wants."""
    document = server.call("GET", "/openapi/v3/apis/serving.kserve.io/v1alpha1").body
    schemas = document["components"]["schemas"]
    schema = next(
        value for value in schemas.values()
        if any(kind["kind"] == "ServingRuntime" for kind in value.get("x-kubernetes-group-version-kind", [])))
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "servingruntimes.serving.kserve.io"},
        "spec": {
            "group": "serving.kserve.io", "scope": "Namespaced",
            "names": {"plural": "servingruntimes", "singular": "servingruntime", "kind": "ServingRuntime"},
            "versions": [{"name": "v1alpha1", "served": True, "storage": True,
                          "schema": {"openAPIV3Schema": structural(schema, schemas, True)}}]}}
    RUNTIME_DEFINITION.write_text(json.dumps(definition, sort_keys=True) + "\n")


def structural(schema, schemas, is_root=False):
    """Without what a definition's schema must not have: references, descriptions, marks of strategic merge patches."""
    if "$ref" in schema:
        return structural(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    result = {}
    for key, value in schema.items():
        if key in ("description", "x-kubernetes-group-version-kind") or key.startswith("x-kubernetes-patch"):
            continue
        if key == "properties":
            value = {name: structural(part, schemas) for name, part in value.items()}
            if is_root:
                value.pop("metadata", None)
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            value = structural(value, schemas)
        elif key == "allOf" and len(value) == 1:
            result.update(structural(value[0], schemas))
            continue
        result[key] = value
    for key in result.get("x-kubernetes-list-map-keys", []):
        if key not in result["items"].get("required", []):
            result["items"]["properties"][key].setdefault("default", "")
    return result
