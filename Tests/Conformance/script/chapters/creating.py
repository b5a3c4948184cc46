"""Create: names, dry runs, what is wrong with metadata, bodies and content types."""

import json


def run(session, subject):
    s, k = session, subject
    s.post("create", k.all(), k.make("one", labels={"a": "b"}, annotations={"x": "y"}))
    s.post("create again", k.all(), k.make("one"))
    s.post("generate a name", k.all(), k.make(generateName="some-"))
    s.post("no name", k.all(), k.make())
    s.post("a bad name", k.all(), k.make("Bad_Name"))
    s.post("a bad prefix", k.all(), k.make(generateName="Bad_"))
    s.post("with a resourceVersion", k.all(), k.make("versioned", resourceVersion="5"))
    s.post("with the server's fields", k.all(), k.make(
        "greedy", uid="11111111-2222-3333-4444-555555555555", creationTimestamp="2001-01-01T00:00:00Z", generation=9,
        deletionTimestamp="2001-01-01T00:00:00Z", selfLink="/x"))
    s.post("with a status", k.all(), {**k.make("stated"), **({"status": {"phase": "x"}} if k.kind == "Parcel" else {})})
    s.post("dry run", k.all(), k.make("dry"), dryRun="All")
    s.get("a dry run leaves nothing", k.one("dry"))
    s.post("a dry run of what is there", k.all(), k.make("one"), dryRun="All")
    s.post("a wrong dry run", k.all(), k.make("dry"), dryRun="Some")
    s.post("the wrong namespace", k.all(), k.make("elsewhere", namespace="default"))
    s.post("the right namespace", k.all(), k.make("here", namespace="conformance"))
    s.post("the wrong kind", k.all(), {**k.make("wrong"), "kind": "Other"})
    s.post("the wrong version", k.all(), {**k.make("wrong"), "apiVersion": "v7"})
    s.post("no kind", k.all(), {key: value for key, value in k.make("kindless").items() if key != "kind"})
    s.post("no apiVersion", k.all(), {key: value for key, value in k.make("less").items() if key != "apiVersion"})
    metadata(s, k)
    bodies(s, k)
    validation(s, k)


def metadata(s, k):
    s.post("bad labels", k.all(), k.make("bad", labels={"a b": "c", "d": "e f", "ok": "x"}))
    s.post("bad annotations", k.all(), k.make("bad", annotations={"a b": "c"}))
    s.post("large annotations", k.all(), k.make("bad", annotations={"a": "x" * 262_145}))
    s.post("labels of numbers", k.all(), k.make("bad", labels={"a": 1}))
    s.post("null labels", k.all(), k.make("nulls", labels=None, annotations=None, creationTimestamp=None))
    s.post("a bad finalizer", k.all(), k.make("bad", finalizers=["no/such/thing"]))
    s.post("a bad owner", k.all(), k.make("bad", ownerReferences=[
        {"apiVersion": "", "kind": "A", "name": "", "uid": ""}]))
    s.post("two controllers", k.all(), k.make("bad", ownerReferences=[
        {"apiVersion": "v1", "kind": "A", "name": name, "uid": name, "controller": True} for name in ("one", "two")]))
    s.post("an unknown metadata field", k.all(), k.make("odd", colour="red"))
    s.post("a long name", k.all(), k.make("n" * 254))
    s.post("a long prefix", k.all(), k.make(generateName="p" * 250))


def bodies(s, k):
    s.call("no JSON", "POST", k.all(), content=b"{nonsense")
    s.call("an empty body", "POST", k.all(), content=b"")
    s.call("an array", "POST", k.all(), content=b"[]")
    s.call("an odd content type", "POST", k.all(), k.make("odd"), content_type="text/csv")
    s.call("no content type", "POST", k.all(), k.make("typeless"), content_type=None)
    s.call("YAML", "POST", k.all(), content=yaml(k, "yaml"), content_type="application/yaml")
    s.call("an odd Accept", "POST", k.all(), k.make("odd-accept"), accept="text/csv")
    s.call("one of many", "GET", k.one("one"), accept="text/csv, application/json;q=0.5")
    s.call("anything", "GET", k.one("one"), accept="*/*")
    s.call("not to be given", "GET", k.one("one"), accept="application/xml")


def yaml(k, name):
    return f"apiVersion: {k.api_version}\nkind: {k.kind}\nmetadata: {{name: {name}}}\n".encode() + b"".join(
        f"{key}: {json.dumps(value)}\n".encode() for key, value in k.template.items())


def validation(s, k):
    for level in ("Ignore", "Warn", "Strict", ""):
        name = level.lower() or "default"
        s.post(f"an unknown field, {name}", k.all(), {**k.make(f"unknown-{name}"), "surprise": 1},
               **({"fieldValidation": level} if level else {}))
        content = (f'{{"apiVersion":"{k.api_version}","kind":"{k.kind}","metadata":{{"name":"twice-{name}",'
                   f'"name":"twice-{name}"}}{template(k)}}}').encode()
        s.call(f"a field twice, {name}", "POST", k.all(), content=content,
               query={"fieldValidation": level} if level else None)
    s.post("an odd level", k.all(), k.make("odd-level"), fieldValidation="Loud")


def template(k):
    return "".join(f',"{key}":{json.dumps(value)}' for key, value in k.template.items())
