"""Get and list: pages, selectors, versions; paths that lead nowhere."""

from ..subjects import OTHER_NAMESPACE


def run(session, subject):
    s, k = session, subject
    for index in range(5):
        s.quietly("POST", k.all(), k.make(f"r{index}", labels={"n": str(index), "odd": str(index % 2), **(
            {"first": "yes"} if index == 0 else {})}))
    s.get("get", k.one("r0"))
    s.get("get nothing", k.one("nothing"))
    s.get("a resourceVersion of 0", k.one("r0"), resourceVersion="0")
    s.get("a wrong resourceVersion", k.one("r0"), resourceVersion="x")
    listing(s, k)
    pages(s, k)
    selectors(s, k)
    versions(s, k)
    paths(s, k)
    tables(s, k)
    for index in range(5):
        s.quietly("DELETE", k.one(f"r{index}"))


def listing(s, k):
    s.get("list", k.all(), labelSelector="n")
    if k.namespaced:
        s.get("an empty namespace", k.all(OTHER_NAMESPACE), labelSelector="n")
        s.get("all namespaces", k.everywhere, labelSelector="n=1")
        s.get("a namespace that is not there", k.all("nowhere"))


def pages(s, k):
    first = s.get("page 1", k.all(), limit=2, labelSelector="n")
    token = first["metadata"].get("continue", "")
    s.quietly("POST", k.all(), k.make("r0-later", labels={"n": "9"}))
    second = s.get("page 2", k.all(), limit=2, labelSelector="n", **{"continue": token})
    s.get("page 3", k.all(), limit=2, labelSelector="n", **{"continue": second["metadata"].get("continue", "")})
    s.quietly("DELETE", k.one("r0-later"))
    s.get("a limit and no more", k.all(), limit=500, labelSelector="n")
    s.get("a limit of one", k.all(), limit=1, labelSelector="n=1")
    s.get("a wrong token", k.all(), limit=2, **{"continue": "nonsense"})
    s.get("a token and a version", k.all(), limit=2, resourceVersion="1", **{"continue": token})
    s.get("a wrong limit", k.all(), limit="x", labelSelector="n=1")
    s.get("a negative limit", k.all(), limit="-1", labelSelector="n=1")


def selectors(s, k):
    for text in ("n=1", "n==1", "n!=1,odd", "odd in (0),n notin (0)", "first", "!first,n", "n>2", "n<1", "a b", "n in",
                 "n=1,", "-x=1", "n in (1,,2)", "n="):
        s.get(f"labels {text}", k.all(), labelSelector=text)
    for text in ("metadata.name=r1", "metadata.name!=r1,metadata.name!=r0", "metadata.namespace=conformance",
                 "spec.nonsense=1", "metadata.name", "metadata.name=r1,metadata.namespace=default"):
        s.get(f"fields {text}", k.all(), fieldSelector=text, labelSelector="n")


def versions(s, k):
    """In no particular order: old servers list so from their cache."""
    def get(step, path, **query):
        s.call(step, "GET", path, query=query, is_ordered=False)

    current = s.quietly("GET", k.all(), query={"labelSelector": "n"})["metadata"]["resourceVersion"]
    for match in ("Exact", "NotOlderThan"):
        get(f"{match} the current version", k.all(), labelSelector="n", resourceVersion=current,
              resourceVersionMatch=match)
        get(f"{match} of 0", k.all(), labelSelector="n", resourceVersion="0", resourceVersionMatch=match)
        get(f"{match} of none", k.all(), labelSelector="n", resourceVersionMatch=match)
    get("a version of the future", k.all(), resourceVersion="999999999", resourceVersionMatch="NotOlderThan")
    get("an odd match", k.all(), resourceVersion=current, resourceVersionMatch="Nearly")
    get("at least 0", k.all(), labelSelector="n", resourceVersion="0")
    get("a wrong version", k.all(), labelSelector="n", resourceVersion="x")
    get("a match with a token", k.all(), resourceVersionMatch="Exact", resourceVersion=current, **{"continue": "x"})
    s.quietly("PATCH", k.one("r4"), None)
    s.quietly("POST", k.all(), k.make("r9", labels={"n": "9"}))
    get("Exact an old version", k.all(), labelSelector="n", resourceVersion=current, resourceVersionMatch="Exact")
    s.quietly("DELETE", k.one("r9"))


def paths(s, k):
    s.get("an unknown resource", k.all().rsplit("/", 1)[0] + "/nonsenses")
    s.get("an unknown group", "/apis/nonsense.example.com/v1/things")
    s.get("an unknown version", k.everywhere.replace("/v1", "/v9", 1))
    s.get("an unknown subresource", k.one("r0", "nonsense"))
    s.get("an unknown path", "/nonsense")
    s.call("POST to an object", "POST", k.one("r0"), k.make("r0"))
    s.call("PUT to a collection", "PUT", k.all(), k.make("r0"))
    s.call("PATCH of a collection", "PATCH", k.all(), {}, content_type="application/merge-patch+json")
    s.call("an unknown method", "FETCH", k.one("r0"))
    s.call("HEAD", "HEAD", k.one("r0"))
    if k.namespaced:
        s.post("create without a namespace", k.everywhere, k.make("homeless"))


def tables(s, k):
    table = "application/json;as=Table;v=v1;g=meta.k8s.io"
    s.call("metadata of one", "GET", k.one("r0"), accept="application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
    s.call("metadata of many", "GET", k.all(), query={"labelSelector": "n=1"},
           accept="application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
    if k.kind == "Parcel":
        s.call("a table of one", "GET", k.one("r0"), accept=table)
        s.call("a table of many", "GET", k.all(), query={"labelSelector": "odd=0"}, accept=table)
        s.call("a table with objects", "GET", k.one("r0"), query={"includeObject": "Object"}, accept=table)
        s.call("a table without", "GET", k.one("r0"), query={"includeObject": "None"}, accept=table)
    s.call("an unknown form", "GET", k.one("r0"), accept="application/json;as=Poem;v=v1;g=meta.k8s.io")
