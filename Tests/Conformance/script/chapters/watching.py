"""Watches: from now, from a version, with selectors, bookmarks and initial events, and from versions that are gone."""


def run(session, subject):
    s, k = session, subject
    s.quietly("POST", k.all(), k.make("w0", labels={"w": "yes"}))
    version = s.quietly("GET", k.all(), query={"labelSelector": "w"})["metadata"]["resourceVersion"]
    from_version(s, k, version)
    selected(s, k)
    beginnings(s, k)
    refused(s, k)
    for name in ("w0", "w1", "w2", "w-end", "w-last"):
        s.quietly("DELETE", k.one(name))


def label(s, k, name, **labels):
    s.merge(k.one(name), {"metadata": {"labels": labels}})


def from_version(s, k, version):
    with s.watch("from a version", k.all(), "w-end", resourceVersion=version):
        s.quietly("POST", k.all(), k.make("w1", labels={"w": "yes"}))
        label(s, k, "w1", more="x")
        label(s, k, "w1", more="x")
        s.quietly("DELETE", k.one("w1"))
        s.quietly("POST", k.all(), k.make("w-end", labels={"w": "yes"}))
    with s.watch("the same later", k.all(), "w-end", resourceVersion=version):
        pass
    current = s.quietly("GET", k.all())["metadata"]["resourceVersion"]
    with s.watch("one object", k.all(), "w0", resourceVersion=current, fieldSelector="metadata.name=w0"):
        label(s, k, "w-end", other="x")
        label(s, k, "w0", other="x")
    if k.namespaced:
        current = s.quietly("GET", k.all())["metadata"]["resourceVersion"]
        with s.watch("another namespace", k.all("conformance-other"), "w0", resourceVersion=current):
            label(s, k, "w0", other="y")
            s.quietly("POST", k.all("conformance-other"), k.make("w0"))
        with s.watch("all namespaces", k.everywhere, "w0", resourceVersion=current):
            pass
        s.quietly("DELETE", k.one("w0", namespace="conformance-other"))


def selected(s, k):
    current = s.quietly("GET", k.all())["metadata"]["resourceVersion"]
    with s.watch("a selector's transitions", k.all(), "w-last", resourceVersion=current, labelSelector="chosen=yes"):
        s.quietly("POST", k.all(), k.make("w2", labels={"w": "yes"}))
        label(s, k, "w2", chosen="yes")
        label(s, k, "w2", more="x")
        label(s, k, "w2", chosen="no")
        label(s, k, "w2", chosen="yes")
        s.quietly("DELETE", k.one("w2"))
        s.quietly("POST", k.all(), k.make("w-last", labels={"chosen": "yes", "w": "yes"}))


def beginnings(s, k):
    with s.watch("from nowhere", k.all(), None, labelSelector="w", timeoutSeconds="1"):
        pass
    with s.watch("from 0", k.all(), None, labelSelector="w", resourceVersion="0", timeoutSeconds="1"):
        pass
    if s.chapter.startswith("custom"):
        with s.watch("initial events", k.all(), None, labelSelector="w", timeoutSeconds="1", sendInitialEvents="true",
                     allowWatchBookmarks="true", resourceVersionMatch="NotOlderThan"):
            pass
        with s.watch("no initial events", k.all(), None, labelSelector="w", timeoutSeconds="1",
                     sendInitialEvents="false", allowWatchBookmarks="true", resourceVersionMatch="NotOlderThan"):
            pass
        with s.watch("initial events without a match", k.all(), None, sendInitialEvents="true", timeoutSeconds="1"):
            pass
        with s.watch("initial events without bookmarks", k.all(), None, labelSelector="w", sendInitialEvents="true",
                     resourceVersionMatch="NotOlderThan", timeoutSeconds="1"):
            pass
        with s.watch("a match without initial events", k.all(), None, resourceVersionMatch="NotOlderThan",
                     timeoutSeconds="1"):
            pass
        s.get("a list with initial events", k.all(), sendInitialEvents="true", resourceVersionMatch="NotOlderThan")
        with s.watch("metadata only", k.all(), None, labelSelector="w", timeoutSeconds="1",
                     accept="application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"):
            pass
        with s.watch("a table", k.all(), None, labelSelector="w", timeoutSeconds="1",
                     accept="application/json;as=Table;v=v1;g=meta.k8s.io"):
            pass


def refused(s, k):
    with s.watch("a version that is none", k.all(), None, resourceVersion="x", timeoutSeconds="1"):
        pass
    with s.watch("a continue token", k.all(), None, labelSelector="w", timeoutSeconds="1", **{"continue": "x"}):
        pass
    with s.watch("a wrong selector", k.all(), None, labelSelector="a b", timeoutSeconds="1"):
        pass
    with s.watch("a wrong timeout", k.all(), None, labelSelector="none", timeoutSeconds="x"):
        pass
    with s.watch("an unknown resource", k.all().rsplit("/", 1)[0] + "/nonsenses", None, timeoutSeconds="1"):
        pass
