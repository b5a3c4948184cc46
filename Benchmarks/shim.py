"""What a shim costs: how long a start takes, from spawning it to the command's execution, and its memory.

    shim.py path/to/martlet-shim

Needs root or user namespaces. Nothing of Martlet itself runs.
"""

import os
import pathlib
import socket
import statistics
import sys
import tempfile
import time

STARTS, IDLE = 200, 200


class Shim:
    """One process under a shim, as Martlet starts it."""

    def __init__(self, program, *arguments):
        ours, theirs = socket.socketpair()
        null = os.open("/dev/null", os.O_RDWR)
        began = time.perf_counter()
        self.process = os.posix_spawn(
            program, ["martlet-shim", "--control", "3", *arguments], {"PATH": "/usr/bin:/bin"},
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3), *((os.POSIX_SPAWN_DUP2, null, n) for n in range(3))])
        self.said = ours.recv(64).decode()
        self.milliseconds = (time.perf_counter() - began) * 1000
        theirs.close()
        os.close(null)
        self.control = ours

    def wait(self):
        while self.control.recv(64):
            pass
        self.control.close()
        os.waitpid(self.process, 0)

    def end(self):
        self.control.send(b"kill\n")
        self.wait()

    def proportional_kilobytes(self):
        children = pathlib.Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(self._pss(process) for process in [self.process, *children])

    def _pss(self, process):
        lines = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def starts(program, *arguments):
    found = []
    for _ in range(STARTS):
        shim = Shim(program, *arguments, "--", "true")
        shim.wait()
        if not shim.said.startswith("started"):
            return f"refused: {shim.said.strip()}"
        found.append(shim.milliseconds)
    found.sort()
    return f"median {statistics.median(found):.1f} ms, 9 of 10 within {found[STARTS * 9 // 10]:.1f} ms, best {found[0]:.1f} ms"


def main(program):
    with tempfile.TemporaryDirectory() as place:
        sandbox = ["--confine", "--root", "--tmp", place, "--harden", "--bind", f"{place}:/mnt/models:ro"]
        for name, arguments in (("without anything", []), ("model mounted only", ["--confine"]), ("sandbox", sandbox)):
            print(f"start, {name}: {starts(program, *arguments)}")
        idle = [Shim(program, *sandbox, "--", "sleep", "1000") for _ in range(IDLE)]
        total = sum(shim.proportional_kilobytes() for shim in idle)
        print(f"{IDLE} idle shims: {total / 1024:.1f} MiB together (proportional set size), {total / IDLE:.0f} KiB each")
        for shim in idle:
            shim.end()


if __name__ == "__main__":
    main(sys.argv[1])
