"""What the gateway costs beside nginx (Debian's, unpacked beside the tests): the same requests through each, in turn, to
the same model server. What is compared is the CPU time of the proxy's process, from /proc, never the clock.

Martlet routes by host and counts everything; nginx is a bare proxy with one worker, keep-alive to the server, and no
access log. Also: what a connection and a stream hold in memory.
"""

import argparse
import asyncio
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "EndToEnd"))
from load import IMAGE, apply, service, wait_ready  # noqa: E402
from martlet import CACHE, Instance, eventually, free_port  # noqa: E402

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello, how are you today?"}]}).encode()
HOST = b"fake.default.localhost"
TICK = os.sysconf("SC_CLK_TCK")

CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; keepalive_requests 1000000000;
  upstream model {{ server {server}; keepalive 1024; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_buffering off;
    }}
  }}
}}
"""


class Nginx:
    def __init__(self, server):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.folder, server=server, port=self.port))
        self.process = subprocess.Popen([self.program(), "-p", self.folder, "-c", configuration])

    @staticmethod
    def program():
        folder = CACHE / "nginx"
        program = folder / "usr" / "sbin" / "nginx"
        if not program.exists():
            with tempfile.TemporaryDirectory() as place:
                subprocess.run(["apt-get", "download", "-q", "nginx"], cwd=place, check=True, capture_output=True)
                subprocess.run(["dpkg", "-x", next(pathlib.Path(place).glob("*.deb")), folder], check=True)
        return program

    def worker(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def cpu(process):
    """Seconds of CPU time, of user and kernel."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


class Caller(asyncio.Protocol):
    """One request after the other on one connection."""

    REQUEST = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
               b"Content-Length: %d\r\n\r\n%s" % (HOST, len(BODY), BODY))

    def __init__(self, left, done):
        self.left, self.done, self.received = left, done, b""

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.REQUEST)

    def data_received(self, data):
        self.received += data
        if not self.received.endswith(b"fake-00001"):
            return
        if not self.received.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self.received))
            return
        self.received = b""
        self.left -= 1
        if self.left:
            self.transport.write(self.REQUEST)
        elif not self.done.done():
            self.done.set_result(self.transport)

    def connection_lost(self, error):
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"lost: {error}"))


class Listener(asyncio.Protocol):
    """One stream of events, to its end."""

    def __init__(self, events, done):
        self.request = b"GET /stream?%d HTTP/1.1\r\nHost: %s\r\n\r\n" % (events, HOST)
        self.done, self.tail = done, b""

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        self.tail = (self.tail + data)[-40:]
        if self.tail.endswith(b"0\r\n\r\n") and not self.done.done():
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, error):
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"lost: {error}"))


async def run(port, kinds):
    loop = asyncio.get_running_loop()
    done = []
    for kind in kinds:
        future = loop.create_future()
        await loop.create_connection(lambda: kind(future), "127.0.0.1", port)
        done.append(future)
    return await asyncio.gather(*done)


def requests(port, process, connections, each):
    """Microseconds of CPU for a request."""
    begin = cpu(process)
    asyncio.run(run(port, [lambda done: Caller(each, done)] * connections))
    return (cpu(process) - begin) / (connections * each) * 1e6


def events(port, process, streams, each):
    """Microseconds of CPU for an event of a stream."""
    begin = cpu(process)
    asyncio.run(run(port, [lambda done: Listener(each, done)] * streams))
    return (cpu(process) - begin) / (streams * each) * 1e6


def memory(port, process, count):
    """Kilobytes that a connection holds after its request, and a stream while it runs."""
    async def measure():
        before = resident(process)
        transports = await run(port, [lambda done: Caller(1, done)] * count)
        await asyncio.sleep(1)
        idle = (resident(process) - before) / count
        # The idle ones stay, so that the streams do not live in what they left.
        before = resident(process)
        streams = asyncio.create_task(run(port, [lambda done: Listener(80, done)] * count))
        await asyncio.sleep(2)
        running = (resident(process) - before) / count
        await streams
        for transport in transports:
            transport.close()
        return idle, running
    return asyncio.run(measure())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=3, help="rounds (default 3)")
    rounds = parser.parse_args().n
    martlet = Instance()
    martlet.start()
    nginx = None
    try:
        martlet.run("apply", "-f", "-", input=IMAGE)
        apply(martlet, service("fake", annotations={"min-scale": 1}))
        wait_ready(martlet, "fake")
        pod = martlet.pods()[0]
        port = pod["spec"]["containers"][0]["ports"][0]["containerPort"]
        nginx = Nginx(f"{pod['status']['podIP']}:{port}")
        worker = eventually(nginx.worker, what="nginx")
        proxies = {"martlet": (martlet.ports["gateway"], martlet.process.pid), "nginx": (nginx.port, worker)}
        eventually(lambda: requests(nginx.port, worker, 1, 1) >= 0, what="nginx answers")
        costs = {(name, what): [] for name in proxies for what in ("request", "event")}
        for _ in range(rounds):
            for name, (port, process) in proxies.items():
                costs[name, "request"].append(requests(port, process, 32, 500))
                costs[name, "event"].append(events(port, process, 250, 60))
        for what, limit in (("request", 1.15), ("event", 1.0)):
            ours, theirs = (statistics.median(costs[name, what]) for name in ("martlet", "nginx"))
            print(f"CPU for a {what}: martlet {ours:.1f} us, nginx {theirs:.1f} us, ratio {ours / theirs:.2f}"
                  f"   (limit: {limit})")
        idle, running = memory(*proxies["martlet"], 1000)
        print(f"memory of martlet: {idle:.1f} KB for an idle connection (limit: 12), {running:.1f} KB for a running"
              " stream (limit: 40)")
    finally:
        if nginx:
            nginx.stop()
        martlet.stop()
        shutil.rmtree(martlet.directory, ignore_errors=True)


if __name__ == "__main__":
    main()
