"""A client that leaves is gone at its model server within 100 ms, however far its request is.

The servers are uvicorn (PyPI, pinned) and one of plain sockets; each notes when its client went away.
"""

import socket
import struct
import time

from load import ServicesTest, apply, service, wait_ready
from martlet import eventually

IMAGE = """
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: uvicorn}
spec:
  images: [example/uvicorn]
  entrypoint: [python3]
  python: {packages: ["uvicorn==0.54.0"]}
"""

# /last says when the newest client went away.
OBSERVERS = {"uvicorn": r"""
import asyncio, os, time, uvicorn

gone = [0.0]

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    async def answer(body, more=False):
        await send({"type": "http.response.body", "body": body, "more_body": more})
    if scope["path"] == "/last":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        return await answer(str(gone[0]).encode())
    async def watch():
        while (await receive())["type"] != "http.disconnect":
            pass
        gone[0] = time.time()
    watcher = asyncio.create_task(watch())
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await answer(b"data: 1\n\n", True)
    await watcher

uvicorn.run(app, host=os.environ["POD_IP"], port=int(os.environ["PORT"]), log_level="warning")
""", "sockets": r"""
import os, socket, threading, time

gone = [0.0]

def serve(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return
        head += piece
    path = head.split(b" ")[1]
    if path == b"/last":
        body = str(gone[0]).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        return connection.close()
    if path == b"/stream":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n"
                           b"9\r\ndata: 1\n\n\r\n")
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
    gone[0] = time.time()

server = socket.create_server((os.environ["POD_IP"], int(os.environ["PORT"])))
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""}


class CancellationTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)
        for name, script in OBSERVERS.items():
            image = "example/uvicorn" if name == "uvicorn" else "example/fake-model"
            apply(cls.martlet, service(
                name, annotations={"min-scale": 1}, image=image, command=["python3", "-u", "-c", script]))
        apply(
            cls.martlet,
            service("single", annotations={"min-scale": 1}, spec={"containerConcurrency": 1}),
            service("slow", {"START_SECONDS": 5}, {"initial-scale": 0}))
        for name in (*OBSERVERS, "single", "slow"):
            wait_ready(cls.martlet, name, timeout=180)

    def open(self, name, path, body=b"", length=None):
        """A connection with a request under way."""
        client = socket.create_connection(("127.0.0.1", self.gateway))
        length = len(body) if length is None else length
        client.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {name}.default.localhost\r\nContent-Length: {length}\r\n\r\n".encode()
            + body)
        return client

    def open_http2(self, name, path):
        client = socket.create_connection(("127.0.0.1", self.gateway))
        fields = [(":method", "GET"), (":scheme", "http"), (":path", path), (":authority", f"{name}.default.localhost")]
        block = b"".join(b"\0" + bytes([len(k)]) + k.encode() + bytes([len(v)]) + v.encode() for k, v in fields)
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(1, 5, 1, block))
        return client

    def seen(self, name):
        status, text = self.martlet.get("gateway", "/last", {"Host": f"{name}.default.localhost"})
        self.assertEqual(status, 200, text)
        return float(text)

    def check(self, name, client, leave):
        time.sleep(0.3)
        begin = time.time()
        leave(client)
        at = eventually(lambda: self.seen(name) if self.seen(name) >= begin else None, timeout=5, what="it is noticed")
        client.close()
        self.assertLess((at - begin) * 1000, 100, name)

    def reset(self, client):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()

    def test_before_the_first_byte_and_amid_a_stream(self):
        leaves = {
            "closes": lambda client: client.close(), "resets": self.reset,
            "closes its side": lambda client: client.shutdown(socket.SHUT_WR)}
        for name in OBSERVERS:
            for path in ("/wait", "/stream"):
                for how, leave in leaves.items():
                    with self.subTest(server=name, path=path, client=how):
                        self.check(name, self.open(name, path, b"{}"), leave)

    def test_amid_the_request(self):
        for name in OBSERVERS:
            with self.subTest(server=name):
                self.check(name, self.open(name, "/wait", b"half", length=100), lambda client: client.close())

    def test_a_stream_of_http2_that_is_reset(self):
        for name in OBSERVERS:
            for path in ("/wait", "/stream"):
                with self.subTest(server=name, path=path):
                    self.check(
                        name, self.open_http2(name, path),
                        lambda client: client.sendall(frame(3, 0, 1, b"\0\0\0\x08")))

    def test_a_connection_of_http2_that_is_closed(self):
        for name in OBSERVERS:
            with self.subTest(server=name):
                self.check(name, self.open_http2(name, "/stream"), lambda client: client.close())

    def waiting(self, name):
        text = self.martlet.get("admin", "/metrics")[1].decode()
        return sum(
            float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
            if line.startswith("martlet_requests_waiting") and f'service="{name}"' in line)

    def test_in_the_queue_and_while_the_model_wakes(self):
        holder = self.open("single", "/slow?60000")
        for name in ("single", "slow"):
            with self.subTest(service=name):
                client = self.open(name, "/")
                eventually(lambda: self.waiting(name) == 1, timeout=5, what="it waits")
                begin = time.time()
                client.close()
                eventually(lambda: self.waiting(name) == 0, timeout=5, every=0.005, what="it waits no more")
                self.assertLess((time.time() - begin) * 1000, 100)
        holder.close()


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload
