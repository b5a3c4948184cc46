"""Pods through the API, with the oldest and the newest kubectl: logs, exec, attach, cp, port-forward, proxy, top."""

import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from martlet import MartletTest, eventually, free_port, kubectls

# A Python environment without packages: cheap, and its container runs whatever the machine has.
IMAGE = """
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: box}
spec:
  images: [example/box]
  entrypoint: [sleep, "1000000"]
  python: {packages: []}
"""

# Answers requests with their path or body, and writes a line every fifth of a second.
SERVER = r"""
import http.server, os, sys, threading, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(self.path.encode())

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer((os.environ["POD_IP"], 8080), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
number = 0
while not os.path.exists(os.path.join(os.environ["HOME"], "stop")):
    print("line", number, flush=True)
    number += 1
    time.sleep(0.2)
print("stopping", file=sys.stderr, flush=True)
sys.exit(3)
"""


def pod(name, command, **container):
    return json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [
            {"name": "main", "image": "example/box", "command": command, **container}]}})


class PodsTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.kubectl("apply", "-f", "-", input=IMAGE)
        cls.martlet.kubectl("apply", "-f", "-", input=pod(
            "web", ["python3", "-u", "-c", SERVER], ports=[{"containerPort": 8080, "name": "http"}],
            env=[{"name": "COLOUR", "value": "blue"}]))
        cls.martlet.kubectl("apply", "-f", "-", input=pod("echo", ["cat"], stdin=True))
        cls.wait("web")
        cls.wait("echo")

    @classmethod
    def wait(cls, name):
        ready = "jsonpath={.status.conditions[?(@.type=='Ready')].status}"
        eventually(lambda: cls.martlet.kubectl("get", "pod", name, "-o", ready) == "True", timeout=60, what=name)

    def each(self):
        for program in kubectls().values():
            yield lambda *words, program=program, **more: self.martlet.kubectl(*words, program=program, **more)

    def start(self, program, *words, **more):
        return subprocess.Popen(
            [program, "--kubeconfig", str(self.martlet.directory / "kubeconfig"), *words], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, **more)

    def end(self, process):
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()

    def test_exec(self):
        for kubectl in self.each():
            result = kubectl("exec", "web", "--", "sh", "-c", "echo $COLOUR; echo bad >&2; exit 7", check=False)
            self.assertEqual((result.stdout, result.returncode), ("blue\n", 7))
            self.assertIn("bad\n", result.stderr)
            self.assertEqual(kubectl("exec", "-i", "web", "-c", "main", "--", "cat", input="one\ntwo"), "one\ntwo")
            missing = kubectl("exec", "web", "--", "no-such-program", check=False)
            self.assertNotEqual(missing.returncode, 0)
            self.assertIn("executable file not found", missing.stderr)
            self.assertIn("is not valid for pod", kubectl("exec", "web", "-c", "x", "--", "ls", check=False).stderr)

    def test_a_pod_of_several_containers(self):
        """An init container first; then each container by its name, with one address and volume for both."""
        def container(name, script):
            return {"name": name, "image": "example/box", "command": ["sh", "-c", script],
                    "volumeMounts": [{"name": "shared", "mountPath": "/mnt/shared"}]}
        self.martlet.kubectl("apply", "-f", "-", input=json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pair"},
            "spec": {"terminationGracePeriodSeconds": 1, "volumes": [{"name": "shared", "emptyDir": {}}],
                     "initContainers": [container("first", "echo prepared > /mnt/shared/word; echo done")],
                     "containers": [container("one", "echo $POD_IP $(cat /mnt/shared/word); sleep 1000"),
                                    container("two", "echo $POD_IP; sleep 1000")]}}))
        self.wait("pair")
        for kubectl in self.each():
            self.assertEqual(kubectl("logs", "pair", "-c", "first"), "done\n")
            address = eventually(lambda: kubectl("logs", "pair", "-c", "two"), what="a log").strip()
            self.assertEqual(kubectl("logs", "pair", "-c", "one"), f"{address} prepared\n")
            self.assertEqual(kubectl("exec", "pair", "-c", "two", "--", "cat", "/mnt/shared/word"), "prepared\n")
            self.assertIn("2/2", kubectl("get", "pod", "pair"))
        self.martlet.kubectl("delete", "pod", "pair")

    def test_exec_on_a_terminal(self):
        for program in kubectls().values():
            child, terminal = pty.fork()
            if child == 0:
                os.environ["TERM"] = "dumb"
                os.execv(program, [
                    program, "--kubeconfig", str(self.martlet.directory / "kubeconfig"), "exec", "-it", "web", "--",
                    "sh", "-c", "stty -echo; [ -t 0 ] && stty size; echo ready; read line; echo got $line; exit 5"])
            try:
                self.read_until(terminal, b"ready")
                os.write(terminal, b"some words\n")
                # It has no name inside, where only the container's own terminals are seen.
                self.assertNotIn(b"not a tty", self.read_until(terminal, b"got some words"))
            finally:
                _, status = os.waitpid(child, 0)
                os.close(terminal)
            self.assertEqual(os.waitstatus_to_exitcode(status), 5)

    def read_until(self, terminal, text, timeout=20):
        found = getattr(self, "seen", b"")
        self.seen = b""
        deadline = time.monotonic() + timeout
        while text not in found:
            self.assertTrue(select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0], found)
            found += os.read(terminal, 4096)
        self.seen = found
        return found

    def test_a_command_ends_with_its_client(self):
        for number, program in enumerate(kubectls().values()):
            seconds = str(4321 + number)
            client = self.start(program, "exec", "web", "--", "sleep", seconds)
            running = lambda: any(
                (path / "cmdline").read_bytes() == f"sleep\0{seconds}\0".encode() for path in self.processes())
            eventually(running, what="the command")
            self.end(client)
            eventually(lambda: not running(), what="the command's end")

    def processes(self):
        for path in pathlib.Path("/proc").iterdir():
            if path.name.isdigit() and (path / "cmdline").exists():
                yield path

    def test_copy(self):
        for kubectl in self.each():
            with tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place)
                (folder / "from").write_bytes(os.urandom(300_000))
                kubectl("cp", str(folder / "from"), "web:/tmp/there")
                kubectl("cp", "web:/tmp/there", str(folder / "back"))
                self.assertEqual((folder / "back").read_bytes(), (folder / "from").read_bytes())

    def test_attach(self):
        for program in kubectls().values():
            client = self.start(program, "attach", "-i", "echo", stdin=subprocess.PIPE)
            try:
                # What comes before the connection stands is the terminal's, as with cat.
                text = b""
                deadline = time.monotonic() + 20
                while b"hello" not in text and time.monotonic() < deadline:
                    client.stdin.write(b"hello\n")
                    client.stdin.flush()
                    if select.select([client.stdout], [], [], 0.2)[0]:
                        text += os.read(client.stdout.fileno(), 4096)
                self.assertIn(b"hello", text)
            finally:
                self.end(client)

    def test_port_forward(self):
        for program in kubectls().values():
            port, dead = free_port(), free_port()
            client = self.start(program, "port-forward", "pod/web", f"{port}:8080", f"{dead}:9")
            try:
                url = f"http://127.0.0.1:{port}"
                eventually(lambda: self.get(f"{url}/a") == b"/a", what="the forwarded port")
                data = os.urandom(2_000_000)
                self.assertEqual(self.get(url, data), data)
                with self.assertRaises(OSError):
                    self.get(f"http://127.0.0.1:{dead}/")
                text = os.read(client.stdout.fileno(), 65536)
                self.assertIn(b"error forwarding port 9 to pod", text)
            finally:
                self.end(client)

    def get(self, url, data=None):
        with urllib.request.urlopen(url, data, timeout=10) as answer:
            return answer.read()

    def test_proxy(self):
        for program, kubectl in zip(kubectls().values(), self.each()):
            path = "/api/v1/namespaces/default/pods/web:8080/proxy"
            self.assertEqual(kubectl("get", "--raw", f"{path}/health?deep=1"), "/health?deep=1")
            self.assertIn("error trying to reach service", kubectl(
                "get", "--raw", "/api/v1/namespaces/default/pods/web:9/proxy/", check=False).stderr)
            kubectl("expose", "pod", "web", "--port=80", "--target-port=http")
            self.assertEqual(kubectl("get", "--raw", "/api/v1/namespaces/default/services/web/proxy/x"), "/x")
            kubectl("delete", "service", "web")
            port = free_port()
            client = self.start(program, "proxy", f"--port={port}")
            try:
                url = f"http://127.0.0.1:{port}{path}"
                eventually(lambda: self.get(f"{url}/a") == b"/a", what="kubectl proxy")
                data = os.urandom(5_000_000)
                self.assertEqual(self.get(f"{url}/b", data), data)
            finally:
                self.end(client)

    def test_logs(self):
        self.martlet.kubectl("apply", "-f", "-", input=pod("logs", ["python3", "-u", "-c", SERVER]))
        self.wait("logs")
        eventually(lambda: "line 6" in self.martlet.kubectl("logs", "logs"), what="lines")
        for name, program in kubectls().items():
            kubectl = lambda *words, **more: self.martlet.kubectl(*words, program=program, **more)
            self.assertEqual(len(kubectl("logs", "logs", "--tail=2").splitlines()), 2)
            self.assertEqual(kubectl("logs", "logs", "--limit-bytes=6"), "line 0")
            stamped = kubectl("logs", "logs", "--timestamps", "--tail=1")
            self.assertRegex(stamped, r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line \d+\n$")
            recent = kubectl("logs", "logs", "--since=1s").splitlines()
            self.assertLess(len(recent), 12)
            since = kubectl("logs", "logs", f"--since-time={stamped.split('.')[0]}Z").splitlines()
            self.assertNotIn("line 0", since)
            client = self.start(program, "logs", "-f", "logs", "--tail=1")
            try:
                numbers = [int(client.stdout.readline().split()[1]) for _ in range(4)]
                self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))
            finally:
                self.end(client)
        self.martlet.kubectl("exec", "logs", "--", "sh", "-c", "touch $HOME/stop")
        for kubectl in self.each():
            eventually(lambda: kubectl("logs", "logs", "--previous", check=False).stdout.endswith("stopping\n"),
                       what="the log of the container before")

    def test_node(self):
        for kubectl in self.each():
            header, row = kubectl("get", "nodes").splitlines()
            self.assertEqual(header.split(), ["NAME", "STATUS", "ROLES", "AGE", "VERSION"])
            self.assertEqual(row.split()[1:3], ["Ready", "control-plane"])
            text = kubectl("describe", "node", row.split()[0])
            for word in ("KubeletHasSufficientMemory", "KubeletReady", "ephemeral-storage", "default", "web",
                         "HolderIdentity"):
                self.assertIn(word, text)

    def test_top(self):
        for kubectl in self.each():
            eventually(lambda: "web" in kubectl("top", "pod", check=False).stdout, what="kubectl top")
            row = next(line for line in kubectl("top", "pod", "--containers").splitlines() if "web" in line)
            self.assertRegex(row, r"web\s+main\s+\d+m\s+\d+Mi")
            memory = int(re.search(r"(\d+)Mi", row)[1])
            self.assertTrue(1 <= memory <= 500, row)
            self.assertRegex(kubectl("top", "node").splitlines()[1], r"\d+m\s+\d+%\s+\d+Mi\s+\d+%")


if __name__ == "__main__":
    unittest.main()
