"""What it costs to ask for each request: a real Envoy that asks Martlet by ext_authz over gRPC, beside Martlet's gateway,
which decides by itself. The same requests with the same token through each, in turn, to the same model server; what is
compared is the CPU time of all processes in between (Envoy and Martlet, or Martlet alone), from /proc.
"""

import asyncio
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "EndToEnd"))
from access import AUTH, account  # noqa: E402
from load import IMAGE, apply, condition  # noqa: E402
from martlet import Instance, eventually, free_port  # noqa: E402
from test_15_standard import RUNTIME, service  # noqa: E402
from test_27_ext_authz import ENVOY, cluster, listener  # noqa: E402
from tools import package  # noqa: E402

ROUNDS, REQUESTS, CONNECTIONS = 5, 2_000, 8
TICK = os.sysconf("SC_CLK_TCK")


def cpu(*processes):
    """Seconds."""
    def ticks(process):
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    return sum(ticks(process) for process in processes) / TICK


async def calls(port, head):
    async def caller():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(REQUESTS // CONNECTIONS):
            writer.write(head)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.split(b" ", 2)[1] == b"200", answer
            await reader.readexactly(int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.close()
    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))


def main():
    martlet, checks, port = Instance(), free_port(), free_port()
    martlet.start("--ext-authz-port", str(checks))
    envoy = None
    try:
        martlet.run("apply", "-f", "-", input=IMAGE)
        apply(martlet, RUNTIME, service("guarded", annotations=AUTH), *account("caller", "guarded"))
        eventually(lambda: condition(martlet.object("isvc", "guarded")).get("status") == "True", timeout=120, what="the model")
        token = martlet.kubectl("create", "token", "caller").strip()
        pod = martlet.pods()[0]
        server = cluster("server", 8080)
        server["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"] = {
            "address": pod["status"]["podIP"], "port_value": 8080}
        check = {"grpc_service": {"envoy_grpc": {"cluster_name": "grpc"}, "timeout": "5s"}}
        entry = listener(port, check)
        del entry["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"][0]["typed_config"]["with_request_body"]
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "envoy.json").write_text(json.dumps({"static_resources": {
            "clusters": [server, cluster("grpc", checks, grpc=True)], "listeners": [entry]}}))
        program = next(path for path in package(ENVOY).rglob("envoy") if path.is_file() and path.stat().st_size > 1 << 20)
        program.chmod(0o755)
        envoy = subprocess.Popen([program, "-c", folder / "envoy.json", "--log-level", "off", "--concurrency", "1"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        head = (f"GET / HTTP/1.1\r\nHost: guarded-default.localhost\r\nAuthorization: Bearer {token}\r\n\r\n").encode()

        def answers():
            asyncio.run(calls(port, head))
            return True
        eventually(answers, what="the Envoy")
        ratios, asked, own = [], [], []
        for _ in range(ROUNDS):
            spent = []
            for door, processes in ((port, (envoy.pid, martlet.process.pid)), (martlet.ports["gateway"], (martlet.process.pid,))):
                before = cpu(*processes)
                asyncio.run(calls(door, head))
                spent.append((cpu(*processes) - before) / REQUESTS * 1e6)
            asked.append(spent[0])
            own.append(spent[1])
            ratios.append(spent[0] / spent[1])
        print(f"A call with a token: Envoy asking Martlet {statistics.median(asked):.0f} us of CPU, Martlet's gateway by itself "
              f"{statistics.median(own):.0f} us: {statistics.median(ratios):.1f} times (the median of {ROUNDS} rounds)")
    finally:
        if envoy:
            envoy.kill()
            envoy.wait()
        martlet.stop()


if __name__ == "__main__":
    main()
