"""Makes answers comparable: what is different in every run becomes a word."""

import re

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
CONTROLLED = ("Deployment", "Scale")
# What the controller of Deployments notes beside the status, and by what name.
REVISION, CONTROLLER = "deployment.kubernetes.io/revision", "martlet-deployment"
AGE = re.compile(r"^\d+[smhd]$")
UID_IN_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UID = re.compile(f"^{UID_IN_TEXT.pattern}$")


class Normal:
    """Remembers what it saw, so that it can say what stayed the same: a uid is that of a name, a resourceVersion is
    `<new>` or `<same>` compared with the last one of that object."""

    def __init__(self):
        self.uids = {}
        self.versions = {}
        # Of names that servers generate.
        self.prefixes = set()

    def body(self, body):
        if isinstance(body, dict) and body.get("kind") == "Status" and body.get("apiVersion") == "v1":
            return self.status(body)
        return self.value(body)

    def status(self, body):
        """Of a failure the reason counts, what it is about, and the fields; not the sentence."""
        normal = {key: self.value(value) for key, value in body.items() if key not in ("message", "details")}
        if not body.get("message") and body.get("status") == "Failure":
            normal["message"] = "<none>"
        if "details" in body:
            self.meet(body["details"])
            details = {key: self.value(value) for key, value in body["details"].items() if key != "causes"}
            causes = {(cause.get("field", ""), cause.get("reason", "")) for cause in body["details"].get("causes", [])}
            if causes:
                details["causes"] = [f"{field}: {reason}" for field, reason in sorted(causes)]
            if details:
                normal["details"] = details
        return normal

    def key(self, name):
        """Lists of what is known by its uid have it in the names of managed fields."""
        return UID_IN_TEXT.sub(lambda match: self.uids.get(match.group(), "<uid>"), name) if "uid" in name else name

    def value(self, value, key=None):
        if isinstance(value, dict):
            self.meet(value)
            if value.get("kind") in CONTROLLED and "metadata" in value:
                value = self.without_controllers(value)
            if key == "metadata":
                value = self.metadata(value)
            if isinstance(value.get("conditions"), list):
                value = {**value, "conditions": [self.condition(one) for one in sorted(
                    value["conditions"], key=lambda one: one.get("type", ""))]}
            if value.get("columnDefinitions"):
                value = {**value, "columnDefinitions": [
                    {**column, "description": bool(column["description"])} for column in value["columnDefinitions"]]}
            return {self.key(name): self.value(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [self.value(part) for part in value]
        if isinstance(value, str):
            return self.text(value, key)
        return value

    def condition(self, condition):
        """Without its sentence."""
        return {key: value for key, value in condition.items() if key != "message"}

    def meet(self, value):
        """Calls a uid by the name that it comes with, and tells apart those of one name."""
        uid, name = value.get("uid"), value.get("name")
        if isinstance(uid, str) and isinstance(name, str) and UID.match(uid) and uid not in self.uids:
            prefix = f"<uid of {self.text(name, None)}"
            count = sum(one.startswith(prefix) for one in self.uids.values())
            self.uids[uid] = f"{prefix} {count + 1}>"

    def text(self, value, key):
        if TIME.match(value):
            return "<time>"
        if UID.match(value):
            return self.uids.get(value, "<uid>")
        if key == "continue" and value:
            return "<token>"
        for prefix in self.prefixes:
            if value.startswith(prefix) and len(value) == len(prefix) + 5:
                return f"{prefix}<5 letters>"
        if key is None and AGE.match(value):
            return "<age>"
        return value

    def without_controllers(self, value):
        """Without what a controller writes in its own time, which the real server here does not have."""
        metadata = {name: part for name, part in value["metadata"].items() if name != "resourceVersion"}
        if "managedFields" in metadata:
            metadata["managedFields"] = [
                entry for entry in metadata["managedFields"]
                if entry.get("manager") != CONTROLLER and not entry.get("fieldsV1", {}).keys() & {"f:status"}]
        if REVISION in metadata.get("annotations", {}):
            metadata["annotations"] = {
                name: part for name, part in metadata["annotations"].items() if name != REVISION}
            if not metadata["annotations"]:
                del metadata["annotations"]
        return {**{name: part for name, part in value.items() if name != "status"}, "metadata": metadata}

    def metadata(self, metadata):
        metadata = dict(metadata)
        if metadata.get("resourceVersion"):
            metadata["resourceVersion"] = self.version(metadata)
        if "managedFields" in metadata:
            metadata["managedFields"] = sorted(
                metadata["managedFields"],
                key=lambda entry: [
                    entry.get(name, "") for name in ("operation", "manager", "subresource", "apiVersion")])
        return metadata

    def version(self, metadata):
        uid, version = metadata.get("uid"), metadata["resourceVersion"]
        if uid is None:
            return "<some>"
        last = self.versions.get(uid)
        self.versions[uid] = version
        return "<same>" if last == version else "<new>"
