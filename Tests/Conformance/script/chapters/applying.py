"""Server-side apply on Parcels: ownership, conflicts, lists by key, removal, subresources."""


def run(session, subject):
    s, k = session, subject
    creating(s, k)
    conflicts(s, k)
    transfer(s, k)
    removal(s, k)
    lists(s, k)
    nulls(s, k)
    status(s, k)
    refused(s, k)


def parcel(k, name, metadata=None, **spec):
    return k.with_(name, metadata, spec=spec)


def creating(s, k):
    s.apply("create", k.one("a1"), parcel(k, "a1", {"labels": {"l": "1"}}, size=1, colour="red"))
    s.apply("the same", k.one("a1"), parcel(k, "a1", {"labels": {"l": "1"}}, size=1, colour="red"))
    s.apply("a change", k.one("a1"), parcel(k, "a1", {"labels": {"l": "1"}}, size=2, colour="red"))
    s.apply("create, dry run", k.one("a-dry"), parcel(k, "a-dry", size=1), dryRun="All")
    s.get("dry runs leave nothing", k.one("a-dry"))
    s.apply("without apiVersion", k.one("a1"), {"kind": "Parcel", "metadata": {"name": "a1"}})
    s.apply("without name", k.one("a1"), {"apiVersion": k.api_version, "kind": k.kind, "metadata": {}, "spec": {}})
    s.apply("with an unknown field", k.one("a-unknown"), {**parcel(k, "a-unknown", size=1), "surprise": 1})
    s.apply("with an unknown field, strictly", k.one("a-unknown"), parcel(k, "a-unknown", size=1, oops=2),
            fieldValidation="Strict")
    s.apply("with an unknown field, quietly", k.one("a-unknown"), parcel(k, "a-unknown", size=1, oops=2),
            fieldValidation="Ignore")


def conflicts(s, k):
    s.apply("another field", k.one("a1"), parcel(k, "a1", title="abc"), "bob")
    s.apply("the same value", k.one("a1"), parcel(k, "a1", title="abc", size=2), "bob")
    s.apply("a conflict", k.one("a1"), parcel(k, "a1", title="abc", size=7), "bob")
    s.apply("two conflicts", k.one("a1"), parcel(k, "a1", title="xyz", size=7, colour="blue"), "carol")
    s.apply("force", k.one("a1"), parcel(k, "a1", title="abc", size=7), "bob", force="true")
    s.apply("the loser applies again", k.one("a1"), parcel(k, "a1", size=2, colour="red"))
    s.apply("the loser gives in", k.one("a1"), parcel(k, "a1", colour="red"))
    s.apply("shared values stay", k.one("a1"), parcel(k, "a1", title="abc"), "bob")
    s.apply("a label in conflict", k.one("a1"), parcel(k, "a1", {"labels": {"l": "2"}}), "bob")
    s.apply("an owned label", k.one("a1"), parcel(k, "a1", {"labels": {"m": "2"}}), "bob")


def transfer(s, k):
    s.post("created", k.all(), parcel(k, "a2", {"labels": {"l": "1"}}, size=1, contents=["a"]), fieldManager="creator")
    s.apply("taken over with the same values", k.one("a2"), parcel(k, "a2", size=1), "alice")
    s.apply("a conflict with an update", k.one("a2"), parcel(k, "a2", size=2, contents=["b"]), "bob")
    s.patch("an update of what is applied", "merge", k.one("a2"), {"spec": {"size": 4}}, fieldManager="updater")
    s.apply("a conflict with an updater", k.one("a2"), parcel(k, "a2", size=1), "alice")
    s.apply("applied with the live value", k.one("a2"), parcel(k, "a2", size=4), "alice")
    s.patch("the updater removes", "json", k.one("a2"), [{"op": "remove", "path": "/spec/contents"}],
            fieldManager="updater")
    s.patch("updated twice by one", "merge", k.one("a2"), {"spec": {"colour": "red"}}, fieldManager="updater")
    s.patch("updated by the same as applies", "merge", k.one("a2"), {"spec": {"title": "abc"}}, fieldManager="alice")
    live = s.get("what came of it", k.one("a2")).body
    live["metadata"]["managedFields"] = []
    s.put("released", k.one("a2"), live, fieldManager="updater")
    s.apply("applied to what nobody owns", k.one("a2"), parcel(k, "a2", size=9), "alice")


def removal(s, k):
    s.apply("three fields", k.one("a3"), parcel(k, "a3", size=1, options={"a": "1", "b": "2"}, box={"height": 5}))
    s.apply("fewer fields", k.one("a3"), parcel(k, "a3", options={"b": "2"}))
    s.apply("an object less", k.one("a3"), parcel(k, "a3", size=1))
    s.apply("co-owned", k.one("a3"), parcel(k, "a3", size=1, title="abc"), "bob")
    s.apply("given up by one", k.one("a3"), parcel(k, "a3", title="abc"), "alice")
    s.apply("given up by all", k.one("a3"), parcel(k, "a3", colour="red"), "bob")
    s.apply("nothing at all", k.one("a3"), k.head("a3"), "alice")
    s.apply("an empty object", k.one("a3"), parcel(k, "a3", options={}, box={}), "alice")
    s.apply("an atomic map", k.one("a3"), parcel(k, "a3", settings={"a": "1"}), "alice")
    s.apply("another key of it", k.one("a3"), parcel(k, "a3", settings={"b": "1"}), "bob")
    s.apply("another key by force", k.one("a3"), parcel(k, "a3", settings={"b": "1"}), "bob", force="true")
    s.apply("free form", k.one("a3"), parcel(k, "a3", extra={"a": {"b": [1, {"c": 2}]}}), "alice")
    s.apply("free form by two", k.one("a3"), parcel(k, "a3", extra={"a": {"d": "x"}}), "bob")
    s.apply("finalizers", k.one("a3"), parcel(k, "a3", {"finalizers": ["example.com/a"]}), "alice")
    s.apply("finalizers of two", k.one("a3"), parcel(k, "a3", {"finalizers": ["example.com/b"]}), "bob")
    s.apply("finalizers given up", k.one("a3"), parcel(k, "a3"), "alice")
    s.apply("the last finalizer given up", k.one("a3"), parcel(k, "a3"), "bob")


def lists(s, k):
    parts = [{"name": "a", "count": 1}, {"name": "b", "count": 2}]
    s.apply("two parts", k.one("a4"), parcel(k, "a4", parts=parts, tags=["x", "y"], contents=["1", "2"]))
    s.apply("a part of another", k.one("a4"), parcel(k, "a4", parts=[{"name": "c"}], tags=["z"]), "bob")
    s.apply("a field of a part", k.one("a4"), parcel(k, "a4", parts=[{"name": "a", "labels": {"l": "1"}}]), "bob")
    s.apply("a conflict in a part", k.one("a4"), parcel(k, "a4", parts=[{"name": "a", "count": 9}]), "bob")
    s.apply("a part less", k.one("a4"), parcel(k, "a4", parts=[{"name": "b", "count": 2}], tags=["y"], contents=["1"]))
    s.apply("another order", k.one("a4"), parcel(k, "a4", parts=[{"name": "d"}, {"name": "b", "count": 2}]))
    s.apply("the same key twice", k.one("a4"), parcel(k, "a4", parts=[{"name": "d"}, {"name": "d"}]))
    s.apply("without a key", k.one("a4"), parcel(k, "a4", parts=[{"count": 3}]))
    s.apply("the same tag twice", k.one("a4"), parcel(k, "a4", tags=["t", "t"]))
    s.apply("keys with defaults", k.one("a4"), parcel(
        k, "a4", routes=[{"port": 80}, {"port": 80, "protocol": "UDP", "name": "x"}]))
    s.apply("a key that is a default", k.one("a4"), parcel(
        k, "a4", routes=[{"port": 80, "protocol": "TCP", "name": "y"}]), "bob")
    s.apply("an atomic list in conflict", k.one("a4"), parcel(k, "a4", contents=["3"]), "bob")
    s.apply("an atomic list", k.one("a4"), parcel(k, "a4", contents=["3"]), "alice")
    s.apply("an empty list", k.one("a4"), parcel(k, "a4", parts=[]), "alice")
    s.patch("an update in a list", "json", k.one("a4"), [
        {"op": "add", "path": "/spec/parts", "value": [{"name": "u", "count": 4}]}], fieldManager="updater")
    s.apply("beside an update in a list", k.one("a4"), parcel(k, "a4", parts=[{"name": "v"}]), "alice")


def nulls(s, k):
    s.apply("null of a field", k.one("a5"), parcel(k, "a5", size=1, title=None, note=None))
    s.apply("null of an owned field", k.one("a5"), parcel(k, "a5", size=None))
    s.apply("null of a default", k.one("a5"), parcel(k, "a5", fragile=None))
    s.apply("null of a map", k.one("a5"), parcel(k, "a5", {"labels": None}, options=None, parts=None))


def status(s, k):
    made = parcel(k, "a6", size=1)
    s.apply("with a status", k.one("a6"), {**made, "status": {"phase": "x"}})
    s.apply("the status", k.one("a6", "status"), {**k.head("a6"), "status": {
        "phase": "x", "conditions": [{"type": "Ready", "status": "True"}]}}, "controller")
    s.apply("the status and more", k.one("a6", "status"), {
        **parcel(k, "a6", {"labels": {"l": "1"}}, size=7), "status": {"phase": "x"}}, "controller")
    s.apply("the status of another", k.one("a6", "status"), {**k.head("a6"), "status": {
        "conditions": [{"type": "Other", "status": "True"}]}}, "other")
    s.apply("a conflict in the status", k.one("a6", "status"), {**k.head("a6"), "status": {"phase": "y"}}, "other")
    s.apply("the object by who applied the status", k.one("a6"), parcel(k, "a6", title="abc"), "controller")
    s.apply("the status of nothing", k.one("nothing", "status"), {**k.head("nothing"), "status": {"phase": "y"}})
    s.apply("the scale", k.one("a6", "scale"), {
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "a6"}, "spec": {"replicas": 3}}, "scaler")
    s.get("after the scale", k.one("a6"))
    s.apply("replicas against the scaler", k.one("a6"), parcel(k, "a6", replicas=1), "alice")


def refused(s, k):
    s.patch("no manager", "apply", k.one("a1"), parcel(k, "a1", size=1))
    s.apply("a long manager", k.one("a1"), parcel(k, "a1", size=1), "m" * 129)
    s.apply("an odd force", k.one("a1"), parcel(k, "a1", size=1), "alice", force="perhaps")
    s.apply("managed fields", k.one("a1"), parcel(k, "a1", {"managedFields": [{"manager": "x"}]}, size=1))
    s.apply("an old version", k.one("a1"), parcel(k, "a1", {"resourceVersion": "1"}, size=1))
    s.apply("a version of nothing", k.one("a-none"), parcel(k, "a-none", {"resourceVersion": "1"}, size=1))
    s.apply("a uid of nothing", k.one("a-none"), parcel(
        k, "a-none", {"uid": "11111111-2222-3333-4444-555555555555"}, size=1))
    s.apply("the wrong name", k.one("a1"), parcel(k, "a2", size=1))
    s.apply("the wrong namespace", k.one("a1"), parcel(k, "a1", {"namespace": "default"}, size=1))
    s.apply("the wrong kind", k.one("a1"), {**parcel(k, "a1", size=1), "kind": "Other"})
    s.apply("an invalid value", k.one("a1"), parcel(k, "a1", size=1000), "alice", force="true")
    s.apply("a wrong type", k.one("a1"), parcel(k, "a1", size="many"), "alice", force="true")
    s.apply("a list for an object", k.one("a1"), {**k.head("a1"), "spec": []}, "alice", force="true")
    s.call("no YAML", "PATCH", k.one("a1"), content=b"a: [", content_type="application/apply-patch+yaml",
           query={"fieldManager": "alice"})
    for name in ("a1", "a2", "a3", "a4", "a5", "a6", "a-unknown"):
        s.quietly("DELETE", k.one(name))
