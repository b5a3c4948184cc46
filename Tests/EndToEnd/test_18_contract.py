"""What a container finds: the runtime contract of Knative Serving, and what comes to it from outside.

The server reports what it sees of itself and of each request.
"""

import json
import os
import socket
import time

from load import apply, service, wait_ready
from martlet import MartletTest, eventually

IMAGE = """
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: mirror}
spec:
  images: [example/mirror]
  entrypoint: [python3]
  python: {packages: []}
"""

MIRROR = r"""
import base64, hashlib, http.server, json, os, sys, threading, time

began = time.monotonic()
probes = []
state = {
    "environment": dict(os.environ), "directory": os.getcwd(), "arguments": sys.argv[1:], "user": os.getuid(),
    "input": sys.stdin.read() if os.environ.get("READS_INPUT") else None,
    "open": sorted(int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2)[:20],
    "signals": open("/proc/self/status").read().split("SigBlk:")[1].split()[0],
}
print("to standard output", flush=True)
print("to standard error", file=sys.stderr, flush=True)

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, status=200):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/healthz":
            probes.append(dict(self.headers))
            late = time.monotonic() - began < float(os.environ.get("HEALTHY_AFTER", "0"))
            self.answer("starting" if late else "fine", 503 if late else int(os.environ.get("HEALTHY_STATUS", "200")))
        elif self.path == "/socket":
            key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
            self.end_headers()
            while True:
                data = self.connection.recv(100)
                if not data:
                    break
                self.connection.sendall(data.upper())
            self.close_connection = True
        else:
            self.answer({**state, "headers": self.headers.items(), "path": self.path, "probes": probes[-1:]})

    def do_POST(self):
        # Full duplex: every chunk is answered before the next one is read.
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            length = int(self.rfile.readline(), 16)
            data = self.rfile.read(length + 2)[:-2]
            self.wfile.write(b"%x\r\n%s\r\n" % (length, data.upper()))
            if length == 0:
                break

    def log_message(self, *words):
        pass

class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64

Server((os.environ["POD_IP"], int(os.environ["PORT"])), Handler).serve_forever()
"""


def mirror(name, variables=None, annotations=None, arguments=(), spec=None, **container):
    return service(name, variables, annotations or {"min-scale": 1}, spec=spec, image="example/mirror",
                   command=["python3", "-u", "-c", MIRROR], args=list(arguments), **container)


class ContractTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        os.environ["SECRET_OF_MARTLET"] = "must not be seen"
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)
        apply(
            cls.martlet,
            mirror("plain", {"COLOUR": "blue", "READS_INPUT": "1"}, arguments=["$(K_REVISION)", "$$(PORT)"],
                   readinessProbe={"httpGet": {"path": "/healthz"}}),
            mirror("placed", workingDir="/tmp", ports=[{"containerPort": 9876}]))
        for name in ("plain", "placed"):
            wait_ready(cls.martlet, name)

    def see(self, name, path="/", headers=None):
        """What the server of a service reports."""
        status, body = self.martlet.get("gateway", path, {"Host": f"{name}.default.localhost", **(headers or {})})
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def headers(self, name, headers):
        return {key.lower(): value for key, value in self.see(name, headers=headers)["headers"]}

    def test_environment(self):
        found = self.see("plain")["environment"]
        expected = {"PORT": "8080", "K_SERVICE": "plain", "K_CONFIGURATION": "plain", "K_REVISION": "plain-00001",
                    "COLOUR": "blue"}
        self.assertEqual({key: found.get(key) for key in expected}, expected)
        self.assertNotIn("SECRET_OF_MARTLET", found)
        self.assertTrue(os.path.isabs(found["HOME"]))
        self.assertEqual(self.see("placed")["environment"]["PORT"], "9876")

    def test_arguments_are_expanded(self):
        self.assertEqual(self.see("plain")["arguments"], ["plain-00001", "$(PORT)"])

    def test_working_directory(self):
        self.assertEqual(self.see("placed")["directory"], "/tmp")
        plain = self.see("plain")
        self.assertEqual(plain["directory"], plain["environment"]["HOME"])

    def test_standard_input_is_at_its_end(self):
        self.assertEqual(self.see("plain")["input"], "")

    def test_nothing_else_is_open_and_no_signal_is_blocked(self):
        found = self.see("plain")
        # The one through which it lists the folder itself.
        self.assertLessEqual(len(found["open"]), 1, found["open"])
        self.assertEqual(int(found["signals"], 16), 0)

    def test_standard_output_and_error_are_logged(self):
        pod = next(p["metadata"]["name"] for p in self.martlet.pods() if p["metadata"]["name"].startswith("plain"))

        def both():
            text = self.martlet.kubectl("logs", pod)
            return "to standard output" in text and "to standard error" in text
        eventually(both, what="both streams")

    def test_headers_say_whom_a_request_is_from(self):
        trace = f"00-{'1' * 32}-{'2' * 16}-01"
        seen = self.headers("plain", {"X-Forwarded-For": "203.0.113.9", "traceparent": trace})
        self.assertEqual(seen["host"], "plain.default.localhost")
        self.assertEqual(seen["x-forwarded-for"], "203.0.113.9, 127.0.0.1")
        self.assertEqual(seen["x-forwarded-proto"], "http")
        self.assertIn("for=127.0.0.1", seen["forwarded"])
        self.assertIn("1" * 32, seen["traceparent"])

    def test_headers_of_the_platform_cannot_be_forged(self):
        names = ["Knative-Serving-Revision", "Knative-Serving-Namespace", "K-Proxy-Request", "K-Original-Host",
                 "K-Network-Probe", "K-Network-Hash"]
        seen = self.headers("plain", {name: "forged" for name in names})
        self.assertEqual({name for name in names if name.lower() in seen}, set())

    def test_probes_are_known_by_their_agent(self):
        eventually(lambda: self.see("plain")["probes"], what="a probe")
        probe = self.see("plain")["probes"][0]
        self.assertTrue(probe["User-Agent"].startswith("kube-probe/"), probe)

    def test_nothing_is_sent_before_the_probe_succeeds(self):
        apply(self.martlet, mirror(
            "late", {"HEALTHY_AFTER": "1.5"}, {"initial-scale": 0}, readinessProbe={"httpGet": {"path": "/healthz"}}))
        wait_ready(self.martlet, "late")
        begin = time.monotonic()
        self.see("late")
        self.assertGreater(time.monotonic() - begin, 1.5)

    def test_every_kind_of_probe_and_every_good_status(self):
        probes = {
            "http-399": ({"httpGet": {"path": "/healthz"}}, {"HEALTHY_STATUS": "399"}),
            "tcp": ({"tcpSocket": {}}, {}),
            "command": ({"exec": {"command": ["sh", "-c", "test $K_SERVICE = command"]}}, {}),
        }
        apply(self.martlet, *(
            mirror(name, variables, readinessProbe=probe) for name, (probe, variables) in probes.items()))
        for name in probes:
            wait_ready(self.martlet, name)
            self.see(name)

    def test_probes_are_no_requests(self):
        def requests():
            text = self.martlet.get("admin", "/metrics")[1].decode()
            return [line for line in text.splitlines() if line.startswith("martlet_requests") and "plain" in line]
        self.see("plain")
        before = eventually(requests, what="the counters of plain")
        time.sleep(2.5)
        self.assertEqual(requests(), before)

    def test_upgrade_to_websocket(self):
        with self.connect() as caller:
            caller.sendall(b"GET /socket HTTP/1.1\r\nHost: plain.default.localhost\r\nConnection: Upgrade\r\n"
                           b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            head = self.until(caller, b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 101"), head)
            self.assertIn(b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head)
            for word in (b"one", b"two"):
                caller.sendall(word)
                self.until(caller, word.upper())

    def test_full_duplex(self):
        """Each piece of the answer comes before the next piece of the request is sent."""
        with self.connect() as caller:
            caller.sendall(b"POST / HTTP/1.1\r\nHost: plain.default.localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            for word in (b"one", b"two", b"three"):
                caller.sendall(b"%x\r\n%s\r\n" % (len(word), word))
                self.until(caller, word.upper() + b"\r\n")
            caller.sendall(b"0\r\n\r\n")
            self.until(caller, b"0\r\n\r\n")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.martlet.ports["gateway"]), timeout=20)

    def until(self, caller, text):
        found = b""
        while text not in found:
            data = caller.recv(4096)
            self.assertNotEqual(data, b"", found)
            found += data
        return found
