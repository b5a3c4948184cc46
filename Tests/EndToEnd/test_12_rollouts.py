"""Revisions and their traffic: canary, tags, stop, gradual rollouts, names, collection, visibility, live settings."""

import collections
import json
import time

from martlet import MartletTest, eventually

# A Python environment without packages; its server answers with the version that it was given.
SERVER = r"""
import http.server, os

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = os.environ["VERSION"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

http.server.ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler).serve_forever()
"""

IMAGE = {
    "apiVersion": "martlet.dev/v1alpha1", "kind": "HostImage", "metadata": {"name": "versions"},
    "spec": {"images": ["example/versions"], "entrypoint": ["python3", "-u", "-c", SERVER],
             "python": {"packages": []}}}


def container(version):
    return {"name": "kserve-container", "image": "example/versions", "env": [{"name": "VERSION", "value": version}]}


def runtime(version):
    return {
        "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "versions"},
        "spec": {"supportedModelFormats": [{"name": "version", "autoSelect": True}], "protocolVersions": ["v1"],
                 "containers": [container(version)]}}


def inference_service(name, version=None, annotations=None, labels=None, **predictor):
    """One whose server answers with `version`, or with what its runtime says."""
    model = {"modelFormat": {"name": "version"}}
    if version:
        model["env"] = [{"name": "VERSION", "value": version}]
    return {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": name, "annotations": annotations or {}, "labels": labels or {}},
        "spec": {"predictor": {"model": model, **predictor}}}


def knative_service(name, version, annotations=None, revision=None, traffic=None):
    template = {"spec": {"containers": [container(version)]}}
    if revision:
        template["metadata"] = {"name": revision}
    spec = {"template": template, **({"traffic": traffic} if traffic else {})}
    return {
        "apiVersion": "serving.knative.dev/v1", "kind": "Service",
        "metadata": {"name": name, "annotations": annotations or {}}, "spec": spec}


class RolloutsTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.apply(IMAGE)
        cls.apply(runtime("r1"))

    @classmethod
    def apply(cls, manifest, check=True):
        return cls.martlet.kubectl("apply", "-f", "-", input=json.dumps(manifest), check=check)

    def settings(self, name, namespace="martlet-system", check=True, **data):
        data = {key.replace("_", "-"): value for key, value in data.items()}
        return self.apply({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace},
            "data": data}, check=check)

    def answer(self, host):
        status, body = self.martlet.get("gateway", "/", headers={"Host": host})
        return body.decode() if status == 200 else status

    def answers(self, host, count=100):
        return collections.Counter(self.answer(host) for _ in range(count))

    def wait_for(self, host, version, timeout=60):
        eventually(lambda: self.answer(host) == version, timeout=timeout, what=f"{version} at {host}")

    def is_ready(self, kind, name):
        found = self.martlet.object(kind, name)
        observed = found.get("status", {}).get("observedGeneration") == found["metadata"]["generation"]
        conditions = {c["type"]: c["status"] for c in found.get("status", {}).get("conditions", [])}
        return observed and conditions.get("Ready") == "True"

    def wait_ready(self, kind, name, timeout=60):
        eventually(lambda: self.is_ready(kind, name), timeout=timeout, what=f"{kind} {name}")
        return self.martlet.object(kind, name)

    def revisions(self, prefix):
        items = json.loads(self.martlet.kubectl("get", "revisions", "-o", "json"))["items"]
        return [r["metadata"]["name"] for r in items if r["metadata"]["name"].startswith(prefix)]

    def test_canary_promote_and_roll_back(self):
        host = "canary-default.localhost"
        self.apply(inference_service("canary", "one"))
        self.wait_ready("isvc", "canary")
        self.apply(inference_service("canary", "two", canaryTrafficPercent=20))
        eventually(lambda: "two" in self.answers(host), timeout=60, what="the canary")
        # Shares are dealt in turn, not drawn: 1 % is exact enough for a hundred.
        self.assertAlmostEqual(self.answers(host)["two"], 20, delta=2)
        self.assertEqual(self.answer("prev-canary-predictor.default.localhost"), "one")
        self.apply(inference_service("canary", "two"))
        eventually(lambda: self.answers(host, 20) == {"two": 20}, what="the promotion")
        predictor = self.wait_ready("isvc", "canary")["status"]["components"]["predictor"]
        self.assertEqual(predictor["latestRolledoutRevision"], "canary-predictor-00002")
        self.assertEqual(predictor["previousRolledoutRevision"], "canary-predictor-00001")
        tagged = {"serving.kserve.io/enable-tag-routing": "true"}
        self.apply(inference_service("canary", "two", annotations=tagged, canaryTrafficPercent=0))
        eventually(lambda: self.answers(host, 20) == {"one": 20}, what="the way back")
        # Without any share of the traffic the newest revision answers at its tag; nothing made a third one.
        self.wait_for("latest-canary-predictor.default.localhost", "two")
        self.assertEqual(self.revisions("canary-"), ["canary-predictor-00001", "canary-predictor-00002"])

    def test_stop_and_start(self):
        self.apply(inference_service("stopping", "one"))
        self.wait_ready("isvc", "stopping")
        self.martlet.kubectl("annotate", "isvc", "stopping", "serving.kserve.io/stop=true")
        eventually(lambda: not self.revisions("stopping-"), what="the end of its revisions")
        conditions = self.martlet.object("isvc", "stopping")["status"]["conditions"]
        self.assertIn(("Stopped", "True"), {(c["type"], c["status"]) for c in conditions})
        self.martlet.kubectl("annotate", "isvc", "stopping", "serving.kserve.io/stop-", "--overwrite")
        self.wait_ready("isvc", "stopping")
        self.assertEqual(self.answer("stopping-default.localhost"), "one")

    def test_a_changed_runtime_rolls_out_but_where_that_is_switched_off(self):
        held = {"serving.kserve.io/disable-auto-update": "true"}
        self.apply(inference_service("follows"))
        self.apply(inference_service("holds", annotations=held))
        self.wait_ready("isvc", "follows")
        self.wait_ready("isvc", "holds")
        self.apply(runtime("r2"))
        self.wait_for("follows-default.localhost", "r2")
        self.assertEqual(self.answer("holds-default.localhost"), "r1")
        self.assertEqual(self.revisions("holds-"), ["holds-predictor-00001"])

    def test_a_gradual_rollout_goes_on_after_a_restart_and_loses_nothing(self):
        host = "gradual.default.localhost"
        slow = {"serving.knative.dev/rollout-duration": "12s"}
        self.apply(knative_service("gradual", "one", slow))
        self.wait_ready("ksvc", "gradual")
        self.apply(knative_service("gradual", "two", slow))
        shares, seen = [], collections.Counter()
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            traffic = self.martlet.object("route", "gradual")["status"]["traffic"]
            share = {t["revisionName"]: t["percent"] for t in traffic}
            self.assertEqual(sum(share.values()), 100)
            shares.append(share.get("gradual-00002", 0))
            seen += self.answers(host, 5)
            if len(set(shares)) == 3 and shares[-1] < 100:
                self.martlet.stop()
                self.martlet.start()
                self.wait_for_any(host)
                self.assertLess(self.share("gradual"), 100)
                shares.append(self.share("gradual"))
            if shares[-1] == 100:
                break
        self.assertEqual(shares[-1], 100, shares)
        self.assertEqual(shares, sorted(shares), "it only grows")
        self.assertIn(1, shares)
        self.assertGreater(len(set(shares)), 4, shares)
        self.assertEqual(set(seen), {"one", "two"})
        self.wait_ready("ksvc", "gradual")
        self.assertEqual(self.answers(host, 20), {"two": 20})

    def wait_for_any(self, host):
        eventually(lambda: self.answer(host) in ("one", "two"), timeout=60, what=host)

    def share(self, route):
        return self.martlet.object("route", route)["status"]["traffic"][0]["percent"]

    def test_names_of_ones_own(self):
        self.apply(knative_service("named", "one", revision="named-blue"))
        self.wait_ready("ksvc", "named")
        self.apply(knative_service("named", "two", revision="named-green"))
        self.wait_for("named.default.localhost", "two")
        self.assertEqual(self.revisions("named-"), ["named-blue", "named-green"])
        # The same name for another template, and a name that is not the service's, are refused at once.
        for revision in ("named-green", "other-blue"):
            refused = self.apply(knative_service("named", "three", revision=revision), check=False)
            self.assertIn("spec.template.metadata.name", refused.stderr)
        # A name of long ago is found to be taken by the controller; the traffic stays.
        self.apply(knative_service("named", "three", revision="named-blue"))

        def reason():
            conditions = self.martlet.object("configuration", "named")["status"]["conditions"]
            return next(c.get("reason") for c in conditions if c["type"] == "Ready")
        eventually(lambda: reason() == "RevisionNameTaken", what="RevisionNameTaken")
        self.assertEqual(self.answer("named.default.localhost"), "two")
        # Traffic by name, and a tag without a share.
        self.apply(knative_service("named", "two", revision="named-green", traffic=[
            {"revisionName": "named-blue", "percent": 100}, {"revisionName": "named-green", "tag": "next"}]))
        self.wait_for("named.default.localhost", "one")
        self.wait_for("next-named.default.localhost", "two")
        self.assertEqual(self.answers("named.default.localhost", 20), {"one": 20})
        immutable = self.martlet.kubectl(
            "patch", "revision", "named-blue", "--type=merge", "-p", '{"spec":{"timeoutSeconds":7}}', check=False)
        self.assertIn("Immutable fields changed", immutable.stderr)

    def test_old_revisions_are_collected(self):
        for version in ("one", "two", "three"):
            self.apply(knative_service("many", version))
            self.wait_for("many.default.localhost", version)
        self.martlet.kubectl("annotate", "revision", "many-00001", "serving.knative.dev/no-gc=true")
        bad = self.settings("config-gc", retain_since_create_time="soon", check=False)
        self.assertIn("data[retain-since-create-time]", bad.stderr)
        self.settings(
            "config-gc", retain_since_create_time="1s", retain_since_last_active_time="1s",
            min_non_active_revisions="0")
        eventually(lambda: self.revisions("many-") == ["many-00001", "many-00003"], what="the collection")
        self.martlet.kubectl("delete", "configmap", "config-gc", "-n", "martlet-system")
        self.assertEqual(self.answer("many.default.localhost"), "three")

    def test_what_is_cluster_local_has_no_host_outside(self):
        visible = "networking.knative.dev/visibility"
        self.apply(inference_service("inner", "one", labels={visible: "cluster-local"}))
        made = self.wait_ready("isvc", "inner")
        self.assertEqual(made["status"]["url"], "http://inner.default.svc.cluster.local")
        self.assertEqual(self.answer("inner.default.svc.cluster.local"), "one")
        self.assertEqual(self.answer("inner-predictor.default.svc.cluster.local"), "one")
        for host in ("inner-default.localhost", "inner-predictor.default.localhost"):
            self.assertEqual(self.answer(host), 404)
        self.assertEqual(self.martlet.get("gateway", "/serving/default/inner/")[0], 404)
        models = json.loads(self.martlet.get("gateway", "/openai/v1/models")[1])["data"]
        self.assertNotIn("inner", [model["id"] for model in models])
        refused = self.apply(inference_service("inner", "one", labels={visible: "internal"}), check=False)
        self.assertIn("cluster-local", refused.stderr)
        self.martlet.kubectl("label", "isvc", "inner", visible + "-")
        self.wait_for("inner-default.localhost", "one")

    def test_hosts_and_limits_follow_their_config_maps(self):
        self.apply(knative_service("moving", "one"))
        self.wait_ready("ksvc", "moving")
        bad = self.settings("config-network", domain_template="{{.Nme}}.x", check=False)
        self.assertIn("data[domain-template]", bad.stderr)
        self.settings("config-network", domain_template="{{.Name}}.{{.Namespace}}.models.{{.Domain}}")
        self.wait_for("moving.default.models.localhost", "one")
        self.assertEqual(self.answer("moving.default.localhost"), 404)
        self.martlet.kubectl("delete", "configmap", "config-network", "-n", "martlet-system")
        self.wait_for("moving.default.localhost", "one")
        self.settings("config-defaults", revision_timeout_seconds="77")
        self.apply(knative_service("moving", "two"))
        self.wait_for("moving.default.localhost", "two")
        self.assertEqual(self.martlet.object("revision", "moving-00002")["spec"]["timeoutSeconds"], 77)
        status = self.martlet.object("revision", "moving-00002")["status"]
        self.assertEqual((status["actualReplicas"], status["desiredReplicas"]), (1, 1))
        self.martlet.kubectl("label", "ksvc", "moving", "team=blue")
        self.martlet.kubectl("annotate", "ksvc", "moving", "note=one")
        eventually(lambda: self.martlet.object("route", "moving")["metadata"]["labels"].get("team") == "blue",
                   what="the label on the route")
        self.assertEqual(self.revisions("moving-"), ["moving-00001", "moving-00002"])
