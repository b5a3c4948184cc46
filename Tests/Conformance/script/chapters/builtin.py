"""What the built-in kinds have that custom resources do not: strategic merge patches, rules of their own."""

from ..subjects import CONFIG_MAP, DEPLOYMENT, SECRET, SERVICE_ACCOUNT


def run(session, subject):
    s = session
    config_maps(s, CONFIG_MAP)
    secrets(s, SECRET)
    service_accounts(s, SERVICE_ACCOUNT)
    deployments(s, DEPLOYMENT)
    strategic(s, DEPLOYMENT)
    applied(s, DEPLOYMENT)
    scale(s, DEPLOYMENT)
    s.quietly("DELETE", DEPLOYMENT.one("one"))


def config_maps(s, k):
    s.post("a config map", k.all(), k.with_("m1", data={"a": "1"}, binaryData={"b": "AQI="}))
    s.post("a bad key", k.all(), k.with_("m2", data={"a b": "1"}))
    s.post("a key twice", k.all(), k.with_("m2", data={"a": "1"}, binaryData={"a": "AQI="}))
    s.post("no base64", k.all(), k.with_("m2", binaryData={"a": "%"}))
    s.post("a number in data", k.all(), k.with_("m2", data={"a": 1}))
    s.post("null in data", k.all(), k.with_("m2", data={"a": None}))
    s.post("empty data", k.all(), k.with_("m3", data={}))
    s.patch("made immutable", "merge", k.one("m1"), {"immutable": True})
    s.patch("a change of what is immutable", "merge", k.one("m1"), {"data": {"a": "2"}})
    s.patch("a label of what is immutable", "merge", k.one("m1"), {"metadata": {"labels": {"a": "b"}}})
    s.patch("mutable again", "merge", k.one("m1"), {"immutable": None})
    s.patch("a strategic patch of data", "strategic", k.one("m3"), {"data": {"a": "1", "b": "2"}})
    s.patch("a strategic null", "strategic", k.one("m3"), {"data": {"a": None}})
    s.patch("a strategic replacement", "strategic", k.one("m3"), {"data": {"$patch": "replace", "z": "1"}})
    s.patch("a strategic deletion", "strategic", k.one("m3"), {"data": {"$patch": "delete"}})
    s.patch("a strategic finalizer", "strategic", k.one("m3"), {"metadata": {"finalizers": ["a.com/b"]}})
    s.patch("another", "strategic", k.one("m3"), {"metadata": {"finalizers": ["a.com/c"]}})
    s.patch("a finalizer less", "strategic", k.one("m3"), {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a.com/b"]}})
    s.patch("no finalizer", "strategic", k.one("m3"), {"metadata": {"finalizers": None}})
    s.apply("a config map applied", k.one("m4"), k.with_("m4", data={"a": "1", "b": "2"}))
    s.apply("a key less", k.one("m4"), k.with_("m4", data={"b": "2"}))
    s.apply("a key in conflict", k.one("m4"), k.with_("m4", data={"b": "3"}), "bob")
    for name in ("m1", "m3", "m4"):
        s.quietly("DELETE", k.one(name))


def secrets(s, k):
    s.post("a secret", k.all(), k.with_("s1", stringData={"a": "1"}, data={"b": "Mg=="}))
    s.post("a typed secret", k.all(), k.with_("s2", type="kubernetes.io/basic-auth", data={"username": "YQ=="}))
    s.post("a basic-auth secret without either", k.all(), k.with_("s3", type="kubernetes.io/basic-auth"))
    s.post("a TLS secret without key", k.all(), k.with_("s3", type="kubernetes.io/tls", data={"tls.crt": "YQ=="}))
    s.post("a registry secret without configuration", k.all(), k.with_("s3", type="kubernetes.io/dockerconfigjson"))
    s.post("no base64 in a secret", k.all(), k.with_("s3", data={"a": "%%"}))
    s.patch("the type of a secret", "merge", k.one("s1"), {"type": "example.com/other"})
    s.patch("a secret made immutable", "merge", k.one("s1"), {"immutable": True})
    s.patch("a change of an immutable secret", "merge", k.one("s1"), {"data": {"b": "Mw=="}})
    for name in ("s1", "s2"):
        s.quietly("DELETE", k.one(name))


def service_accounts(s, k):
    s.post("a service account", k.all(), k.with_("sa1", secrets=[{"name": "one"}], imagePullSecrets=[{"name": "i"}]))
    s.patch("one more secret", "strategic", k.one("sa1"), {"secrets": [{"name": "two"}]})
    s.patch("one secret less", "strategic", k.one("sa1"), {"secrets": [{"$patch": "delete", "name": "one"}]})
    s.patch("all its secrets", "merge", k.one("sa1"), {"secrets": None})
    s.quietly("DELETE", k.one("sa1"))


def deployments(s, k):
    s.post("a deployment", k.all(), k.make("one"))
    wrong = k.make("two")
    wrong["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    s.post("a selector that selects other pods", k.all(), wrong)
    wrong["spec"].pop("selector")
    s.post("no selector", k.all(), wrong)
    wrong = k.make("two")
    wrong["spec"]["replicas"] = -1
    wrong["spec"]["template"]["spec"]["containers"] = []
    s.post("no containers and fewer than no replicas", k.all(), wrong)
    s.patch("another selector", "merge", k.one("one"), {"spec": {
        "selector": {"matchLabels": {"app": "b"}}, "template": {"metadata": {"labels": {"app": "b"}}}}})
    s.patch("generation", "merge", k.one("one"), {"spec": {"minReadySeconds": 3}})
    s.patch("no generation", "merge", k.one("one"), {"metadata": {"labels": {"a": "b"}}})


def containers(*list, **more):
    return {"spec": {"template": {"spec": {"containers": [*list], **more}}}}


def strategic(s, k):
    def patch(step, body, **query):
        s.patch(step, "strategic", k.one("one"), body, **query)

    patch("an image", containers({"name": "one", "image": "example.com/one:2"}))
    patch("one more container", containers({"name": "two", "image": "example.com/two:1"}))
    patch("an order", containers({"name": "one"}, **{"$setElementOrder/containers": [{"name": "two"}, {"name": "one"}]}))
    patch("a variable", containers({"name": "one", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}))
    patch("a variable less", containers({"name": "one", "env": [{"name": "A", "$patch": "delete"}]}))
    patch("a port", containers({"name": "one", "ports": [{"containerPort": 80}]}))
    patch("the same port", containers({"name": "one", "ports": [{"containerPort": 80, "name": "http"}]}))
    patch("arguments", containers({"name": "one", "args": ["a", "b"]}))
    patch("other arguments", containers({"name": "one", "args": ["c"]}))
    patch("a container less", containers({"name": "two", "$patch": "delete"}))
    patch("all containers replaced", containers({"$patch": "replace"}, {"name": "three", "image": "example.com/3"}))
    patch("a container without name", containers({"image": "example.com/4"}))
    patch("an unknown directive", containers({"name": "three", "$patch": "mangle"}))
    patch("tolerations", containers(tolerations=[{"key": "a", "operator": "Exists"}]))
    patch("other tolerations", containers(tolerations=[{"key": "b", "operator": "Exists"}]))
    patch("kept keys", {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}})
    patch("the old version", {"metadata": {"resourceVersion": "1"}})
    s.call("a list as a strategic patch", "PATCH", k.one("one"), [], content_type="application/strategic-merge-patch+json")


def applied(s, k):
    def body(*containers, **spec):
        return k.with_("two", spec={
            "replicas": 0, "selector": {"matchLabels": {"app": "a"}},
            "template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [*containers], **spec}}})

    one = {"name": "one", "image": "example.com/one:1", "env": [{"name": "A", "value": "1"}], "args": ["x"]}
    two = {"name": "two", "image": "example.com/two:1", "ports": [{"containerPort": 80}]}
    s.apply("a deployment applied", k.one("two"), body(one, two))
    s.apply("a container of another", k.one("two"), {**k.head("two"), **containers({"name": "three", "image": "example.com/3"})}, "bob")
    s.apply("a variable of another", k.one("two"), {**k.head("two"), **containers({"name": "one", "env": [{"name": "B", "value": "2"}]})}, "bob")
    s.apply("an image in conflict", k.one("two"), {**k.head("two"), **containers({"name": "one", "image": "example.com/5"})}, "carol")
    s.apply("fewer containers", k.one("two"), body(one))
    s.apply("no more variables", k.one("two"), body({"name": "one", "image": "example.com/one:1"}))
    s.patch("scaled by an update", "merge", k.one("two"), {"spec": {"replicas": 0, "paused": True}}, fieldManager="updater")
    s.quietly("DELETE", k.one("two"))


def scale(s, k):
    live = s.get("the scale", k.one("one", "scale")).body
    s.put("the scale replaced", k.one("one", "scale"), live)
    s.put("a scale of another kind", k.one("one", "scale"), k.make("one"))
    s.patch("a negative scale", "merge", k.one("one", "scale"), {"spec": {"replicas": -2}})
    s.get("a scale of nothing", k.one("nothing", "scale"))
