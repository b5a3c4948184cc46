"""Real kubectl, the oldest and the newest to be had, against Martlet's API.

Every test is run with each. What only the newest knows is asked of it alone, and says so. `logs`, `exec`, `cp` and
`port-forward` are in test_9_pods.
"""

import functools
import json
import subprocess
import unittest

from martlet import Instance, MartletTest, eventually, kubectls

SERVICE = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: idle, labels: {team: birds}}
spec:
  predictor:
    minReplicas: 0
    model: {modelFormat: {name: gguf}, storageUri: "file:///no/such/model.gguf"}
"""

CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
"""

EVENT = """
apiVersion: v1
kind: Event
metadata: {name: one.tested, namespace: default}
involvedObject: {apiVersion: v1, kind: ConfigMap, name: one, namespace: default}
reason: Tested
message: looked at
type: Normal
"""

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: main, image: example.com/none, env: [{name: A, value: "1"}], ports: [{containerPort: 80}]}
"""


class Kubectl:
    """One kubectl program, called against one Martlet."""

    def __init__(self, martlet, name, program):
        self.martlet, self.name, self.program = martlet, name, program
        self.is_newest = name == "newest"

    def __call__(self, *words, timeout=30, **more):
        return self.martlet.kubectl(*words, program=self.program, timeout=timeout, **more)

    def refuse(self, *words, **more):
        """What it says when it fails, which it must."""
        result = self(*words, check=False, **more)
        assert result.returncode == 1, f"kubectl {' '.join(words)} ended with {result.returncode}: {result.stdout}"
        return result.stderr

    def json(self, *words):
        return json.loads(self(*words, "-o", "json"))

    def start(self, *words, **more):
        return subprocess.Popen(
            [self.program, "--kubeconfig", str(self.martlet.directory / "kubeconfig"), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def with_each_kubectl(test):
    """Calls `test` with one program after the other."""
    @functools.wraps(test)
    def run(case):
        for name, program in kubectls().items():
            with case.subTest(kubectl=name):
                test(case, Kubectl(case.martlet, name, program))
    return run


def setUpModule():
    KubectlCase.martlet = Instance().start()


def tearDownModule():
    MartletTest.clean_up.__func__(KubectlCase)


class KubectlCase(unittest.TestCase):
    """All cases share one Martlet, and leave nothing behind."""

    martlet = None

    def gone(self, kubectl, *words):
        eventually(lambda: kubectl("get", *words, "-o", "name") == "", what=f"no {' '.join(words)}")


class ApplyTest(KubectlCase):
    @with_each_kubectl
    def test_inference_service(self, kubectl):
        self.assertIn("created", kubectl("apply", "-f", "-", input=SERVICE))
        self.assertIn("unchanged", kubectl("apply", "-f", "-", input=SERVICE))
        self.assertEqual(kubectl("diff", "-f", "-", input=SERVICE), "")
        header, row = kubectl("get", "isvc").splitlines()
        self.assertEqual(
            header.split(),
            ["NAME", "URL", "READY", "PREV", "LATEST", "PREVROLLEDOUTREVISION", "LATESTREADYREVISION", "AGE"])
        self.assertTrue(row.startswith("idle "), row)
        self.assertIn("Predictor", kubectl("describe", "isvc", "idle"))
        self.assertIn("idle", kubectl("get", "isvc", "-l", "team=birds", "-o", "name"))
        self.assertEqual(kubectl("get", "isvc", "-l", "team=fish", "-o", "name"), "")
        for kind in ("ksvc", "configuration", "route", "revision"):
            eventually(lambda: "idle-predictor" in kubectl("get", kind, "-o", "name"), what=kind)
        self.assertIn("deleted", kubectl("delete", "isvc", "idle"))
        for kind in ("isvc", "ksvc", "configuration", "route", "revision", "deployment", "kpa", "pods"):
            self.gone(kubectl, kind)

    @with_each_kubectl
    def test_deployment(self, kubectl):
        self.assertIn("created", kubectl("apply", "-f", "-", input=DEPLOYMENT))
        self.assertIn("unchanged", kubectl("apply", "-f", "-", input=DEPLOYMENT))
        self.assertEqual(kubectl("diff", "-f", "-", input=DEPLOYMENT), "")
        changed = DEPLOYMENT.replace('value: "1"', 'value: "2"').replace("containerPort: 80", "containerPort: 81")
        difference = kubectl("diff", "-f", "-", input=changed, check=False)
        self.assertEqual(difference.returncode, 1, difference.stderr)
        self.assertRegex(difference.stdout, r'(?m)^\+ .*value: "2"$')
        self.assertIn("configured", kubectl("apply", "-f", "-", input=changed))
        container = kubectl.json("get", "deployment", "web")["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(container["env"], [{"name": "A", "value": "2"}])
        self.assertEqual([port["containerPort"] for port in container["ports"]], [81])
        # What was printed changes nothing when it is applied again.
        self.assertEqual(kubectl("diff", "-f", "-", input=kubectl("get", "deploy", "web", "-o", "yaml")), "")
        kubectl("delete", "deployment", "web")

    @with_each_kubectl
    def test_server_side(self, kubectl):
        self.assertIn("serverside-applied", kubectl("apply", "--server-side", "-f", "-", input=CONFIG))
        managed = ["--show-managed-fields"] if kubectl.is_newest else []
        found = json.loads(kubectl("get", "configmap", "settings", "-o", "json", *managed))
        self.assertEqual([entry["operation"] for entry in found["metadata"]["managedFields"]], ["Apply"])
        other = CONFIG.replace('"1"', '"2"')
        words = ("apply", "--server-side", "--field-manager=other", "-f", "-")
        self.assertIn("conflict", kubectl.refuse(*words, input=other))
        kubectl(*words, "--force-conflicts", input=other)
        self.assertEqual(kubectl.json("get", "configmap", "settings")["data"], {"a": "2"})
        kubectl("delete", "configmap", "settings")

    @with_each_kubectl
    def test_dry_runs(self, kubectl):
        self.assertIn("server dry run", kubectl("apply", "--dry-run=server", "-f", "-", input=CONFIG))
        self.assertIn("server dry run", kubectl("create", "--dry-run=server", "-f", "-", input=CONFIG))
        self.assertIn("not found", kubectl.refuse("get", "configmap", "settings"))
        bad = kubectl.refuse("create", "--dry-run=server", "-f", "-", input=SERVICE.replace("idle", "Bad_Name"))
        self.assertIn("Bad_Name", bad)

    @with_each_kubectl
    def test_create_and_replace(self, kubectl):
        kubectl("create", "-f", "-", input=CONFIG)
        self.assertIn("already exists", kubectl.refuse("create", "-f", "-", input=CONFIG))
        kubectl("replace", "-f", "-", input=CONFIG.replace('"1"', '"5"'))
        self.assertEqual(kubectl.json("get", "configmap", "settings")["data"], {"a": "5"})
        kubectl("replace", "--force", "-f", "-", input=CONFIG)
        self.assertEqual(kubectl.json("get", "configmap", "settings")["data"], {"a": "1"})
        kubectl("delete", "-f", "-", input=CONFIG)


class GetTest(KubectlCase):
    """Every output, selector and order."""

    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(lambda: cls.martlet.kubectl("delete", "configmap", "-l", "tier"))
        for name, tier, size in (("one", "front", "3"), ("two", "back", "1"), ("three", "front", "2")):
            cls.martlet.kubectl("create", "configmap", name, f"--from-literal=size={size}")
            cls.martlet.kubectl("label", "configmap", name, f"tier={tier}")

    @with_each_kubectl
    def test_outputs(self, kubectl):
        self.assertEqual(kubectl.json("get", "configmap", "one")["data"], {"size": "3"})
        self.assertIn("size: \"3\"", kubectl("get", "cm/one", "-o", "yaml"))
        self.assertIn("NAME", kubectl("get", "cm", "one", "-o", "wide"))
        self.assertEqual(kubectl("get", "cm", "one", "-o", "name"), "configmap/one\n")
        self.assertEqual(kubectl("get", "cm", "one", "-o", "jsonpath={.data.size}"), "3")
        columns = kubectl("get", "cm", "one", "-o", "custom-columns=N:.metadata.name,S:.data.size")
        self.assertEqual([line.split() for line in columns.splitlines()], [["N", "S"], ["one", "3"]])
        template = "{{range .items}}{{.metadata.name}} {{end}}"
        self.assertEqual(
            kubectl("get", "cm", "-l", "tier", "-o", f"go-template={template}"), "one three two ")
        self.assertNotIn("NAME", kubectl("get", "cm", "one", "--no-headers"))
        self.assertIn("front", kubectl("get", "cm", "one", "-L", "tier"))
        self.assertIn("tier=front", kubectl("get", "cm", "one", "--show-labels"))
        self.assertIn("default", kubectl("get", "cm", "-A", "-l", "tier"))
        self.assertEqual(kubectl.json("get", "cm,sa", "-l", "tier")["kind"], "List")
        self.assertEqual(kubectl("get", "--raw", "/readyz"), "ok")

    @with_each_kubectl
    def test_selectors_and_order(self, kubectl):
        def names(*words):
            return [line.split()[0] for line in kubectl("get", "cm", "--no-headers", *words).splitlines()]
        self.assertEqual(names("-l", "tier", "--sort-by=.data.size"), ["two", "three", "one"])
        self.assertEqual(names("-l", "tier in (front),tier!=x"), ["one", "three"])
        self.assertEqual(names("-l", "tier notin (front),tier"), ["two"])
        self.assertEqual(names("--field-selector", "metadata.name=two"), ["two"])
        self.assertEqual(names("-l", "tier=front", "--chunk-size=1"), ["one", "three"])

    @with_each_kubectl
    def test_watch(self, kubectl):
        watch = kubectl.start("get", "configmap", "-w", "-l", "watched", "-o", "name")
        try:
            kubectl("create", "configmap", "seen")
            kubectl("label", "configmap", "seen", "watched=yes")
            self.assertEqual(watch.stdout.readline().strip(), "configmap/seen")
            kubectl("label", "configmap", "seen", "watched=still", "--overwrite")
            self.assertEqual(watch.stdout.readline().strip(), "configmap/seen")
        finally:
            watch.kill()
            watch.communicate()
            kubectl("delete", "configmap", "seen")

    @with_each_kubectl
    def test_describe_and_events(self, kubectl):
        self.assertIn("size:\n----\n3\n", kubectl("describe", "configmap", "one"))
        self.assertIn("Labels:", kubectl("describe", "namespace", "default"))
        kubectl("create", "-f", "-", input=EVENT)
        self.assertIn("Tested", kubectl("get", "events"))
        kubectl("delete", "event", "one.tested")

    @with_each_kubectl
    def test_errors(self, kubectl):
        missing = kubectl.refuse("get", "isvc", "nothing")
        self.assertIn('inferenceservices.serving.kserve.io "nothing" not found', missing)
        self.assertIn("Bad_Name", kubectl.refuse("apply", "-f", "-", input=SERVICE.replace("idle", "Bad_Name")))
        self.assertIn("doesn't have a resource type", kubectl.refuse("get", "nonsense"))


class ChangeTest(KubectlCase):
    @with_each_kubectl
    def test_patches(self, kubectl):
        kubectl("apply", "-f", "-", input=CONFIG)
        kubectl("patch", "configmap", "settings", "--type", "merge", "-p", '{"data":{"b":"2"}}')
        kubectl("patch", "configmap", "settings", "--type", "json", "-p",
                '[{"op":"replace","path":"/data/a","value":"3"}]')
        kubectl("patch", "configmap", "settings", "-p", '{"data":{"c":"4"}}')
        self.assertEqual(kubectl.json("get", "cm", "settings")["data"], {"a": "3", "b": "2", "c": "4"})
        kubectl("delete", "configmap", "settings")

    @with_each_kubectl
    def test_strategic_patch_merges_containers(self, kubectl):
        kubectl("apply", "-f", "-", input=DEPLOYMENT)
        patch = {"spec": {"template": {"spec": {"containers": [
            {"name": "main", "env": [{"name": "B", "value": "2"}]}, {"name": "side", "image": "example.com/x"}]}}}}
        kubectl("patch", "deployment", "web", "-p", json.dumps(patch))
        containers = kubectl.json("get", "deploy", "web")["spec"]["template"]["spec"]["containers"]
        self.assertEqual({c["name"]: c["image"] for c in containers},
                         {"main": "example.com/none", "side": "example.com/x"})
        main = next(c for c in containers if c["name"] == "main")
        self.assertEqual({e["name"]: e["value"] for e in main["env"]}, {"A": "1", "B": "2"})
        kubectl("set", "image", "deployment/web", "side=example.com/y")
        kubectl("set", "env", "deployment/web", "-c", "main", "B-")
        kubectl("delete", "deployment", "web")

    @with_each_kubectl
    def test_label_annotate_edit(self, kubectl):
        kubectl("apply", "-f", "-", input=CONFIG)
        kubectl("label", "configmap", "settings", "tier=test")
        self.assertIn("overwrite", kubectl.refuse("label", "configmap", "settings", "tier=other"))
        kubectl("annotate", "configmap", "settings", "note=first")
        kubectl("annotate", "configmap", "settings", "note=second", "--overwrite")
        self.martlet.environment = {"KUBE_EDITOR": "sed -i s/second/edited/"}
        try:
            self.assertIn("edited", kubectl("edit", "configmap", "settings"))
            self.assertIn("no changes", "".join(self.both(kubectl, "edit", "configmap", "settings")))
        finally:
            self.martlet.environment = {}
        metadata = kubectl.json("get", "cm", "settings")["metadata"]
        self.assertEqual(metadata["labels"], {"tier": "test"})
        self.assertEqual(metadata["annotations"]["note"], "edited")
        kubectl("label", "configmap", "settings", "tier-")
        self.assertNotIn("labels", kubectl.json("get", "cm", "settings")["metadata"])
        kubectl("delete", "configmap", "settings")

    def both(self, kubectl, *words):
        result = kubectl(*words, check=False)
        return result.stdout, result.stderr

    @with_each_kubectl
    def test_scale_and_rollout(self, kubectl):
        kubectl("apply", "-f", "-", input=DEPLOYMENT)
        self.assertIn("successfully rolled out", kubectl("rollout", "status", "deploy/web", "--timeout=20s"))
        kubectl("wait", "--for=condition=Available", "deploy/web", "--timeout=20s")
        kubectl("rollout", "pause", "deploy/web")
        self.assertTrue(kubectl.json("get", "deploy", "web")["spec"]["paused"])
        # No pods: the image does not exist here.
        kubectl("scale", "deploy/web", "--replicas=2", "--current-replicas=0")
        self.assertEqual(kubectl.json("get", "deploy", "web")["spec"]["replicas"], 2)
        self.assertIn("7", kubectl.refuse("scale", "deploy/web", "--replicas=3", "--current-replicas=7"))
        kubectl("scale", "deploy/web", "--replicas=0")
        kubectl("rollout", "resume", "deploy/web")
        kubectl("rollout", "restart", "deploy/web")
        annotations = kubectl.json("get", "deploy", "web")["spec"]["template"]["metadata"]["annotations"]
        self.assertIn("kubectl.kubernetes.io/restartedAt", annotations)
        self.assertIn("successfully rolled out", kubectl("rollout", "status", "deploy/web", "--timeout=20s"))
        if kubectl.is_newest:
            kubectl("wait", "--for=jsonpath={.spec.replicas}=0", "deploy/web", "--timeout=20s")
        kubectl("delete", "deploy", "web")

    @with_each_kubectl
    def test_rollout_history_and_undo(self, kubectl):
        kubectl("apply", "-f", "-", input=DEPLOYMENT)
        kubectl("annotate", "deploy/web", "kubernetes.io/change-cause=the first one")
        self.rolled_out(kubectl, "1")
        kubectl("set", "env", "deploy/web", "A=changed")
        self.rolled_out(kubectl, "2")
        kubectl("annotate", "--overwrite", "deploy/web", "kubernetes.io/change-cause=another A")
        eventually(lambda: "another A" in kubectl("rollout", "history", "deploy/web"), what="the cause")
        history = kubectl("rollout", "history", "deploy/web")
        self.assertIn("the first one", history)
        self.assertIn("changed", kubectl("rollout", "history", "deploy/web", "--revision=2"))
        self.assertIn("rolled back", kubectl("rollout", "undo", "deploy/web"))
        self.rolled_out(kubectl, "3")
        value = kubectl.json("get", "deploy", "web")["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"]
        self.assertEqual(value, "1")
        kubectl("rollout", "undo", "deploy/web", "--to-revision=2")
        self.rolled_out(kubectl, "4")
        self.assertEqual(len(kubectl.json("get", "rs", "-l", "app=web")["items"]), 2)
        self.assertIn("unable to find", kubectl.refuse("rollout", "undo", "deploy/web", "--to-revision=9"))
        self.assertRegex(kubectl("get", "rs"), r"NAME +DESIRED +CURRENT +READY +AGE\nweb-")
        self.assertIn("NewReplicaSet", kubectl("describe", "deploy", "web"))
        kubectl("scale", "rs", "-l", "app=web", "--replicas=0")
        kubectl("delete", "deploy", "web")
        eventually(lambda: "web-" not in kubectl("get", "rs", check=False).stdout, what="no ReplicaSet")

    def rolled_out(self, kubectl, revision):
        """Waits until the rollout with this number is complete. (No pods are asked for: their image does not exist.)"""
        eventually(lambda: kubectl.json("get", "deploy", "web")["metadata"]["annotations"][
            "deployment.kubernetes.io/revision"] == revision, what=f"revision {revision}")
        self.assertIn("successfully rolled out", kubectl("rollout", "status", "deploy/web", "--timeout=20s"))

    @with_each_kubectl
    def test_wait(self, kubectl):
        kubectl("create", "configmap", "going")
        wait = kubectl.start("wait", "--for=delete", "configmap/going", "--timeout=20s", "-v=6")
        # It has seen the object: else the old kubectl finds nothing to wait for.
        while "configmaps" not in wait.stderr.readline():
            self.assertIsNone(wait.poll())
        kubectl("delete", "configmap", "going")
        _, errors = wait.communicate(timeout=30)
        self.assertEqual(wait.returncode, 0, errors)


class DeleteTest(KubectlCase):
    """The three policies of propagation, finalizers, namespaces."""

    def owned(self, kubectl, name):
        """A ConfigMap `name`, and one that it owns."""
        kubectl("create", "configmap", name)
        uid = kubectl.json("get", "cm", name)["metadata"]["uid"]
        child = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"{name}-child", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uid, "blockOwnerDeletion": True}]}}
        kubectl("create", "-f", "-", input=json.dumps(child))

    @with_each_kubectl
    def test_policies(self, kubectl):
        for policy in ("background", "foreground", "orphan"):
            self.owned(kubectl, policy)
            kubectl("delete", "configmap", policy, f"--cascade={policy}", "--timeout=20s")
            if policy == "orphan":
                child = kubectl.json("get", "cm", "orphan-child")
                self.assertNotIn("ownerReferences", child["metadata"])
                kubectl("delete", "cm", "orphan-child")
            else:
                self.gone(kubectl, "cm", f"{policy}-child", "--ignore-not-found")

    @with_each_kubectl
    def test_finalizers(self, kubectl):
        kubectl("create", "configmap", "kept")
        kubectl("patch", "cm", "kept", "--type=merge", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
        kubectl("delete", "cm", "kept", "--wait=false")
        self.assertIn("deletionTimestamp", kubectl.json("get", "cm", "kept")["metadata"])
        kubectl("patch", "cm", "kept", "--type=json", "-p", '[{"op":"remove","path":"/metadata/finalizers"}]')
        self.gone(kubectl, "cm", "kept", "--ignore-not-found")

    @with_each_kubectl
    def test_many_at_once(self, kubectl):
        for name in ("x", "y", "z"):
            kubectl("create", "configmap", f"many-{name}")
            kubectl("label", "configmap", f"many-{name}", "many=yes")
        self.assertEqual(len(kubectl("delete", "cm", "-l", "many=yes").splitlines()), 3)
        self.gone(kubectl, "cm", "-l", "many=yes")

    @with_each_kubectl
    def test_namespaces(self, kubectl):
        kubectl("create", "namespace", "team")
        kubectl("apply", "-n", "team", "-f", "-", input=CONFIG)
        kubectl("delete", "namespace", "team", "--timeout=20s")
        gone = kubectl.refuse("get", "configmap", "settings", "-n", "team")
        self.assertIn("not found", gone)


class DocumentsTest(KubectlCase):
    @with_each_kubectl
    def test_discovery(self, kubectl):
        text = kubectl("api-resources")
        for word in ("inferenceservices", "servingruntimes", "isvc", "hostimages", "podautoscalers", "leases"):
            self.assertIn(word, text)
        self.assertIn("serving.kserve.io/v1beta1", kubectl("api-versions"))
        self.assertIn("deployments", kubectl("api-resources", "--api-group=apps", "--verbs=patch", "-o", "name"))
        self.assertIn("running at", kubectl("cluster-info"))
        self.assertIn("martlet", kubectl("version"))

    @with_each_kubectl
    def test_explain(self, kubectl):
        self.assertIn("storageUri", kubectl("explain", "isvc.spec.predictor.model"))
        self.assertIn("terminationGracePeriodSeconds", kubectl("explain", "deployment.spec", "--recursive"))
        self.assertIn("containers", kubectl("explain", "pod.spec"))
        self.assertIn("roleRef", kubectl("explain", "rolebinding"))


class AccessTest(KubectlCase):
    @with_each_kubectl
    def test_can_i(self, kubectl):
        self.assertEqual(kubectl("auth", "can-i", "create", "pods").strip(), "yes")
        self.assertIn("*.*", kubectl("auth", "can-i", "--list"))
        if kubectl.is_newest:
            self.assertIn("system:masters", kubectl("auth", "whoami"))

    @with_each_kubectl
    def test_roles_and_tokens(self, kubectl):
        kubectl("create", "serviceaccount", "reader")
        kubectl("create", "role", "reads", "--verb=get,list", "--resource=configmaps")
        kubectl("create", "rolebinding", "reads", "--role=reads", "--serviceaccount=default:reader")
        kubectl("create", "clusterrole", "all-reads", "--verb=get", "--resource=namespaces")
        kubectl("create", "clusterrolebinding", "all-reads", "--clusterrole=all-reads",
                "--serviceaccount=default:reader")
        self.assertEqual(kubectl.json("get", "role", "reads")["rules"],
                         [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}])
        me = "--as=system:serviceaccount:default:reader"
        self.assertEqual(kubectl("auth", "can-i", "list", "configmaps", me).strip(), "yes")
        self.assertEqual(kubectl("auth", "can-i", "delete", "configmaps", me, check=False).stdout.strip(), "no")
        if kubectl.is_newest:
            token = kubectl("create", "token", "reader", "--duration=10m").strip()
            self.assertEqual(token.count("."), 2)
            asked = ("--kubeconfig=/dev/null", f"--server=https://127.0.0.1:{self.martlet.ports['api']}",
                     "--insecure-skip-tls-verify", f"--token={token}")
            self.assertIn("NAME", kubectl("get", "configmaps", *asked))
            self.assertIn("forbidden", kubectl.refuse("delete", "configmap", "settings", *asked))
        for kind, name in (("clusterrolebinding", "all-reads"), ("clusterrole", "all-reads"),
                           ("rolebinding", "reads"), ("role", "reads"), ("serviceaccount", "reader")):
            kubectl("delete", kind, name)

    @with_each_kubectl
    def test_kinds_that_only_create_makes(self, kubectl):
        """The newest kubectl sends these in protobuf and in no other form."""
        kubectl("create", "deployment", "made", "--image=example.com/none", "--replicas=0")
        self.assertEqual(kubectl.json("get", "deploy", "made")["spec"]["replicas"], 0)
        kubectl("create", "service", "clusterip", "made", "--tcp=80:8080")
        self.assertEqual(kubectl.json("get", "svc", "made")["spec"]["ports"][0]["targetPort"], 8080)
        kubectl("create", "secret", "generic", "made", "--from-literal=a=b")
        self.assertEqual(kubectl.json("get", "secret", "made")["data"], {"a": "Yg=="})
        kubectl("create", "secret", "docker-registry", "pull", "--docker-server=r", "--docker-username=u",
                "--docker-password=p")
        kubectl("delete", "deploy,svc,secret", "made")
        kubectl("delete", "secret", "pull")


if __name__ == "__main__":
    unittest.main()
