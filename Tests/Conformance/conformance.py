#!/usr/bin/env python3
"""The same script of API calls, sent to a real kube-apiserver and to Martlet.

    conformance.py record                        run it against the real servers and write expected/
    conformance.py check KUBECONFIG              run it against Martlet and compare with expected/
    conformance.py client                        run the tests of Martlet's own client against kube-apiserver 1.20
The first two take --only PART for the chapters whose names have PART in them, and --judge custom|core.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from script import book, definitions, differences  # noqa: E402
from script.server import Server  # noqa: E402

JUDGES = ("custom", "core")


def expected(judge):
    return HERE / "expected" / f"{judge}.json"


def known(judges):
    entries = json.loads((HERE / "differences.json").read_text())
    return [differences.Known(entry) for entry in entries if any(
        one.split("/")[0] in (*judges, "*") for one in differences.listed(entry["step"]))]


def record(judge, only=""):
    """Writes what the real server answers: one step a line."""
    from servers.real import RealServer
    with RealServer(judge) as real:
        server = real.server()
        if judge == "custom":
            definitions.install(server)
        else:
            book.prepare(server)
        steps = book.run(server, judge, only)
    if only:
        return steps
    lines = [f"{json.dumps(step)}: {json.dumps(result, sort_keys=True)}" for step, result in steps.items()]
    expected(judge).write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{judge}: {len(steps)} steps recorded")
    return steps


def check(server, judges=JUDGES, only=""):
    """(number of steps, differences that nobody explains, explanations of nothing) for a running Martlet."""
    book.prepare(server)
    definitions.install_parcels(server)
    real, martlet = {}, {}
    for judge in judges:
        steps = json.loads(expected(judge).read_text())
        real.update({step: result for step, result in steps.items() if only in step.rpartition("/")[0]})
        martlet.update(book.run(server, judge, only))
    unexplained, unneeded = differences.judge(real, martlet, known(judges))
    return len(real), unexplained, [] if only else unneeded


def client():
    """Whether Martlet's client keeps its contract with a real kube-apiserver."""
    from servers.real import RealServer
    with RealServer("core") as real:
        environment = {**os.environ, "MARTLET_TEST_KUBECONFIG": real.file("kubeconfig")}
        command = ["swift", "test", "--filter", "ResourceClientTests"]
        return subprocess.run(command, cwd=HERE.parents[1], env=environment).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["record", "check", "client"])
    parser.add_argument("kubeconfig", nargs="?")
    parser.add_argument("--only", default="")
    parser.add_argument("--judge", choices=JUDGES)
    options = parser.parse_args()
    judges = (options.judge,) if options.judge else JUDGES
    if options.verb == "client":
        return client()
    if options.verb == "record":
        for judge in judges:
            steps = record(judge, options.only)
            if options.only:
                print(json.dumps(steps, indent=1))
        return 0
    count, unexplained, unneeded = check(Server.with_kubeconfig(options.kubeconfig), judges, options.only)
    for difference in unexplained:
        print(difference)
    for one in unneeded:
        print(f"no such difference any more: {one.step} {one.place}: {one.why}")
    print(f"{count} steps, {len(unexplained)} unexplained differences in "
          f"{len({one.step for one in unexplained})} steps, {len(unneeded)} explanations of nothing")
    return 1 if unexplained or unneeded else 0


if __name__ == "__main__":
    sys.exit(main())
