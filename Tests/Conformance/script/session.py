"""Runs steps against one server and records what came of each."""

import json
import urllib.parse

from .normal import Normal

JSON = "application/json"
PATCHES = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",
}


def target(path, query):
    return path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")


class Session:
    """The steps of one chapter of the script against one server. Every recorded step has a name of its own."""

    def __init__(self, server, chapter):
        self.server = server
        self.chapter = chapter
        self.normal = Normal()
        self.steps = {}

    def record(self, step, result):
        name = f"{self.chapter}/{step}"
        if name in self.steps:
            raise KeyError(f"two steps are called {name}")
        self.steps[name] = result

    def quietly(self, method, path, body=None, query=None):
        """A call that is no step: to set the scene."""
        content = None if body is None else json.dumps(body).encode()
        return self.server.call(method, target(path, query), content, {"Content-Type": JSON})

    def call(self, step, method, path, body=None, query=None, content=None, content_type=JSON, accept=None,
             is_ordered=True):
        """One step. `body` is sent as JSON; `content` as it is."""
        if body is not None:
            content = json.dumps(body).encode()
            self.expect_names(body)
        headers = {"Content-Type": content_type} if content is not None and content_type else {}
        if accept is not None:
            headers["Accept"] = accept
        answer = self.server.call(method, target(path, query), content, headers)
        result = {"code": answer.code, "type": answer.media_type}
        if answer.warnings:
            result["warnings"] = answer.warnings
        if answer.body is not None:
            if not is_ordered:
                answer.body.get("items", []).sort(key=lambda item: item["metadata"]["name"])
            result["body"] = self.normal.body(answer.body)
        self.record(step, result)
        return answer

    def expect_names(self, body):
        """Generated names: at most 63 letters, of which five are the server's."""
        metadata = body.get("metadata") if isinstance(body, dict) else None
        if isinstance(metadata, dict) and metadata.get("generateName"):
            self.normal.prefixes.add(metadata["generateName"][:58])

    def get(self, step, path, **query):
        return self.call(step, "GET", path, query=query)

    def post(self, step, path, body, **query):
        return self.call(step, "POST", path, body, query)

    def put(self, step, path, body, **query):
        return self.call(step, "PUT", path, body, query)

    def patch(self, step, kind, path, body, **query):
        return self.call(step, "PATCH", path, body, query, content_type=PATCHES[kind])

    def apply(self, step, path, body, manager="alice", **query):
        return self.patch(step, "apply", path, body, fieldManager=manager, **query)

    def delete(self, step, path, body=None, **query):
        return self.call(step, "DELETE", path, body, query)

    def watch(self, step, path, until=None, accept=JSON, **query):
        return Watch(self, step, path, until, accept, {"watch": "1", "timeoutSeconds": "10", **query})

    def merge(self, path, patch):
        """A merge patch that is no step."""
        return self.server.call("PATCH", path, json.dumps(patch).encode(), {"Content-Type": PATCHES["merge"]})


class Watch:
    """A watch around some steps. It is read up to the event about the object called `until`, or to the end that
    `timeoutSeconds` sets."""

    def __init__(self, session, step, path, until, accept, query):
        self.session, self.step, self.until, self.accept = session, step, until, accept
        self.target = target(path, query)

    def __enter__(self):
        self.connection, self.response = self.session.server.watch(self.target, self.accept)
        return self

    def __exit__(self, kind, error, trace):
        events = []
        if kind is None:
            events = self.events()
            self.session.record(self.step, {"code": self.response.status, "events": events})
        self.connection.close()

    def events(self):
        events = []
        if self.response.status != 200:
            content = self.response.read()
            try:
                return [self.session.normal.body(json.loads(content))]
            except ValueError:
                return ["(text)"]
        for line in self.response:
            event = json.loads(line)
            if event["type"] == "BOOKMARK":
                event["object"].setdefault("metadata", {})["resourceVersion"] = ""
            body = self.session.normal.body(event["object"])
            events.append({"type": event["type"], "object": body})
            if not self.until:
                continue
            if event["object"].get("metadata", {}).get("name") == self.until:
                break
        # Where all there is was sent, old servers send it in no order.
        return events if self.until else sorted(events, key=self.place)

    @staticmethod
    def place(event):
        name = event["object"].get("metadata", {}).get("name", "")
        return event["type"] == "BOOKMARK", name
