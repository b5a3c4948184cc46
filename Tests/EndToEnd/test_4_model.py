"""The main job: a real model, deployed, called, put to sleep, woken, and back after a kill -9."""

import http.client
import json
import subprocess
import threading
import time

from martlet import MartletTest, eventually, kubectls, processes_below

QUICK = {"autoscaling.knative.dev/window": "6s"}


class ModelTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input="""
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: martlet-system}
data: {scale-to-zero-grace-period: "1s"}
""")
        cls().deploy(annotations=QUICK)

    def test_it_answers_through_every_door(self):
        status, answer = self.martlet.chat()
        self.assertEqual(status, 200, answer)
        self.assertGreater(len(answer["choices"][0]["message"]["content"]), 3)
        body = {"prompt": "Birds", "max_tokens": 4}
        host = f"smollm2-default.localhost:{self.martlet.ports['gateway']}"
        status, text = self.martlet.request("gateway", "POST", "/v1/completions", body, {"Host": host})
        self.assertEqual(status, 200, text)
        status, text = self.martlet.request("gateway", "POST", "/serving/default/smollm2/v1/completions", body)
        self.assertEqual(status, 200, text)
        status, text = self.martlet.request(
            "gateway", "POST", "/openai/v1/completions", {"model": "smollm2", **body})
        self.assertEqual(status, 200, text)
        status, text = self.martlet.get("gateway", "/openai/v1/models")
        self.assertEqual([model["id"] for model in json.loads(text)["data"]], ["smollm2"])

    def test_it_streams(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=60)
        body = {"model": "smollm2", "stream": True, "max_tokens": 16,
                "messages": [{"role": "user", "content": "Count."}]}
        connection.request("POST", "/openai/v1/chat/completions", json.dumps(body),
                           {"Content-Type": "application/json"})
        response = connection.getresponse()
        self.assertIn("text/event-stream", response.headers["Content-Type"])
        events, times = [], []
        for line in response:
            if line.startswith(b"data: "):
                events.append(line[6:].strip())
                times.append(time.monotonic())
        connection.close()
        self.assertEqual(events[-1], b"[DONE]")
        self.assertGreater(len(events), 5)
        self.assertGreater(times[-1] - times[0], 0.02, "the events came all at once")

    def test_an_unknown_model_is_404_with_the_names_that_exist(self):
        status, answer = self.martlet.chat(model="smolm2")
        self.assertEqual(status, 404)
        self.assertIn("smollm2", answer["error"]["message"])

    def test_chat_and_logs_on_the_command_line(self):
        self.assertGreater(len(self.martlet.run("chat", "smollm2", "--max-tokens", "16", "Hello")), 3)
        eventually(lambda: self.martlet.run("logs", "smollm2"), what="a log line")
        for program in kubectls().values():
            self.assertIn("smollm2", self.martlet.kubectl("get", "isvc", program=program))
            self.kubectl_follows_logs(program)

    def kubectl_follows_logs(self, program):
        self.martlet.chat(max_tokens=1)
        pod = eventually(self.martlet.pods, what="a pod")[0]["metadata"]["name"]
        follower = subprocess.Popen(
            [program, "--kubeconfig", str(self.martlet.directory / "kubeconfig"), "logs", "-f", pod],
            stdout=subprocess.PIPE, text=True)
        try:
            self.assertTrue(follower.stdout.readline())
        finally:
            follower.kill()
            follower.wait()
            follower.stdout.close()

    def test_thirty_wake_ups_and_scale_downs_lose_no_request(self):
        """Each request comes a little later into the scaling down that the one before it began: while the server is
        idle, while it is being let go, while it stops, and when it is gone."""
        failures, starts = [], self.starts()
        for turn in range(30):
            status, answer = self.martlet.chat(max_tokens=1)
            if status != 200:
                failures.append((turn, status, answer))
            # Window 6 s, grace 1 s, ticks of 2 s: with the window at hand it is gone after about 10 s.
            time.sleep(8 + 0.14 * turn)
        print(f"{self.starts() - starts} starts", end=" ", flush=True)
        self.assertEqual(failures, [])
        self.assertGreater(self.starts() - starts, 5)

    def test_a_hundred_requests_at_zero_start_one_server(self):
        self.to_zero()
        before = self.starts()
        results = []

        def call():
            results.append(self.martlet.chat(max_tokens=1)[0])
        threads = [threading.Thread(target=call) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [200] * 100)
        self.assertEqual(self.starts() - before, 1)

    def starts(self):
        text = self.martlet.get("admin", "/metrics")[1].decode()
        for line in text.splitlines():
            if line.startswith("martlet_pod_starts_total "):
                return int(float(line.split()[-1]))
        raise AssertionError("martlet_pod_starts_total is not in /metrics")

    def to_zero(self):
        eventually(lambda: not self.martlet.pods(), timeout=40, what="zero pods")

    def test_leaving_callers_free_their_slot(self):
        import socket
        body = json.dumps({"model": "smollm2", "stream": True, "max_tokens": 400,
                           "messages": [{"role": "user", "content": "Tell a long story."}]}).encode()
        for _ in range(3):
            caller = socket.create_connection(("127.0.0.1", self.martlet.ports["gateway"]))
            caller.sendall(
                b"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            caller.recv(100)
            caller.close()
        eventually(lambda: self.in_flight() == 0, timeout=5, what="no request in flight")

    def in_flight(self):
        text = self.martlet.get("admin", "/metrics")[1].decode()
        values = [float(line.split()[-1]) for line in text.splitlines()
                  if line.startswith("martlet_requests_in_flight")]
        return sum(values)


class CrashTest(MartletTest):
    def test_kill_9_loses_no_object_and_serves_again_with_the_same_server(self):
        self.deploy(min_replicas=1)
        before = {kind: self.martlet.run("get", kind, "-o", "name")
                  for kind in ("isvc", "ksvc", "revision", "route", "configuration", "kpa", "deployment")}
        self.assertEqual(self.martlet.chat()[0], 200)
        servers = sorted(set(processes_below(self.martlet.directory)) - {self.martlet.process.pid})
        # Servers outlive Martlet (test_26_node has more of it).
        self.martlet.kill(keep_servers=True)
        self.martlet.start()
        self.assertEqual(sorted(set(processes_below(self.martlet.directory)) - {self.martlet.process.pid}), servers)
        after = {kind: self.martlet.run("get", kind, "-o", "name") for kind in before}
        self.assertEqual(before, after)
        self.assertEqual(self.martlet.chat()[0], 200)

    def test_deleting_the_service_stops_its_server(self):
        self.deploy(name="gone", min_replicas=1)
        self.martlet.run("delete", "isvc", "gone")
        eventually(lambda: not [p for p in self.martlet.pods() if "gone" in p["metadata"]["name"]], timeout=40)
        status, answer = self.martlet.chat(model="gone")
        self.assertEqual(status, 404, answer)
