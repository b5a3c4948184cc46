"""The node: model servers that outlive Martlet, that cannot get out, and that are ended when they should be."""

import json
import os
import signal
import threading
import time
import unittest

from load import IMAGE, apply, service, wait_ready
from martlet import MartletTest, eventually, processes_below

KEPT = {"initial-scale": 1, "min-scale": 1}


class NodeTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)

    def servers(self):
        """The processes of pods, shims included."""
        return sorted(set(processes_below(self.martlet.directory)) - {self.martlet.process.pid})

    def call(self, name, path="/"):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"{name}.default.localhost"})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error).encode()
        finally:
            connection.close()

    def serving(self, name):
        return eventually(lambda: self.call(name)[0] == 200, timeout=30, what=f"an answer of {name}")

    def pod(self, name):
        pods = [pod for pod in self.martlet.pods()
                if pod["metadata"]["labels"].get("serving.knative.dev/service") == name]
        self.assertEqual(len(pods), 1, pods)
        return pods[0]

    def restarts(self, name):
        return self.pod(name)["status"]["containerStatuses"][0]["restartCount"]

    def shim(self, name):
        """The keeper of the pod's one container."""
        uid = self.pod(name)["metadata"]["uid"]
        folder = self.martlet.directory / "pods" / uid
        state = next(folder.glob("*/state")).read_text()
        return int(state.split()[1])


class SurvivalTest(NodeTest):
    def test_kill_9_under_load_stops_no_server(self):
        apply(self.martlet, *(service(f"kept-{number}", annotations=KEPT) for number in range(3)))
        for number in range(3):
            wait_ready(self.martlet, f"kept-{number}")
            self.serving(f"kept-{number}")
        before, pods = self.servers(), {pod["metadata"]["uid"]: pod["status"]["podIP"] for pod in self.martlet.pods()}
        stop, answered = threading.Event(), []

        def caller(number):
            while not stop.is_set():
                if self.call(f"kept-{number % 3}")[0] == 200:
                    answered.append(time.monotonic())
                else:
                    time.sleep(0.01)

        callers = [threading.Thread(target=caller, args=[number]) for number in range(6)]
        streams = [threading.Thread(target=self.call, args=[f"kept-{number % 3}", "/stream?100"]) for number in range(12)]
        for thread in callers + streams:
            thread.start()
        time.sleep(0.5)
        killed = time.monotonic()
        self.martlet.kill(keep_servers=True)
        self.assertEqual(self.servers(), before)
        self.martlet.start()
        eventually(lambda: answered and answered[-1] > killed + 0.2, timeout=30, what="an answer after the crash")
        back = next(moment for moment in answered if moment > killed + 0.1) - killed
        stop.set()
        for thread in callers + streams:
            thread.join(60)
        print(f"\nservice back {back:.2f} s after kill -9")
        for number in range(3):
            self.serving(f"kept-{number}")
            self.assertEqual(self.restarts(f"kept-{number}"), 0)
        self.assertEqual(self.servers(), before)
        self.assertEqual({pod["metadata"]["uid"]: pod["status"]["podIP"] for pod in self.martlet.pods()}, pods)
        # They are pods like any others: exec, logs and deletion.
        pod = self.pod("kept-0")["metadata"]["name"]
        self.assertIn("POD_IP", self.martlet.kubectl("exec", pod, "--", "env"))
        for number in range(3):
            self.martlet.run("delete", "ksvc", f"kept-{number}")
        eventually(lambda: not self.servers(), timeout=40, what="the end of the servers")

    def test_output_written_while_nobody_is_there_is_in_the_log(self):
        script = "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.02; done"
        self.martlet.kubectl("apply", "-f", "-", input=pod("talker", ["sh", "-c", script]))
        self.martlet.kubectl("wait", "pod/talker", "--for=condition=Ready", "--timeout=30s")
        self.martlet.kill(keep_servers=True)
        time.sleep(1)
        self.martlet.start()
        lines = [int(line.split()[1]) for line in self.martlet.kubectl("logs", "talker").splitlines()]
        self.assertEqual(lines, list(range(len(lines))))
        self.assertGreater(len(lines), 30)
        self.martlet.kubectl("delete", "pod", "talker", "--grace-period=1")

    def test_down_may_leave_the_servers_running(self):
        apply(self.martlet, service("left", annotations=KEPT))
        wait_ready(self.martlet, "left")
        self.serving("left")
        before = self.servers()
        self.martlet.run("down", "--keep-pods")
        self.martlet.process.wait(10)
        self.assertEqual(self.servers(), before)
        self.martlet.start()
        self.serving("left")
        self.assertEqual((self.servers(), self.restarts("left")), (before, 0))
        # Once it is down, `down` ends what was left; and so does the next one that runs, where a pod is gone.
        self.martlet.kill(keep_servers=True)
        self.assertEqual(self.servers(), before)
        self.assertIn("ended", self.martlet.run("down"))
        self.assertEqual(self.servers(), [])
        self.martlet.start()
        self.serving("left")
        self.martlet.run("delete", "ksvc", "left")

    def test_a_shim_that_is_killed_takes_its_server_with_it_which_starts_again(self):
        apply(self.martlet, service("shimmed", annotations=KEPT))
        wait_ready(self.martlet, "shimmed")
        self.serving("shimmed")
        before = set(self.servers())
        os.kill(self.shim("shimmed"), signal.SIGKILL)
        eventually(lambda: self.restarts("shimmed") == 1, what="a restart")
        self.serving("shimmed")
        self.assertFalse(before & set(self.servers()))
        # Both at once.
        self.martlet.process.kill()
        os.kill(self.shim_of_the_dead("shimmed"), signal.SIGKILL)
        self.martlet.process.wait()
        eventually(lambda: not self.servers(), timeout=10, what="the end of the server")
        self.martlet.start()
        self.serving("shimmed")
        self.martlet.run("delete", "ksvc", "shimmed")

    def shim_of_the_dead(self, name):
        states = [path.read_text().split() for path in self.martlet.directory.glob("pods/*/*/state")]
        alive = [int(words[1]) for words in states if os.path.exists(f"/proc/{words[1]}")]
        self.assertEqual(len(alive), 1, f"of {name}")
        return alive[0]


def pod(name, command, annotations=None, spec=None, **container):
    return json.dumps({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}, "annotations": annotations or {}},
        "spec": {"terminationGracePeriodSeconds": 1, **(spec or {}), "containers": [
            {"name": "main", "image": "example/fake-model", "command": command, **container}]}})


if __name__ == "__main__":
    unittest.main()
