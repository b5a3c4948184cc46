"""Martlet's API server beside a real kube-apiserver with etcd, in one run: the same client, the same calls, HTTPS.

Each server is started, loaded and stopped in turn. Printed are the throughputs of both with their ratio, and the
memory: the peak of every process (VmHWM), the apiserver's and etcd's apart and together.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Conformance"), str(ROOT / "Tests" / "EndToEnd")]
from script import book, definitions, subjects  # noqa: E402
from script.server import Server, embedded_credentials  # noqa: E402
from servers import real  # noqa: E402

SUBJECTS = {"core": subjects.CONFIG_MAP, "custom": subjects.PARCEL}
TEMPLATES = {
    "core": {"data": {"value": "VALUE", "text": "x" * 400}},
    "custom": {"spec": {"size": 3, "colour": "red", "options": {"value": "VALUE", "text": "x" * 400}}},
}
TARGETS = {"throughput": 2, "memory": 0.1}


def client():
    """The load client, built once into the cache with the Go that built the servers."""
    program = real.BIN / "api-bench-client"
    source = pathlib.Path(__file__).parent / "client"
    if not program.exists() or program.stat().st_mtime < (source / "main.go").stat().st_mtime:
        go = next(path for path in (real.CACHE / "go").rglob("bin/go") if path.is_file())
        environment = {**os.environ, "GO111MODULE": "off", "GOPROXY": "off", "CGO_ENABLED": "0", "GOFLAGS": "",
                       "GOROOT": str(go.parents[1]), "GOCACHE": str(real.CACHE / "go-build")}
        subprocess.run([go, "build", "-o", program, "."], cwd=source, env=environment, check=True)
    return program


def load(judge, port, credentials, options):
    """phase -> what the client says of it."""
    subject = SUBJECTS[judge]
    body = subject.with_("NAME", {"namespace": subjects.NAMESPACE, "resourceVersion": "VERSION"}, **TEMPLATES[judge])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(body, file)
        file.flush()
        command = [
            client(), "-url", f"https://127.0.0.1:{port}{subject.all()}", "-object", file.name, "-ca", credentials["ca"],
            "-cert", credentials["cert"], "-key", credentials["key"], *options]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line["phase"]: line for line in map(json.loads, output.splitlines())}


def peak(pid):
    """The most memory that a process ever had, in megabytes."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def measure_real(judge, options):
    with real.RealServer(judge, only_api=True) as server:
        if judge == "custom":
            definitions.install_parcels(server.server())
        else:
            book.prepare(server.server())
        files = {"ca": server.file("ca.crt"), "cert": server.file("admin.crt"), "key": server.file("admin.key")}
        phases = load(judge, server.port, files, options)
        return phases, {name: peak(process.pid) for name, process in server.processes.items()}


def measure_martlet(judge, options):
    from martlet import Instance
    instance = Instance().start()
    try:
        kubeconfig = instance.directory / "kubeconfig"
        server = Server.with_kubeconfig(kubeconfig)
        book.prepare(server)
        if judge == "custom":
            definitions.install_parcels(server)
        with embedded_credentials(kubeconfig) as files:
            phases = load(judge, server.port, files, options)
        return phases, {"martlet": peak(instance.process.pid)}
    finally:
        instance.stop()
        shutil.rmtree(instance.directory, ignore_errors=True)


def report(judge, ours, theirs):
    name = {"core": "kube-apiserver 1.20.2, ConfigMaps", "custom": "Kubernetes 1.36's API server, custom resources"}[judge]
    (our_phases, our_memory), (their_phases, their_memory) = ours, theirs
    print(f"\nMartlet beside {name} with etcd")
    print(f"  {'':9}{'martlet':>12}{'kubernetes':>12}{'ratio':>8}   p99 in ms     cores of the client")
    for phase, our in our_phases.items():
        their = their_phases[phase]
        latency = f"{our['p99_ms']:.0f} / {their['p99_ms']:.0f}" if "p99_ms" in our else ""
        print(f"  {phase:9}{our['per_second']:10.0f}/s{their['per_second']:10.0f}/s"
              f"{our['per_second'] / their['per_second']:7.1f}x   {latency:13} "
              f"{our['client_cores']:.2f} / {their['client_cores']:.2f}")
    total = sum(their_memory.values())
    parts = ", ".join(f"{part} {megabytes:.0f} MB" for part, megabytes in their_memory.items())
    mine = our_memory["martlet"]
    print(f"  memory at the peak: martlet {mine:.0f} MB; {parts}, together {total:.0f} MB: {mine / total:.2f} of it")
    slow = [phase for phase, our in our_phases.items()
            if our["per_second"] < TARGETS["throughput"] * their_phases[phase]["per_second"]]
    print("  at least twice the throughput: " + ("yes" if not slow else "not for " + ", ".join(slow)))
    print("  at most a tenth of the memory: " + ("yes" if mine <= TARGETS["memory"] * total else "no"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", choices=sorted(SUBJECTS), action="append")
    parser.add_argument("client", nargs="*", help="flags for the client, after --")
    options = parser.parse_args()
    for judge in options.judge or sorted(SUBJECTS):
        if not real.is_built(judge):
            print(f"no real API server to compare with ({judge}): make it with Tests/Conformance/servers/build {judge}")
            continue
        ours = measure_martlet(judge, options.client)
        report(judge, ours, measure_real(judge, options.client))


if __name__ == "__main__":
    main()
