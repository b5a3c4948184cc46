"""Replace and patch: concurrency, generation, the three kinds of patches."""


def run(session, subject):
    s, k = session, subject
    replacing(s, k)
    json_patches(s, k)
    merge_patches(s, k)
    unfit_patches(s, k)
    immutable(s, k)


def merged(base, patch):
    if not isinstance(patch, dict):
        return patch
    base = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        base[key] = merged(base.get(key), value)
    return base


def replacing(s, k):
    made = s.post("create", k.all(), k.make("u1")).body
    s.put("replace with itself", k.one("u1"), made)
    s.put("replace", k.one("u1"), merged(made, k.change))
    s.put("replace an old version", k.one("u1"), merged(made, k.change))
    s.put("replace whatever is there", k.one("u1"), k.make("u1"))
    def now(**metadata):
        """What is to be there, with the version that is there: custom resources want it."""
        return k.make("u1", resourceVersion=s.quietly("GET", k.one("u1"))["metadata"]["resourceVersion"], **metadata)

    s.put("replace with labels", k.one("u1"), now(labels={"a": "b"}))
    s.put("the wrong uid", k.one("u1"), now(uid="11111111-2222-3333-4444-555555555555"))
    s.put("the wrong name", k.one("u1"), k.make("u2"))
    s.put("no name", k.one("u1"), k.make())
    s.put("the wrong namespace", k.one("u1"), now(namespace="default"))
    s.put("the wrong kind", k.one("u1"), {**now(), "kind": "Other"})
    s.put("a wrong version", k.one("u1"), k.make("u1", resourceVersion="x"))
    s.put("replace nothing", k.one("nothing"), k.make("nothing"))
    s.put("replace nothing with a version", k.one("nothing"), k.make("nothing", resourceVersion="7"))
    s.put("dry run", k.one("u1"), merged(now(), k.change), dryRun="All")
    s.get("a dry run changes nothing", k.one("u1"))
    s.put("an unknown field", k.one("u1"), {**now(), "surprise": 1}, fieldValidation="Strict")
    s.put("the server's fields", k.one("u1"), now(creationTimestamp="2001-01-01T00:00:00Z", generation=77))
    s.put("a deletionTimestamp", k.one("u1"), now(deletionTimestamp="2001-01-01T00:00:00Z"))
    s.put("managed fields released", k.one("u1"), now(managedFields=[{}]))
    s.put("by another manager", k.one("u1"), merged(now(), k.change), fieldManager="bob")
    s.put("a long manager", k.one("u1"), now(), fieldManager="m" * 129)
    s.put("an odd manager", k.one("u1"), now(), fieldManager="m\u0007")


def json_patches(s, k):
    def patch(step, *operations, name="u1", **query):
        return s.patch(f"JSON: {step}", "json", k.one(name), list(operations), **query)

    def op(op, path, **more):
        return {"op": op, "path": f"/metadata{path}", **more}

    patch("add", op("add", "/annotations", value={"a": "1", "x/y": "2"}))
    patch("replace a value", op("replace", "/annotations/a", value="3"))
    patch("an escaped path", op("replace", "/annotations/x~1y", value="4"))
    patch("test and replace", op("test", "/annotations/a", value="3"), op("replace", "/annotations/a", value="5"))
    patch("a failed test", op("test", "/annotations/a", value="3"), op("remove", "/annotations/a"))
    patch("remove", op("remove", "/annotations/a"))
    patch("remove nothing", op("remove", "/annotations/a"))
    patch("replace nothing", op("replace", "/annotations/a", value="1"))
    # Where there was nothing to replace, old servers add.
    s.merge(k.one("u1"), {"metadata": {"annotations": {"a": None}}})
    patch("copy and move", op("copy", "/annotations/b", **{"from": "/metadata/annotations/x~1y"}),
          op("move", "/annotations/c", **{"from": "/metadata/annotations/b"}))
    patch("an unknown operation", op("mangle", "/annotations"))
    patch("no operations")
    patch("the name", op("replace", "/name", value="u2"))
    patch("an old version", op("replace", "/resourceVersion", value="1"))
    patch("of nothing", op("add", "/annotations", value={}), name="nothing")
    patch("dry run of a patch", op("add", "/annotations", value={"dry": "1"}), dryRun="All")
    s.patch("a patch that is an object", "json", k.one("u1"), {"op": "remove"})
    s.call("a patch that is no JSON", "PATCH", k.one("u1"), content=b"[{", content_type="application/json-patch+json")


def merge_patches(s, k):
    def patch(step, body, name="u1", **query):
        return s.patch(step, "merge", k.one(name), body, **query)

    patch("merge", {"metadata": {"labels": {"m": "1"}}})
    patch("merge the same", {"metadata": {"labels": {"m": "1"}}})
    patch("merge content", k.change)
    patch("merge null", {"metadata": {"labels": {"m": None}}})
    patch("merge null of nothing", {"metadata": {"labels": {"zzz": None}}})
    patch("merge an empty patch", {})
    patch("merge an old version", {"metadata": {"resourceVersion": "1", "labels": {"m": "2"}}})
    patch("merge another name", {"metadata": {"name": "u2"}})
    patch("merge another namespace", {"metadata": {"namespace": "default"}})
    patch("merge another kind", {"kind": "Other"})
    patch("merge a bad label", {"metadata": {"labels": {"m": "a b"}}})
    patch("merge an unknown field", {"surprise": 1})
    patch("merge an unknown field strictly", {"surprise": 1}, fieldValidation="Strict")
    patch("merge an unknown field quietly", {"surprise": 1}, fieldValidation="Ignore")
    patch("merge into nothing", {"metadata": {"labels": {"m": "1"}}}, name="nothing")
    patch("merge with force", {"metadata": {"labels": {"m": "1"}}}, force="true")
    s.call("a merge patch that is a list", "PATCH", k.one("u1"), [], content_type="application/merge-patch+json")
    s.call("a merge patch that is no JSON", "PATCH", k.one("u1"), content=b"{", content_type="application/merge-patch+json")


def unfit_patches(s, k):
    s.call("a patch of no type", "PATCH", k.one("u1"), {}, content_type=None)
    s.call("a patch that is plain JSON", "PATCH", k.one("u1"), {}, content_type="application/json")
    s.call("a patch of an odd type", "PATCH", k.one("u1"), {}, content_type="text/plain")
    s.patch("a strategic patch", "strategic", k.one("u1"), {"metadata": {"labels": {"s": "1"}}})


def immutable(s, k):
    live = s.get("before", k.one("u1")).body
    uid = {**live, "metadata": {**live["metadata"], "uid": "11111111-2222-3333-4444-555555555555"}}
    s.put("change the uid", k.one("u1"), uid)
    s.patch("patch the uid", "merge", k.one("u1"), {"metadata": {"uid": "11111111-2222-3333-4444-555555555555"}})
    s.patch("patch the creationTimestamp", "merge", k.one("u1"),
            {"metadata": {"creationTimestamp": "2001-01-01T00:00:00Z"}})
    s.patch("patch the generation", "merge", k.one("u1"), {"metadata": {"generation": 70}})
    s.patch("patch the deletionTimestamp", "merge", k.one("u1"),
            {"metadata": {"deletionTimestamp": "2001-01-01T00:00:00Z"}})
    s.delete("delete", k.one("u1"))
