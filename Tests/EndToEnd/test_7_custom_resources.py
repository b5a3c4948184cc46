"""Other people's kinds beside ours: CustomResourceDefinitions, their documents, and admission webhooks, by kubectl."""

import base64
import http.server
import json
import ssl
import subprocess
import threading
import unittest

from martlet import MartletTest, eventually, kubectls

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    selectableFields: [{jsonPath: .spec.color}]
    additionalPrinterColumns:
    - {name: Schedule, type: string, jsonPath: .spec.cronSpec, description: When it runs}
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}
    schema:
      openAPIV3Schema:
        type: object
        description: Runs things at times.
        properties:
          spec:
            type: object
            required: [cronSpec]
            properties:
              cronSpec: {type: string, description: When it runs., pattern: '^(\\S+ ){4}\\S+$'}
              color: {type: string, enum: [red, green], default: green}
              replicas: {type: integer, minimum: 0, maximum: 10, default: 1}
              port: {x-kubernetes-int-or-string: true}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              tags: {type: array, items: {type: string}, x-kubernetes-list-type: set}
          status:
            type: object
            properties: {replicas: {type: integer}, selector: {type: string}, phase: {type: string}}
  - name: v1beta1
    served: true
    storage: false
    deprecated: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""

OBJECT = """
apiVersion: stable.example.com/v1
kind: CronTab
metadata: {name: mine, labels: {team: birds}}
spec: {cronSpec: "* * * * 5", port: http, free: {a: {b: 1}}, tags: [x, z]}
"""

BASE = "/apis/stable.example.com/v1/namespaces/default/crontabs"


class CustomResourceTest(MartletTest):
    def each(self):
        for program in kubectls().values():
            kubectl = lambda *words, program=program, **more: self.martlet.kubectl(*words, program=program, **more)
            kubectl("apply", "-f", "-", input=DEFINITION)
            try:
                kubectl("wait", "--for", "condition=established", "--timeout=20s", "crd/crontabs.stable.example.com")
                yield kubectl
            finally:
                kubectl("delete", "crd", "crontabs.stable.example.com", "--timeout=20s")

    def refused(self, kubectl, *words, **more):
        result = kubectl(*words, check=False, **more)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        return result.stderr

    def test_life_of_an_object(self):
        for kubectl in self.each():
            self.assertIn("created", kubectl("apply", "-f", "-", input=OBJECT))
            self.assertIn("unchanged", kubectl("apply", "-f", "-", input=OBJECT))
            header, row = kubectl("get", "ct").splitlines()
            self.assertEqual(header.split(), ["NAME", "SCHEDULE", "REPLICAS", "AGE"])
            self.assertEqual(row.split()[:7], ["mine", "*", "*", "*", "*", "5", "1"])
            self.assertIn("crontab", kubectl("get", "all"))
            found = json.loads(kubectl("get", "crontab", "mine", "-o", "json"))
            self.assertEqual(found["spec"]["color"], "green")
            self.assertEqual(found["spec"]["free"], {"a": {"b": 1}})
            self.assertEqual(kubectl("get", "ct", "--field-selector", "spec.color=red", "-o", "name"), "")
            self.assertIn("mine", kubectl("get", "ct", "--field-selector", "spec.color=green", "-o", "name"))
            self.assertIn("field label not supported",
                          self.refused(kubectl, "get", "ct", "--field-selector", "spec.port=1"))
            kubectl("scale", "crontab", "mine", "--replicas=3")
            kubectl("patch", "ct", "mine", "--type", "merge", "-p", '{"spec":{"port":80}}')
            kubectl("label", "ct", "mine", "tier=test")
            found = json.loads(kubectl("get", "ct", "mine", "-o", "json"))
            self.assertEqual((found["spec"]["replicas"], found["spec"]["port"]), (3, 80))
            self.assertEqual(found["metadata"]["generation"], 3)
            for bad in ('{"spec":{"replicas":11}}', '{"spec":{"color":"blue"}}', '{"spec":{"tags":["x","x"]}}',
                        '{"spec":{"cronSpec":"often"}}'):
                self.assertIn("spec", self.refused(kubectl, "patch", "ct", "mine", "--type", "merge", "-p", bad))
            self.assertIn("deleted", kubectl("delete", "ct", "mine"))

    def test_status_and_versions(self):
        kubectl = next(generator := self.each())
        kubectl("apply", "-f", "-", input=OBJECT)
        kubectl("patch", "ct", "mine", "--subresource", "status", "--type", "merge", "-p", '{"status":{"phase":"Up"}}')
        found = json.loads(kubectl("get", "crontabs.v1beta1.stable.example.com", "mine", "-o", "json"))
        self.assertEqual(found["apiVersion"], "stable.example.com/v1beta1")
        self.assertEqual(found["status"]["phase"], "Up")
        warned = kubectl("get", "crontabs.v1beta1.stable.example.com", check=False)
        self.assertIn("stable.example.com/v1beta1 CronTab is deprecated", warned.stderr)
        definition = json.loads(kubectl("get", "crd", "crontabs.stable.example.com", "-o", "json"))
        self.assertEqual(definition["status"]["storedVersions"], ["v1"])
        generator.close()

    def test_explain(self):
        for kubectl in self.each():
            eventually(lambda: "Runs things at times." in kubectl("explain", "crontab"), what="explain")
            self.assertIn("When it runs.", kubectl("explain", "crontab.spec.cronSpec"))
            recursive = kubectl("explain", "--recursive", "crontab")
            for word in ("cronSpec", "creationTimestamp", "replicas"):
                self.assertIn(word, recursive)
            self.assertIn("containers", kubectl("explain", "--recursive", "deployment"))

    def test_deleting_the_definition_deletes_its_objects(self):
        kubectl = next(generator := self.each())
        kubectl("apply", "-f", "-", input=OBJECT)
        watch = subprocess.Popen(
            [kubectls()["newest"], "--kubeconfig", str(self.martlet.directory / "kubeconfig"), "get", "--raw",
             BASE + "?watch=1"], stdout=subprocess.PIPE, text=True)
        self.assertIn('"ADDED"', watch.stdout.readline())
        generator.close()
        rest, _ = watch.communicate(timeout=20)
        self.assertIn('"DELETED"', rest)
        # Which of the two depends on what kubectl remembers.
        self.assertRegex(self.refused(kubectl, "get", "crontabs"), "doesn't have a resource type|NotFound")

    def test_definitions_are_checked(self):
        kubectl = self.martlet.kubectl
        bad = DEFINITION.replace("crontabs.stable", "other.stable").replace("type: object\n        description", "description")
        message = self.refused(kubectl, "create", "-f", "-", input=bad)
        self.assertIn("must be spec.names.plural", message)
        self.assertIn("schema.openAPIV3Schema.type: Required value: must not be empty at the root", message)

    def test_definitions_and_objects_outlive_a_restart(self):
        kubectl = next(generator := self.each())
        kubectl("apply", "-f", "-", input=OBJECT)
        self.martlet.stop()
        self.martlet.start()
        self.assertIn("mine", kubectl("get", "ct", "-o", "name"))
        generator.close()


class Webhook:
    """An HTTPS server with the certificate of the API, that answers admission reviews as `decide` says."""

    def __init__(self, martlet, decide):
        self.reviews = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(handler):
                review = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
                self.reviews.append(review["request"])
                answer = {"uid": review["request"]["uid"], **decide(review["request"])}
                body = json.dumps({"apiVersion": review["apiVersion"], "kind": review["kind"], "response": answer})
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body.encode())

            def log_message(handler, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(martlet.directory / "pki" / "server.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}/review"
        config = json.loads(martlet.kubectl("config", "view", "--raw", "-o", "json"))
        self.authority = config["clusters"][0]["cluster"]["certificate-authority-data"]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def configuration(self, kind, name, **fields):
        return json.dumps({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": name},
            "webhooks": [{
                "name": f"{name}.example.com", "clientConfig": {"url": self.url, "caBundle": self.authority},
                "admissionReviewVersions": ["v1"], "sideEffects": "None",
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"],
                           "operations": ["CREATE", "UPDATE", "DELETE"]}],
                "objectSelector": {"matchLabels": {"reviewed": "yes"}}, **fields}]})


CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "labels": {"reviewed": "yes"}},
          "data": {"a": "1"}}


class WebhookTest(MartletTest):
    def webhook(self, kind, name, decide, **fields):
        webhook = Webhook(self.martlet, decide)
        self.addCleanup(webhook.close)
        self.martlet.kubectl("apply", "-f", "-", input=webhook.configuration(kind, name, **fields))
        self.addCleanup(self.martlet.kubectl, "delete", kind, name)
        return webhook

    def test_mutation(self):
        patch = base64.b64encode(json.dumps([{"op": "add", "path": "/data/b", "value": "2"}]).encode()).decode()
        webhook = self.webhook("MutatingWebhookConfiguration", "adds", lambda request: {
            "allowed": True, "warnings": ["b was added"],
            **({"patchType": "JSONPatch", "patch": patch} if request["operation"] == "CREATE" else {})})
        created = self.martlet.kubectl("create", "-f", "-", input=json.dumps(CONFIG), check=False)
        self.assertIn("Warning: b was added", created.stderr)
        found = json.loads(self.martlet.kubectl("get", "configmap", "settings", "-o", "json"))
        self.assertEqual(found["data"], {"a": "1", "b": "2"})
        review = webhook.reviews[0]
        self.assertEqual((review["operation"], review["kind"]["kind"], review["name"], review["namespace"]),
                         ("CREATE", "ConfigMap", "settings", "default"))
        self.assertEqual(review["object"]["data"], {"a": "1"})
        self.martlet.kubectl("delete", "configmap", "settings")
        self.assertEqual(webhook.reviews[-1]["operation"], "DELETE")

    def test_denial(self):
        self.webhook("ValidatingWebhookConfiguration", "denies", lambda request: {
            "allowed": request["operation"] == "DELETE" or request["object"]["data"]["a"] != "1",
            "status": {"code": 403, "message": "a must not be 1"}})
        refused = self.martlet.kubectl("create", "-f", "-", input=json.dumps(CONFIG), check=False)
        self.assertIn('admission webhook "denies.example.com" denied the request: a must not be 1', refused.stderr)
        other = {**CONFIG, "metadata": {"name": "unlabelled"}}
        self.martlet.kubectl("create", "-f", "-", input=json.dumps(other))
        self.martlet.kubectl("delete", "configmap", "unlabelled")

    def test_a_webhook_that_is_not_there(self):
        webhook = self.webhook("ValidatingWebhookConfiguration", "gone", lambda request: {"allowed": True})
        webhook.server.socket.close()
        create = lambda: self.martlet.kubectl("create", "-f", "-", input=json.dumps(CONFIG), check=False)
        self.assertIn('failed calling webhook "gone.example.com"', create().stderr)
        ignoring = webhook.configuration("ValidatingWebhookConfiguration", "gone", failurePolicy="Ignore")
        self.martlet.kubectl("apply", "-f", "-", input=ignoring)
        self.assertEqual(create().returncode, 0)
        self.martlet.kubectl("delete", "configmap", "settings")


if __name__ == "__main__":
    unittest.main()
