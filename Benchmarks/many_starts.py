"""Many services called at once from zero, and the same servers started by hand as fast as the machine can, in turn.

By hand means: the very command, all processes at once, and a client for each that tries every 5 ms. The promise: all
answer, and the 95th percentile is at most twice that by hand.
"""

import argparse
import asyncio
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "EndToEnd"))
from load import IMAGE, SERVER, apply, once, service, wait_ready  # noqa: E402
from martlet import Instance, eventually, free_port  # noqa: E402


async def timed(call):
    """Seconds until the answer."""
    begin = time.monotonic()
    status, body = await call
    if status != 200:
        raise RuntimeError(f"status {status}: {body[:300]}")
    return time.monotonic() - begin


async def until_answered(port, patience=120):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = await once(port, "localhost")
        if answer[0] != 0:
            return answer
        await asyncio.sleep(0.005)
    raise TimeoutError(f"nothing answers at port {port}")


async def through_gateway(port, names):
    return await asyncio.gather(*(timed(once(port, f"{name}.default.localhost")) for name in names))


def by_hand(python, count):
    """Seconds from the first exec to each answer."""
    ports = [free_port() for _ in range(count)]
    begin = time.monotonic()
    environment = {"PATH": os.environ["PATH"], "POD_IP": "127.0.0.1"}
    processes = [
        subprocess.Popen([python, "-S", "-u", "-c", SERVER], env={**environment, "PORT": str(port)}) for port in ports]
    spent = time.monotonic() - begin

    async def ask():
        return [spent + each for each in await asyncio.gather(*(timed(until_answered(port)) for port in ports))]
    try:
        return asyncio.run(ask())
    finally:
        for process in processes:
            process.kill()
            process.wait()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def running_python(martlet):
    """The interpreter that the services run with."""
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and SERVER[:40].encode() in (entry / "cmdline").read_bytes():
                python = os.readlink(entry / "exe")
                ours = str(martlet.directory).encode() in (entry / "environ").read_bytes()
                if ours and "martlet" not in pathlib.Path(python).name:
                    return python
        except OSError:
            continue
    raise RuntimeError("no server runs")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100, help="services (default 100)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    options = parser.parse_args()
    martlet = Instance()
    martlet.start()
    try:
        martlet.run("apply", "-f", "-", input=IMAGE)
        martlet.run("apply", "-f", "-", input="""
apiVersion: v1
kind: ConfigMap
metadata: {name: config-autoscaler, namespace: martlet-system}
data: {scale-to-zero-grace-period: "1s"}
""")
        names = [f"many-{number}" for number in range(options.n)]
        apply(martlet, *(service(name, annotations={"initial-scale": 0, "window": "6s"}) for name in names))
        for name in names:
            wait_ready(martlet, name, timeout=300)
        # Once without measuring: caches of files, and where the interpreter is.
        asyncio.run(through_gateway(martlet.ports["gateway"], names[:1]))
        python = running_python(martlet)
        woken, started = [], []
        for index in range(options.rounds):
            eventually(lambda: not martlet.pods(), timeout=180, every=0.5, what="zero pods")
            time.sleep(2)
            started += by_hand(python, options.n)
            woken += asyncio.run(through_gateway(martlet.ports["gateway"], names))
        print(f"{options.n} services at once from zero, {options.rounds} rounds, milliseconds (median, 95th percentile)")
        for name, values in (("through the gateway", woken), ("by hand, all at once", started)):
            print(f"  {name:22} {1000 * statistics.median(values):7.0f} {1000 * quantile(values, 0.95):7.0f}")
        print(f"  ratio of the 95th percentiles {quantile(woken, 0.95) / quantile(started, 0.95):.2f}   (limit: 2)")
    finally:
        martlet.stop(timeout=120)
        shutil.rmtree(martlet.directory, ignore_errors=True)


if __name__ == "__main__":
    main()
