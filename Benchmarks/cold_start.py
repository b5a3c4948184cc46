"""Cold starts of a real model: through the gateway from zero, and the same server started by hand, in turn.

What is compared: the time to the first byte of the response, from sending the request (gateway) or from exec (by
hand). By hand means: the very command that Martlet runs, and a client that tries every 5 ms. The issue's limits: at
most 50 ms more at the median, 150 ms at the 95th percentile.
"""

import argparse
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "EndToEnd"))
from martlet import CACHE, ROOT, Instance, eventually, free_port, with_annotations  # noqa: E402

BODY = json.dumps({"model": "smollm2", "max_tokens": 1, "temperature": 0,
                   "messages": [{"role": "user", "content": "Hi"}]}).encode()


def first_byte(address, port, path, deadline):
    """Seconds until the first byte of a 200; tried again every 5 ms while refused or 503."""
    begin = time.monotonic()
    while time.monotonic() - begin < deadline:
        try:
            connection = socket.create_connection((address, port), timeout=deadline)
            connection.sendall(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n".encode() + BODY)
            head = connection.recv(4096)
            moment = time.monotonic()
            if head.startswith(b"HTTP/1.1 200"):
                while connection.recv(65536):
                    pass
                connection.close()
                return moment - begin
            connection.close()
            if not head.startswith(b"HTTP/1.1 503"):
                raise RuntimeError(head)
        except (ConnectionError, socket.timeout):
            pass
        time.sleep(0.005)
    raise TimeoutError


def server_command(martlet):
    """The command and environment of the running model server."""
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")[:-1]
                variables = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            ours = str(martlet.directory).encode() in b"".join(variables)
            if ours and b"--alias" in command and b"shim" not in command[0]:
                environment = dict(v.split(b"=", 1) for v in variables if b"=" in v)
                return [part.decode() for part in command], {k.decode(): v.decode() for k, v in environment.items()}
    raise RuntimeError("no model server runs")


def by_hand(command, environment, model):
    """Seconds from exec to the first byte."""
    port = free_port()
    arguments = [part.replace("/mnt/models", str(model)) for part in command]
    arguments[arguments.index("--host") + 1] = "127.0.0.1"
    arguments[arguments.index("--port") + 1] = str(port)
    begin = time.monotonic()
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        first_byte("127.0.0.1", port, "/v1/chat/completions", 60)
        return time.monotonic() - begin
    finally:
        process.kill()
        process.wait()


def stages(martlet):
    """Sums and counts of the cold-start stages in /metrics."""
    found = {}
    for line in martlet.get("admin", "/metrics")[1].decode().splitlines():
        if line.startswith("martlet_cold_start_stage_seconds_sum"):
            stage = line.split('stage="')[1].split('"')[0]
            found[stage] = float(line.split()[-1])
    return found


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=20, help="wake-ups (default 20)")
    count = parser.parse_args().n
    martlet = Instance()
    martlet.start()
    try:
        martlet.run("apply", "-f", "-", input="""
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: martlet-system}
data: {scale-to-zero-grace-period: "1s"}
""")
        manifest = (ROOT / "Examples" / "smollm2.yaml").read_text()
        martlet.run("apply", "-f", "-", input=with_annotations(
            manifest, "smollm2", {"autoscaling.knative.dev/window": "6s"}, 0))
        martlet.run("wait", "isvc/smollm2", "--timeout", "900", timeout=910)
        martlet.chat(max_tokens=1)
        command, environment = server_command(martlet)
        model = next(path.parent for path in (CACHE / "cache" / "models").rglob("SmolLM2*.gguf"))
        woken, started = [], []
        before = stages(martlet)
        for index in range(count):
            eventually(lambda: not martlet.pods(), timeout=60, every=0.2, what="zero pods")
            started.append(by_hand(command, environment, model))
            woken.append(first_byte("127.0.0.1", martlet.ports["gateway"], "/openai/v1/chat/completions", 60))
            print(f"  {index + 1:2}: through the gateway {woken[-1] * 1000:6.0f} ms, by hand {started[-1] * 1000:6.0f} ms",
                  flush=True)
        after = stages(martlet)
        differences = [1000 * (a - b) for a, b in zip(woken, started)]
        print(f"cold start, {count} wake-ups, milliseconds (median, 95th percentile)")
        for name, values in (("through the gateway", woken), ("by hand", started)):
            print(f"  {name:20} {1000 * statistics.median(values):7.0f} {1000 * quantile(values, 0.95):7.0f}")
        print(f"  {'difference of each':20} {statistics.median(differences):7.0f} {quantile(differences, 0.95):7.0f}"
              "   (limits: 50, 150)")
        means = {stage: 1000 * (after[stage] - before.get(stage, 0)) / count for stage in sorted(after)}
        means["forward (with waking and the answer itself)"] = 1000 * statistics.mean(woken) - sum(means.values())
        print("  by stage, mean: " + ", ".join(f"{stage} {mean:.0f} ms" for stage, mean in means.items()))
        eventually(lambda: not martlet.pods(), timeout=60, every=0.2, what="zero pods")
        time.sleep(2)
        status = pathlib.Path(f"/proc/{martlet.process.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"idle memory of martlet, one service at zero: {resident / 1024:.0f} MB resident   (limit: 60)")
    finally:
        martlet.stop()
        shutil.rmtree(martlet.directory, ignore_errors=True)


if __name__ == "__main__":
    main()
