"""What is spoken with the gateway: HTTP/2, gRPC and WebSocket, by clients and model servers that people use.

The clients are curl, grpcio, httpx and websockets (PyPI, pinned); the servers are grpcio's and websockets'.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from load import ServicesTest, apply, service, wait_ready
from martlet import CACHE, eventually, free_port
from test_21_authorization import AUTH, KNATIVE, account

GRPC, WEBSOCKETS = "grpcio==1.85.3", "websockets==17.4"
PACKAGES = [GRPC, WEBSOCKETS, "httpx[http2]==0.28.1", "h2==4.4.1"]
CLIENT = pathlib.Path(__file__).with_name("protocol_client.py")

IMAGES = f"""
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {{name: grpc-echo}}
spec:
  images: [example/grpc-echo]
  entrypoint: [python3]
  python: {{packages: ["{GRPC}"]}}
---
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {{name: websocket-echo}}
spec:
  images: [example/websocket-echo]
  entrypoint: [python3]
  python: {{packages: ["{WEBSOCKETS}"]}}
"""

ECHO = r"""
import concurrent.futures, grpc, os, time

cancelled = [0.0]

def unary(message, context):
    seen = dict(context.invocation_metadata()).get("x-key", "")
    context.send_initial_metadata([("x-seen", seen)])
    context.set_trailing_metadata([("x-end", "1")])
    return message

def count(message, context):
    for number in range(int(message)):
        yield str(number).encode()
        time.sleep(0.1)

def join(messages, context):
    return b"".join(messages)

def talk(messages, context):
    for message in messages:
        yield b"re: " + message

def fail(message, context):
    context.abort(grpc.StatusCode.NOT_FOUND, "no such model: caf\u00e9")

def forever(message, context):
    def note():
        cancelled[0] = time.time()
    context.add_callback(note)
    while context.is_active():
        yield b"x"
        time.sleep(0.05)

def last_cancelled(message, context):
    return str(cancelled[0]).encode()

def die(message, context):
    yield b"x"
    time.sleep(0.2)
    os._exit(1)

KINDS = {
    "Unary": grpc.unary_unary_rpc_method_handler(unary), "Fail": grpc.unary_unary_rpc_method_handler(fail),
    "Count": grpc.unary_stream_rpc_method_handler(count), "Join": grpc.stream_unary_rpc_method_handler(join),
    "Talk": grpc.stream_stream_rpc_method_handler(talk), "Forever": grpc.unary_stream_rpc_method_handler(forever),
    "LastCancelled": grpc.unary_unary_rpc_method_handler(last_cancelled),
    "Die": grpc.unary_stream_rpc_method_handler(die),
}

class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        return KINDS.get(details.method.rsplit("/", 1)[1])

server = grpc.server(concurrent.futures.ThreadPoolExecutor(16))
server.add_generic_rpc_handlers([Echo()])
assert server.add_insecure_port(f"{os.environ['POD_IP']}:{os.environ['PORT']}")
server.start()
server.wait_for_termination()
"""

TALK = r"""
import asyncio, os, websockets.asyncio.server as websockets

async def talk(socket):
    async for message in socket:
        await socket.send(message)

async def main():
    async with websockets.serve(talk, os.environ["POD_IP"], int(os.environ["PORT"]), max_size=1 << 20) as server:
        await server.serve_forever()

asyncio.run(main())
"""


def python():
    """The interpreter of the clients' environment, which is made once."""
    folder = CACHE / f"clients-{'-'.join(PACKAGES[:2])}"
    if not folder.exists():
        draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        try:
            subprocess.run([sys.executable, "-m", "venv", draft], check=True)
            install = [draft / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*install, *PACKAGES], check=True)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder / "bin" / "python"


def echo(name, annotations):
    return service(
        name, annotations=annotations, image="example/grpc-echo", command=["python3", "-u", "-c", ECHO],
        ports=[{"name": "h2c", "containerPort": 8033}])


class ProtocolsTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.stop()
        cls.tls_port = free_port()
        cls.martlet.start("--gateway-tls-port", str(cls.tls_port))
        cls.martlet.run("apply", "-f", "-", input=IMAGES)
        apply(
            cls.martlet, echo("echo", {"min-scale": 1}), echo("sleeper", {"window": "6s"}),
            service("fake", annotations={"min-scale": 1}),
            service("socket", annotations={"min-scale": 1}, image="example/websocket-echo",
                    command=["python3", "-u", "-c", TALK]))
        python()
        for name in ("echo", "sleeper", "fake", "socket"):
            wait_ready(cls.martlet, name, timeout=180)

    def call(self, *names, **environment):
        result = subprocess.run(
            [python(), CLIENT, str(self.gateway), *names], capture_output=True, text=True, timeout=120,
            env={**os.environ, **environment})
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        return answers[0] if len(answers) == 1 else answers

    def curl(self, *arguments, host="fake"):
        result = subprocess.run(
            ["curl", "-sS", "-i", "--max-time", "20", "--http2-prior-knowledge", "-H",
             f"Host: {host}.default.localhost", *arguments], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_curl_speaks_http2_by_prior_knowledge(self):
        answer = self.curl(f"http://127.0.0.1:{self.gateway}/")
        self.assertTrue(answer.startswith("HTTP/2 200"), answer)
        self.assertTrue(answer.endswith("fake-00001"), answer)
        self.assertTrue(self.curl(f"http://127.0.0.1:{self.gateway}/", host="no").startswith("HTTP/2 404"))

    def test_streams_share_a_connection(self):
        version, text, status, first, last, count = self.call("http2")
        self.assertEqual((version, text, status), ("HTTP/2", "fake-00001", 200))
        self.assertEqual((first, last, count), ("data: fake-00001", "data: [DONE]", 5))

    def test_every_kind_of_call(self):
        unary, server, client, both = self.call("unary", "server_stream", "client_stream", "both_streams")
        self.assertEqual(unary, ["hello", "value", "1"])
        self.assertEqual(server, [5, True, True])
        self.assertEqual(client, "abb")
        self.assertEqual(both, [f"re: {number}" for number in range(5)])

    def test_errors_are_statuses(self):
        server, gateway = self.call("error", "unknown_host")
        self.assertEqual(server, ["NOT_FOUND", "no such model: caf\u00e9"])
        self.assertEqual(gateway[0], "UNIMPLEMENTED")
        self.assertIn("nobody.default.localhost", gateway[1])

    def test_cancelling_reaches_the_server_at_once(self):
        self.assertLess(self.call("cancel"), 100)

    def test_a_call_whose_server_ends_has_failed(self):
        self.assertEqual(self.call("killed"), "UNAVAILABLE")
        wait_ready(self.martlet, "echo")

    def test_a_call_wakes_a_model(self):
        def asleep():
            return not [pod for pod in self.martlet.pods() if pod["metadata"]["name"].startswith("sleeper")]
        eventually(asleep, timeout=60, what="sleeper at zero")
        self.assertEqual(self.call("sleeper"), "woken")

    def test_a_call_through_tls(self):
        ca = str(self.martlet.directory / "ca.crt")
        self.assertEqual(self.call("secure", CA=ca, TLS_PORT=str(self.tls_port)), "secret")

    def test_who_may_call_a_protected_model_is_said_by_status(self):
        container = {"name": "kserve-container", "image": "example/grpc-echo", "command": ["python3", "-u", "-c", ECHO],
                     "ports": [{"name": "h2c", "containerPort": 8033}]}
        apply(self.martlet, {
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "guarded", "annotations": {**KNATIVE, **AUTH}},
            "spec": {"predictor": {"minReplicas": 1, "containers": [container]}}})
        apply(self.martlet, *account("caller", "guarded"), *account("stranger", "nothing"))
        self.martlet.run("wait", "isvc/guarded", "--timeout", "120", timeout=130)
        tokens = [self.martlet.kubectl("create", "token", name).strip() for name in ("stranger", "caller")]
        self.assertEqual(
            self.call("guarded", TOKENS=" ".join(tokens)), ["UNAUTHENTICATED", "PERMISSION_DENIED", "in"])

    def test_websocket(self):
        self.assertEqual(self.call("websocket"), ["hello", 200_000, True])
