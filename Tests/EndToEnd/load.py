"""Load on the gateway: connections that are kept alive, requests at a steady rate, streams; and services to call.

Everything runs in one thread on asyncio's streams; a failure is anything but a whole answer with status 200.
"""

import asyncio
import json
import pathlib
import time

from martlet import MartletTest, eventually

SERVER = (pathlib.Path(__file__).parent / "fake_model.py").read_text()

# A Python environment without packages: what fake_model.py needs.
IMAGE = """
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: fake-model}
spec:
  images: [example/fake-model]
  entrypoint: [python3]
  python: {packages: []}
"""


class ServicesTest(MartletTest):
    """Tests of services of fake_model.py, which go to zero soon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)
        cls.martlet.run("apply", "-f", "-", input="""
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: martlet-system}
data: {scale-to-zero-grace-period: "1s"}
""")

    @property
    def gateway(self):
        return self.martlet.ports["gateway"]


def service(name, variables=None, annotations=None, traffic=None, spec=None, **container):
    """A Knative Service of fake_model.py."""
    container = {
        "image": "example/fake-model", "command": ["python3", "-S", "-u", "-c", SERVER],
        "env": [{"name": key, "value": str(value)} for key, value in (variables or {}).items()], **container}
    prefixed = {f"autoscaling.knative.dev/{key}": str(value) for key, value in (annotations or {}).items()}
    template = {"metadata": {"annotations": prefixed}, "spec": {"containers": [container], **(spec or {})}}
    return {
        "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"template": template, **({"traffic": traffic} if traffic else {})}}


def apply(martlet, *objects):
    martlet.run("apply", "-f", "-", input="\n---\n".join(json.dumps(object) for object in objects))


def condition(object, kind="Ready"):
    found = [entry for entry in object.get("status", {}).get("conditions", []) if entry["type"] == kind]
    return found[0] if found else {}


def is_current(object):
    """Ready, and not of an earlier generation."""
    return condition(object).get("status") == "True" and (
        object["status"].get("observedGeneration") == object["metadata"]["generation"])


def wait_ready(martlet, name, timeout=90):
    """The Knative Service, once its controllers have seen its newest generation through."""
    def ready():
        found = martlet.object("ksvc", name)
        return found if is_current(found) else None
    return eventually(ready, timeout=timeout, every=0.1, what=f"ksvc/{name} ready")


class Connection:
    """One connection to the gateway, opened when it is first used."""

    def __init__(self, port):
        self.port = port
        self.streams = None
        self.used = time.monotonic()

    async def get(self, host, path="/"):
        """(status, body); status 0 where the connection broke, with the reason as body."""
        try:
            # The gateway ends connections that are idle for 75 s, maybe just when the next request is on its way.
            if time.monotonic() - self.used > 30:
                self.close()
            self.used = time.monotonic()
            if self.streams is None:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.streams
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            body = await self._body(reader, head)
            if "connection: close" in head:
                self.close()
            return int(head.split(" ", 2)[1]), body
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            self.close()
            return 0, repr(error).encode()

    async def _body(self, reader, head):
        if "chunked" not in head:
            return await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        body = b""
        while True:
            length = int(await reader.readuntil(b"\r\n"), 16)
            body += (await reader.readexactly(length + 2))[:-2]
            if length == 0:
                return body

    def close(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def once(port, host, path="/"):
    """The answer to one request, on a connection of its own."""
    connection = Connection(port)
    try:
        return await connection.get(host, path)
    finally:
        connection.close()


async def in_turn(port, host, count, connections=8):
    """The answers to `count` requests, over `connections` kept alive, each as soon as the one before it is answered."""
    answers = []

    async def caller(share):
        connection = Connection(port)
        for _ in range(share):
            answers.append(await connection.get(host))
        connection.close()
    await asyncio.gather(*(caller(count // connections) for _ in range(connections)))
    return answers


class SteadyLoad:
    """Requests at a steady rate, each at its own moment whatever became of those before; and streams without end."""

    def __init__(self, port, host, rate, streams=0, events=40):
        self.port, self.host, self.rate, self.events, self.streams = port, host, rate, events, streams
        self.idle, self.failures, self.running = [], [], set()
        self.answered = self.streamed = 0
        self.latencies = []
        self.ends = False

    async def run(self):
        """Until `ends` is set and everything under way is answered."""
        streaming = [asyncio.create_task(self._stream()) for _ in range(self.streams)]
        begin, sent = time.monotonic(), 0
        while not self.ends:
            due = int((time.monotonic() - begin) * self.rate)
            for _ in range(due - sent):
                task = asyncio.create_task(self._request())
                self.running.add(task)
                task.add_done_callback(self.running.discard)
            sent = due
            await asyncio.sleep(max(0.002, 0.5 / self.rate))
        await asyncio.gather(*self.running, *streaming)
        for connection in self.idle:
            connection.close()

    async def _request(self):
        connection = self.idle.pop() if self.idle else Connection(self.port)
        begin = time.monotonic()
        status, body = await connection.get(self.host)
        self.latencies.append(time.monotonic() - begin)
        self.idle.append(connection)
        self.answered += 1
        if status != 200:
            self.failures.append((status, body))

    async def _stream(self):
        connection = Connection(self.port)
        while not self.ends:
            status, body = await connection.get(self.host, f"/stream?{self.events}")
            self.streamed += 1
            if status != 200 or body.count(b"data: ") != self.events + 1 or not body.endswith(b"data: [DONE]\n\n"):
                self.failures.append((status, body[-300:]))
        connection.close()
