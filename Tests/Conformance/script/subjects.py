"""The kinds that the script is about."""

import copy

NAMESPACE = "conformance"
OTHER_NAMESPACE = "conformance-other"


class Subject:
    """A kind, where it is served, and how to make an object of it."""

    def __init__(self, path, plural, api_version, kind, template, change, namespaced=True):
        self.prefix, self.plural, self.namespaced = path, plural, namespaced
        self.api_version, self.kind = api_version, kind
        self.template, self.changes = template, change

    def all(self, namespace=NAMESPACE):
        place = f"/namespaces/{namespace}" if self.namespaced else ""
        return f"{self.prefix}{place}/{self.plural}"

    @property
    def everywhere(self):
        return f"{self.prefix}/{self.plural}"

    def one(self, name, subresource=None, namespace=NAMESPACE):
        return f"{self.all(namespace)}/{name}" + (f"/{subresource}" if subresource else "")

    def head(self, name=None, **metadata):
        """An object with nothing but its metadata."""
        named = {"name": name} if name else {}
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": {**named, **metadata}}

    def make(self, name=None, **metadata):
        return {**self.head(name, **metadata), **copy.deepcopy(self.template)}

    @property
    def change(self):
        """A merge patch that changes the content of what `make` made."""
        return copy.deepcopy(self.changes)

    def with_(self, name, metadata=None, **fields):
        return {**self.head(name, **(metadata or {})), **fields}


GROUP = "conformance.example.com"

PARCEL = Subject(
    f"/apis/{GROUP}/v1", "parcels", f"{GROUP}/v1", "Parcel",
    {"spec": {"size": 3, "colour": "red"}}, {"spec": {"size": 5}})

RUNTIME = Subject(
    "/apis/serving.kserve.io/v1alpha1", "servingruntimes", "serving.kserve.io/v1alpha1", "ServingRuntime",
    {"spec": {"supportedModelFormats": [{"name": "gguf", "version": "1"}],
              "containers": [{"name": "kserve-container", "image": "example.com/server:1"}]}},
    {"spec": {"disabled": True}})

CONFIG_MAP = Subject("/api/v1", "configmaps", "v1", "ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}})

SECRET = Subject("/api/v1", "secrets", "v1", "Secret", {"data": {"a": "MQ=="}}, {"data": {"a": "Mg=="}})

SERVICE_ACCOUNT = Subject(
    "/api/v1", "serviceaccounts", "v1", "ServiceAccount", {"imagePullSecrets": [{"name": "one"}]},
    {"imagePullSecrets": [{"name": "two"}]})

NAMESPACES = Subject("/api/v1", "namespaces", "v1", "Namespace", {}, {"metadata": {"labels": {"a": "b"}}}, False)

DEPLOYMENT = Subject(
    "/apis/apps/v1", "deployments", "apps/v1", "Deployment",
    {"spec": {"replicas": 0, "selector": {"matchLabels": {"app": "a"}},
              "template": {"metadata": {"labels": {"app": "a"}},
                           "spec": {"containers": [{"name": "one", "image": "example.com/one:1"}]}}}},
    {"spec": {"template": {"metadata": {"labels": {"more": "b"}}}}})

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def _text(**more):
    return {"type": "string", **more}


def _object(properties, **more):
    return {"type": "object", "properties": properties, **more}


_CONDITION = _object(
    {name: _text() for name in ("type", "status", "reason", "message", "lastTransitionTime")},
    required=["type", "status"])

_SPEC = _object({
    "size": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 100},
    "weight": {"type": "number"},
    "colour": _text(enum=["red", "green", "blue"]),
    "title": _text(minLength=2, maxLength=10, pattern="^[a-z]+$"),
    "note": _text(nullable=True),
    "port": {"x-kubernetes-int-or-string": True},
    "fragile": {"type": "boolean", "default": False},
    "replicas": {"type": "integer", "format": "int32", "minimum": 0},
    "contents": {"type": "array", "items": _text(), "maxItems": 4},
    "tags": {"type": "array", "items": _text(), "x-kubernetes-list-type": "set"},
    "parts": {
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
        "items": _object({
            "name": _text(), "count": {"type": "integer", "default": 1},
            "labels": {"type": "object", "additionalProperties": _text()}}, required=["name"])},
    "routes": {
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"],
        "items": _object({
            "port": {"type": "integer"}, "protocol": _text(default="TCP"), "name": _text()}, required=["port"])},
    "options": {"type": "object", "additionalProperties": _text()},
    "settings": _object({"a": _text(), "b": _text()}, **{"x-kubernetes-map-type": "atomic"}),
    "extra": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    "box": _object({"height": {"type": "integer", "default": 10}, "width": {"type": "integer"}}),
    "lid": {**_object({"open": {"type": "boolean", "default": True}}), "default": {}},
})

_STATUS = _object({
    "phase": _text(), "replicas": {"type": "integer"}, "selector": _text(),
    "observedGeneration": {"type": "integer"},
    "conditions": {
        "type": "array", "items": _CONDITION, "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"]},
})

PARCEL_DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": f"parcels.{GROUP}"},
    "spec": {
        "group": GROUP, "scope": "Namespaced",
        "names": {"plural": "parcels", "singular": "parcel", "kind": "Parcel", "shortNames": ["pcl"]},
        "versions": [{
            "name": "v1", "served": True, "storage": True,
            "schema": {"openAPIV3Schema": _object({"spec": _SPEC, "status": _STATUS}, required=["spec"])},
            "subresources": {
                "status": {},
                "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                          "labelSelectorPath": ".status.selector"}},
            "additionalPrinterColumns": [
                {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
                {"name": "Phase", "type": "string", "jsonPath": ".status.phase", "priority": 1},
                {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
        }],
    },
}
