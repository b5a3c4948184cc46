"""The status and scale of Parcels."""


def run(session, subject):
    s, k = session, subject
    made = s.post("create", k.all(), {**k.make("s1"), "status": {"phase": "early"}}).body
    made["status"] = {"phase": "ready", "replicas": 2, "selector": "a=b", "observedGeneration": 1}
    made["spec"]["size"] = 99
    s.put("replace the status", k.one("s1", "status"), made)
    s.put("an old version", k.one("s1", "status"), made)
    s.get("get the status", k.one("s1", "status"))
    s.patch("merge the status", "merge", k.one("s1", "status"), {"status": {"phase": "x"}, "spec": {"size": 50}})
    s.patch("labels by the status", "merge", k.one("s1", "status"), {"metadata": {"labels": {"l": "1"}}})
    s.patch("finalizers by the status", "merge", k.one("s1", "status"), {"metadata": {"finalizers": ["a.com/b"]}})
    s.patch("a JSON patch of the status", "json", k.one("s1", "status"), [
        {"op": "add", "path": "/status/conditions", "value": [{"type": "Ready", "status": "True"}]}])
    s.patch("an invalid status", "merge", k.one("s1", "status"), {"status": {"conditions": [{"type": "Ready"}]}})
    s.patch("an unknown field of the status", "merge", k.one("s1", "status"), {"status": {"odd": 1}})
    s.patch("status by the object", "merge", k.one("s1"), {"status": {"phase": "y"}})
    live = s.quietly("GET", k.one("s1")).body
    s.put("no status by the object", k.one("s1"), {key: value for key, value in live.items() if key != "status"})
    live["metadata"].pop("resourceVersion")
    s.put("the status whatever is there", k.one("s1", "status"), live)
    s.patch("the status of nothing", "merge", k.one("nothing", "status"), {"status": {}})
    s.post("POST to the status", k.one("s1", "status"), made)
    s.delete("DELETE the status", k.one("s1", "status"))
    scale(s, k)
    s.quietly("DELETE", k.one("s1"))


def scale(s, k):
    live = s.get("the scale without replicas", k.one("s1", "scale"))
    s.patch("with replicas", "merge", k.one("s1"), {"spec": {"replicas": 1}})
    live = s.get("get the scale", k.one("s1", "scale")).body
    s.put("replace the scale", k.one("s1", "scale"), {**live, "spec": {"replicas": 3}})
    s.put("an old version of the scale", k.one("s1", "scale"), {**live, "spec": {"replicas": 4}})
    s.patch("merge the scale", "merge", k.one("s1", "scale"), {"spec": {"replicas": 5}})
    s.patch("a JSON patch of the scale", "json", k.one("s1", "scale"), [
        {"op": "replace", "path": "/spec/replicas", "value": 6}])
    s.patch("a negative scale", "merge", k.one("s1", "scale"), {"spec": {"replicas": -1}})
    s.patch("the scale of nothing", "merge", k.one("nothing", "scale"), {"spec": {"replicas": 1}})
    s.put("the wrong kind of scale", k.one("s1", "scale"), k.make("s1"))
    s.put("a scale with the wrong name", k.one("s1", "scale"), {
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "s2"}, "spec": {"replicas": 1}})
    s.patch("dry run of the scale", "merge", k.one("s1", "scale"), {"spec": {"replicas": 9}}, dryRun="All")
    s.get("what came of it", k.one("s1"))
