"""The gateway in the whole program: callers that wait, a queue, limits in time, drain, tags and shadows."""

import http.client
import json
import threading
import time

from load import IMAGE, apply, service, wait_ready
from martlet import MartletTest, eventually

LEAST = {"initial-scale": 1, "min-scale": 1}


def annotated(object, template=None, **annotations):
    """`object` with annotations of `martlet.dev/`, of its template or of itself."""
    target = object["spec"]["template"]["metadata"] if template else object["metadata"]
    target.setdefault("annotations", {}).update({f"martlet.dev/{key.replace('_', '-')}": value
                                                 for key, value in annotations.items()})
    return object


class ActivationTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)

    def call(self, name, path="/", timeout=60, **fields):
        """(status, headers, body) of a GET that is read to its end, or to where it was cut."""
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=timeout)
        headers = {"Host": f"{name}.default.localhost", **{key.replace("_", "-"): value for key, value in fields.items()}}
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = b""
            try:
                while piece := response.read1():
                    body += piece
            except http.client.HTTPException as error:
                body += b" cut: " + repr(error).encode()
            return response.status, response.headers, body.decode()
        finally:
            connection.close()

    def known(self, name):
        """Calls as soon as there is a route and a pod, long before the pod is ready."""
        eventually(lambda: self.call(name, K_Network_Probe="probe")[0] == 200 and self.pods(name),
                   what=f"a route and a pod of {name}")

    def pods(self, name):
        return [pod for pod in self.martlet.pods()
                if pod["metadata"]["labels"].get("serving.knative.dev/service") == name]

    def metric(self, name, **labels):
        text = self.martlet.get("admin", "/metrics")[1].decode()
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + "{")
                   and all(f'{key}="{value}"' in line for key, value in labels.items()))

    def test_a_stream_is_kept_alive_while_the_first_replica_starts(self):
        apply(self.martlet, service("slow", {"START_SECONDS": 6}))
        self.known("slow")
        answers = {}
        callers = [
            threading.Thread(target=lambda: answers.update(stream=self.call("slow", "/stream?2", Accept="text/event-stream"))),
            threading.Thread(target=lambda: answers.update(progress=self.call("slow", "/stream?2", Prefer="progress"))),
            threading.Thread(target=lambda: answers.update(plain=self.call("slow")))]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        status, headers, body = answers["stream"]
        self.assertEqual((status, headers["Content-Type"]), (200, "text/event-stream"))
        self.assertIn(": starting, waited 2 s\n\n", body)
        self.assertTrue(body.endswith("data: slow-00001\n\ndata: slow-00001\n\ndata: [DONE]\n\n"), body)
        event = answers["progress"][2].split("event: martlet.progress\ndata: ")[1].split("\n")[0]
        self.assertEqual(json.loads(event)["state"], "starting")
        status, headers, body = answers["plain"]
        self.assertEqual((status, body), (200, "slow-00001"))
        self.assertIn("wait;dur=", headers["Server-Timing"])

    def test_who_waits_too_long_hears_why_and_the_load_goes_on(self):
        apply(self.martlet, annotated(service("patience", {"START_SECONDS": 8}), template=True, max_wait="2s"))
        self.known("patience")
        begin = time.monotonic()
        status, headers, body = self.call("patience", Accept="text/plain")
        self.assertEqual(status, 503, body)
        self.assertLess(time.monotonic() - begin, 6)
        self.assertGreater(int(headers["Retry-After"]), 0)
        answer = json.loads(body)
        self.assertEqual((answer["state"], answer["error"]["code"]), ("starting", "model_start_timeout"))
        self.assertIn("started and is not ready yet", answer["message"])
        self.assertEqual(self.call("patience", Prefer="wait=1")[0], 503)
        begun = [pod["metadata"]["uid"] for pod in self.pods("patience")]
        wait_ready(self.martlet, "patience")
        self.assertEqual([pod["metadata"]["uid"] for pod in self.pods("patience")], begun, "nobody waited, and it went on")
        self.assertEqual(self.call("patience")[0], 200)

    def test_a_service_that_fails_answers_at_once(self):
        apply(self.martlet, service("broken", {"FAIL": "no such layer"}))
        answer = eventually(
            lambda: self.failed("broken"), timeout=60, every=0.5, what="a refusal that says why")
        self.assertIn("no such layer", answer)

    def failed(self, name):
        status, _, body = self.call(name, Prefer="wait=1")
        return body if status == 503 and "no such layer" in body else None

    def test_two_replicas_of_one_place_each_answer_two_at_a_time(self):
        apply(self.martlet, service(
            "narrow", annotations={**LEAST, "min-scale": 2, "initial-scale": 2, "max-scale": 2},
            spec={"containerConcurrency": 1}))
        wait_ready(self.martlet, "narrow")
        eventually(lambda: self.metric("martlet_ready_replicas", service="narrow") == 2, what="two replicas")
        results, begin = [], time.monotonic()
        threads = [threading.Thread(target=lambda: results.append(self.call("narrow", "/slow?500")[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        eventually(lambda: self.metric("martlet_requests_waiting", service="narrow") >= 2, what="a queue")
        for thread in threads:
            thread.join()
        self.assertEqual(results, [200] * 6)
        self.assertGreater(time.monotonic() - begin, 1.4, "three rounds of half a second")

    def test_limits_in_time(self):
        apply(self.martlet, service("limited", annotations=LEAST, spec={"timeoutSeconds": 1}))
        wait_ready(self.martlet, "limited")
        status, _, body = self.call("limited", "/slow?4000")
        self.assertEqual((status, json.loads(body)["error"]["code"]), (504, "timeout"))
        status, _, body = self.call("limited", "/stream?200")
        self.assertEqual(status, 200)
        self.assertIn('data: {"error":', body)
        self.assertIn("cut: ", body, "it does not end as if it were complete")

    def test_a_stream_outlives_its_revision_and_is_cut_when_the_grace_is_over(self):
        def version(number, grace):
            return service("flow", {"NUMBER": number, "STOP_SECONDS": 60}, LEAST,
                           spec={"terminationGracePeriodSeconds": grace})
        apply(self.martlet, version(1, 60))
        wait_ready(self.martlet, "flow")
        answers = []
        caller = threading.Thread(target=lambda: answers.append(self.call("flow", "/stream?200")))
        caller.start()
        eventually(lambda: self.metric("martlet_requests_in_flight", revision="flow-00001") == 1)
        apply(self.martlet, version(2, 2))
        wait_ready(self.martlet, "flow")
        self.assertEqual(self.call("flow")[2], "flow-00002")
        self.assertTrue(caller.is_alive(), "the stream goes on")
        caller.join()
        self.assertTrue(answers[0][2].endswith("data: flow-00001\n\ndata: [DONE]\n\n"), answers[0][2][-200:])
        caller = threading.Thread(target=lambda: answers.append(self.call("flow", "/stream?2000")))
        caller.start()
        eventually(lambda: self.metric("martlet_requests_in_flight", revision="flow-00002") == 1)
        self.martlet.run("delete", "ksvc", "flow")
        caller.join(timeout=30)
        self.assertFalse(caller.is_alive())
        self.assertIn('"code":"replica_stopped"', answers[1][2])
        self.assertIn("cut: ", answers[1][2])
        eventually(lambda: not [pod for pod in self.pods("flow") if "flow-00002" in pod["metadata"]["name"]], timeout=30,
                   what="no pod, though its server ignores SIGTERM")

    def two_versions(self, name):
        apply(self.martlet, service(name, {"NUMBER": 1}, LEAST))
        wait_ready(self.martlet, name)
        traffic = [{"revisionName": f"{name}-00001", "percent": 100},
                   {"latestRevision": True, "percent": 0, "tag": "next"}]
        second = service(name, {"NUMBER": 2}, LEAST, traffic)
        apply(self.martlet, second)
        wait_ready(self.martlet, name)
        return second

    def test_a_tag_in_a_field(self):
        self.two_versions("tagged")
        self.assertEqual(self.call("next-tagged")[2], "tagged-00002")
        self.assertEqual(self.call("tagged", Knative_Serving_Tag="next")[2], "tagged-00001", "it is off")
        apply(self.martlet, {
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "config-features", "namespace": "martlet-system"},
            "data": {"tag-header-based-routing": "enabled"}})
        eventually(lambda: self.call("tagged", Knative_Serving_Tag="next")[2] == "tagged-00002", what="the tag's revision")
        self.assertEqual(self.call("tagged", Knative_Serving_Tag="none")[2], "tagged-00001")

    def test_a_shadow_gets_a_copy_and_nobody_hears_of_it(self):
        second = self.two_versions("seen")
        apply(self.martlet, annotated(second, shadow="next=100"))

        def copied():
            self.assertEqual(self.call("seen")[2], "seen-00001")
            return self.metric("revision_request_count", revision_name="seen-00002", shadow="true")
        eventually(copied, what="a copy")
        before = copied()
        for _ in range(20):
            self.assertEqual(self.call("seen")[2], "seen-00001")
        eventually(lambda: self.metric(
            "revision_request_count", revision_name="seen-00002", shadow="true") >= before + 20, what="twenty copies")
        self.assertEqual(self.metric("revision_request_count", revision_name="seen-00002"),
                         self.metric("revision_request_count", revision_name="seen-00002", shadow="true"))
