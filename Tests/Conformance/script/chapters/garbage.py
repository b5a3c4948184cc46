"""Owners and what they own; namespaces and what is in them."""

import time

from ..subjects import CONFIG_MAP, NAMESPACES


def run(session, subject):
    s, k = session, CONFIG_MAP
    background(s, k)
    foreground(s, k)
    orphans(s, k)
    two_owners(s, k)
    namespaces(s, NAMESPACES, k)


def owner(meta, **more):
    return {"apiVersion": "v1", "kind": "ConfigMap", "name": meta["name"], "uid": meta["uid"], **more}


def make(s, k, name, *owners, **more):
    return s.quietly("POST", k.all(), k.make(name, ownerReferences=list(owners), **more)).body["metadata"]


def eventually(s, path, check, seconds=15):
    """Waits for what the garbage collector does in its own time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check(s.quietly("GET", path)):
            return
        time.sleep(0.05)


def gone(answer):
    return answer.code == 404


def background(s, k):
    parent = make(s, k, "g1")
    child = make(s, k, "g1-child", owner(parent))
    make(s, k, "g1-grandchild", owner(child))
    s.delete("an owner", k.one("g1"), propagationPolicy="Background")
    eventually(s, k.one("g1-grandchild"), gone)
    for name in ("g1-child", "g1-grandchild"):
        s.get(f"{name} after its owner", k.one(name))
    make(s, k, "g2", owner({"name": "never", "uid": "11111111-2222-3333-4444-555555555555"}))
    eventually(s, k.one("g2"), gone)
    s.get("an object whose owner never was", k.one("g2"))


def foreground(s, k):
    parent = make(s, k, "g3")
    make(s, k, "g3-child", owner(parent, blockOwnerDeletion=True), finalizers=["example.com/one"])
    s.delete("in the foreground", k.one("g3"), propagationPolicy="Foreground")
    eventually(s, k.one("g3-child"), lambda answer: "deletionTimestamp" in answer["metadata"])
    s.get("it waits", k.one("g3"))
    s.get("its child goes", k.one("g3-child"))
    s.patch("its child is freed", "merge", k.one("g3-child"), {"metadata": {"finalizers": None}})
    eventually(s, k.one("g3"), gone)
    s.get("it goes", k.one("g3"))
    s.get("its child is gone", k.one("g3-child"))
    parent = make(s, k, "g4")
    make(s, k, "g4-child", owner(parent), finalizers=["example.com/one"])
    s.delete("in the foreground, not blocked", k.one("g4"), propagationPolicy="Foreground")
    eventually(s, k.one("g4"), gone)
    s.get("gone before its child", k.one("g4"))
    eventually(s, k.one("g4-child"), lambda answer: "deletionTimestamp" in answer["metadata"])
    s.patch("its child is freed too", "merge", k.one("g4-child"), {"metadata": {"finalizers": None}})


def orphans(s, k):
    parent = make(s, k, "g5")
    make(s, k, "g5-child", owner(parent))
    s.delete("without its children", k.one("g5"), propagationPolicy="Orphan")
    eventually(s, k.one("g5"), gone)
    s.get("an orphan", k.one("g5-child"))
    s.quietly("DELETE", k.one("g5-child"))
    parent = make(s, k, "g6")
    make(s, k, "g6-child", owner(parent))
    s.delete("without its children, the old way", k.one("g6"), orphanDependents="true")
    eventually(s, k.one("g6"), gone)
    s.get("an orphan of the old way", k.one("g6-child"))
    s.quietly("DELETE", k.one("g6-child"))


def two_owners(s, k):
    parents = [make(s, k, name) for name in ("g7", "g8")]
    make(s, k, "g7-child", *[owner(parent) for parent in parents])
    s.delete("one of two owners", k.one("g7"))
    eventually(s, k.one("g7-child"), lambda answer: len(answer["metadata"].get("ownerReferences", [])) < 2)
    s.get("a child of the other", k.one("g7-child"))
    s.delete("the other owner", k.one("g8"))
    eventually(s, k.one("g7-child"), gone)
    s.get("a child of none", k.one("g7-child"))


def namespaces(s, n, k):
    s.post("a namespace", n.all(), n.make("gone"))
    s.post("a bad namespace", n.all(), n.make("Bad_Namespace"))
    s.patch("a label of a namespace", "merge", n.one("gone"), {"metadata": {"labels": {"a": "b"}}})
    s.post("in no namespace", k.all("nowhere"), k.make("n0"))
    s.quietly("POST", k.all("gone"), k.make("n1", finalizers=["example.com/one"]))
    s.quietly("POST", k.all("gone"), k.make("n2"))
    s.delete("delete a namespace", n.one("gone"))
    eventually(s, k.one("n2", namespace="gone"), gone)
    eventually(s, n.one("gone"), lambda answer: len(answer["status"].get("conditions", [])) == 5)
    s.quietly("GET", n.one("gone"))
    s.get("a namespace that waits", n.one("gone"))
    s.get("what it waits for", k.one("n1", namespace="gone"))
    s.post("nothing new", k.all("gone"), k.make("n3"))
    s.delete("delete it again", n.one("gone"))
    s.merge(k.one("n1", namespace="gone"), {"metadata": {"finalizers": None}})
    eventually(s, n.one("gone"), gone)
    s.get("gone with all in it", n.one("gone"))
    s.delete("delete a permanent namespace", n.one("default"), dryRun="All")
    s.call("delete all namespaces", "DELETE", n.all())
