"""What the dashboard costs those who call models: the gateway's throughput with a hundred open dashboards and ten log
followers that read nothing, beside the same without them, in turn; the first page; and what an open page that is read costs.
"""

import argparse
import asyncio
import http.client
import pathlib
import shutil
import socket
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "EndToEnd"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from gateway import Caller, cpu, run  # noqa: E402
from load import IMAGE, apply, service, wait_ready  # noqa: E402
from martlet import Instance  # noqa: E402


def throughput(port, connections=32, each=500):
    """Requests in a second."""
    began = time.monotonic()
    asyncio.run(run(port, [lambda done: Caller(each, done)] * connections))
    return connections * each / (time.monotonic() - began)


def log_in(martlet):
    link = martlet.run("dashboard").strip()
    connection = http.client.HTTPConnection("127.0.0.1", martlet.ports["admin"])
    connection.request("GET", "/" + link.split("/", 3)[3])
    return connection.getresponse().headers["Set-Cookie"].split(";")[0]


def follow(martlet, cookie, target):
    follower = socket.socket()
    follower.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    follower.connect(("127.0.0.1", martlet.ports["admin"]))
    follower.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    return follower


def first_page(martlet, cookie):
    """Median milliseconds."""
    times = []
    for _ in range(50):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", martlet.ports["admin"])
        connection.request("GET", "/", headers={"Cookie": cookie})
        connection.getresponse().read()
        connection.close()
        times.append(time.monotonic() - began)
    return statistics.median(times) * 1000


def read_pages(martlet, cookie, count, seconds=10):
    """The share of a core that so many open overviews take which are read."""
    followers = [follow(martlet, cookie, "/events?page=/") for _ in range(count)]
    ends = time.monotonic() + seconds

    def read(follower):
        follower.settimeout(0.5)
        while time.monotonic() < ends:
            try:
                follower.recv(1 << 16)
            except TimeoutError:
                pass
    before = cpu(martlet.process.pid)
    threads = [threading.Thread(target=read, args=[follower]) for follower in followers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    share = (cpu(martlet.process.pid) - before) / seconds
    for follower in followers:
        follower.close()
    return share


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=7, help="rounds (default 7)")
    rounds = parser.parse_args().n
    martlet = Instance()
    martlet.start()
    try:
        martlet.run("apply", "-f", "-", input=IMAGE)
        apply(martlet, service("fake", annotations={"min-scale": 1}))
        wait_ready(martlet, "fake")
        pod = martlet.pods()[0]
        container = pod["spec"]["containers"][0]["name"]
        cookie = log_in(martlet)
        print(f"first page: {first_page(martlet, cookie):.1f} ms (limit: 100)")
        print(f"100 overviews that are read: {read_pages(martlet, cookie, 100) * 100:.1f} % of a core")
        logs = f"/models/default/fake/logs/{pod['metadata']['name']}/{container}"
        alone, watched = [], []
        throughput(martlet.ports["gateway"])
        for _ in range(rounds):
            alone.append(throughput(martlet.ports["gateway"]))
            followers = [follow(martlet, cookie, target) for target in ["/events?page=/"] * 100 + [logs] * 10]
            time.sleep(3)
            watched.append(throughput(martlet.ports["gateway"]))
            for follower in followers:
                follower.close()
            time.sleep(1)
        ratio = statistics.median(w / a for w, a in zip(watched, alone))
        print(f"gateway: {statistics.median(alone):.0f} requests/s alone, {statistics.median(watched):.0f} with 100 open "
              f"dashboards and 10 log followers that read nothing, ratio {ratio:.3f} (limit: 0.98)")
    finally:
        martlet.stop()
        shutil.rmtree(martlet.directory, ignore_errors=True)


if __name__ == "__main__":
    main()
