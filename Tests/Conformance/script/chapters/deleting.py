"""Delete: preconditions, policies, finalizers, collections."""

import time


def run(session, subject):
    s, k = session, subject
    single(s, k)
    preconditions(s, k)
    options(s, k)
    finalizers(s, k)
    collections(s, k)


def made(s, k, name, **metadata):
    return s.quietly("POST", k.all(), k.make(name, **metadata)).body["metadata"]


def single(s, k):
    made(s, k, "d1")
    s.delete("dry run", k.one("d1"), dryRun="All")
    s.get("a dry run leaves it", k.one("d1"))
    s.delete("delete", k.one("d1"))
    s.delete("delete again", k.one("d1"))
    s.get("gone", k.one("d1"))
    s.delete("nothing", k.one("nothing"))


def preconditions(s, k):
    meta = made(s, k, "d2")
    s.delete("the wrong uid", k.one("d2"), options_of(preconditions={"uid": "11111111-2222-3333-4444-555555555555"}))
    s.delete("the wrong version", k.one("d2"), options_of(preconditions={"resourceVersion": "1"}))
    s.delete("the right ones", k.one("d2"), options_of(
        preconditions={"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}))


def options_of(**more):
    return {"apiVersion": "v1", "kind": "DeleteOptions", **more}


def options(s, k):
    for policy in ("Background", "Foreground", "Orphan"):
        made(s, k, f"d-{policy.lower()}")
        s.delete(f"policy {policy}", k.one(f"d-{policy.lower()}"), options_of(propagationPolicy=policy))
        settled(s, k, f"d-{policy.lower()}")
    made(s, k, "d3")
    s.delete("an odd policy", k.one("d3"), options_of(propagationPolicy="Sideways"))
    s.delete("a policy in the URL", k.one("d3"), propagationPolicy="Sideways")
    s.delete("two policies", k.one("d3"), options_of(propagationPolicy="Orphan", orphanDependents=True))
    s.delete("an odd dry run", k.one("d3"), options_of(dryRun=["Some"]))
    s.delete("an odd body", k.one("d3"), {"apiVersion": "v1", "kind": "Pod"})
    s.call("a body that is none", "DELETE", k.one("d3"), content=b"{nonsense")
    s.delete("a negative grace period", k.one("d3"), gracePeriodSeconds="-1")
    made(s, k, "d3")
    s.delete("a grace period", k.one("d3"), options_of(gracePeriodSeconds=30))
    made(s, k, "d3")
    s.delete("at once", k.one("d3"), gracePeriodSeconds="0")
    made(s, k, "d3")
    s.delete("a policy in the URL that is right", k.one("d3"), propagationPolicy="Background")
    made(s, k, "d3")
    s.delete("a wrong grace period", k.one("d3"), gracePeriodSeconds="x")
    s.delete("orphans the old way", k.one("d3"), orphanDependents="false")
    s.quietly("DELETE", k.one("d3"))


def settled(s, k, name):
    """Waits for the garbage collector, whose work is not of the call."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        live = s.quietly("GET", k.one(name))
        if live.code == 404:
            return
        finalizers = live["metadata"].get("finalizers", [])
        if s.server.collects:
            time.sleep(0.05)
            continue
        assert finalizers, live.body
        s.merge(k.one(name), {"metadata": {"finalizers": None}})


def finalizers(s, k):
    s.post("with a finalizer", k.all(), k.make("f1", finalizers=["example.com/one", "example.com/two"]))
    s.delete("marked", k.one("f1"))
    s.delete("marked again", k.one("f1"))
    s.get("still there", k.one("f1"))
    s.post("create over it", k.all(), k.make("f1"))
    s.patch("no new ones", "json", k.one("f1"), [
        {"op": "add", "path": "/metadata/finalizers/-", "value": "example.com/three"}])
    s.patch("a change while going", "merge", k.one("f1"), {"metadata": {"labels": {"a": "b"}}})
    s.patch("one less", "merge", k.one("f1"), {"metadata": {"finalizers": ["example.com/two"]}})
    s.patch("dry run of the last", "merge", k.one("f1"), {"metadata": {"finalizers": None}}, dryRun="All")
    s.patch("the last", "merge", k.one("f1"), {"metadata": {"finalizers": None}})
    s.get("gone at last", k.one("f1"))
    made(s, k, "f2", finalizers=["example.com/one"])
    s.delete("a policy with a finalizer", k.one("f2"), options_of(propagationPolicy="Foreground"))
    s.patch("freed", "merge", k.one("f2"), {"metadata": {"finalizers": None}})
    made(s, k, "f3", finalizers=["example.com/one"])
    version = s.quietly("GET", k.all())["metadata"]["resourceVersion"]
    with s.watch("what watchers see", k.all(), "f4", resourceVersion=version):
        s.quietly("DELETE", k.one("f3"))
        s.merge(k.one("f3"), {"metadata": {"finalizers": []}})
        made(s, k, "f4")
    s.quietly("DELETE", k.one("f4"))


def collections(s, k):
    for name in ("c1", "c2", "c3"):
        made(s, k, name, labels={"c": name, "set": "yes"})
    made(s, k, "c4", labels={"set": "yes"}, finalizers=["example.com/one"])
    s.delete("a dry run of many", k.all(), labelSelector="set", dryRun="All")
    s.delete("one of many", k.all(), labelSelector="c=c1")
    s.delete("by field", k.all(), fieldSelector="metadata.name=c2")
    s.delete("none of many", k.all(), labelSelector="c=none")
    s.delete("a bad selector", k.all(), labelSelector="a b")
    s.delete("the rest", k.all(), labelSelector="set")
    s.get("what is left", k.all(), labelSelector="set")
    s.patch("freed at last", "merge", k.one("c4"), {"metadata": {"finalizers": []}})
    if k.namespaced:
        s.call("without a namespace", "DELETE", k.everywhere, query={"labelSelector": "none"})
