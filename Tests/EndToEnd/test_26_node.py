"""The node: model servers that outlive Martlet, that cannot get out, and that are ended when they should be."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from load import IMAGE, apply, service, wait_ready
from martlet import CACHE, PROGRAM, MartletTest, eventually, free_port, processes_below

KEPT = {"initial-scale": 1, "min-scale": 1}


class NodeTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=IMAGE)

    def servers(self):
        """The processes of pods, shims included."""
        return sorted(set(processes_below(self.martlet.directory)) - {self.martlet.process.pid})

    def call(self, name, path="/"):
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["gateway"], timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"{name}.default.localhost"})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error).encode()
        finally:
            connection.close()

    def serving(self, name):
        return eventually(lambda: self.call(name)[0] == 200, timeout=30, what=f"an answer of {name}")

    def pod(self, name):
        pods = [pod for pod in self.martlet.pods()
                if pod["metadata"]["labels"].get("serving.knative.dev/service") == name]
        self.assertEqual(len(pods), 1, pods)
        return pods[0]

    def restarts(self, name):
        return self.pod(name)["status"]["containerStatuses"][0]["restartCount"]

    def shim(self, name):
        """The keeper of the pod's one container."""
        uid = self.pod(name)["metadata"]["uid"]
        folder = self.martlet.directory / "pods" / uid
        state = next(folder.glob("*/state")).read_text()
        return int(state.split()[1])


class SurvivalTest(NodeTest):
    def test_kill_9_under_load_stops_no_server(self):
        apply(self.martlet, *(service(f"kept-{number}", annotations=KEPT) for number in range(3)))
        for number in range(3):
            wait_ready(self.martlet, f"kept-{number}")
            self.serving(f"kept-{number}")
        before, pods = self.servers(), {pod["metadata"]["uid"]: pod["status"]["podIP"] for pod in self.martlet.pods()}
        stop, answered = threading.Event(), []

        def caller(number):
            while not stop.is_set():
                if self.call(f"kept-{number % 3}")[0] == 200:
                    answered.append(time.monotonic())
                else:
                    time.sleep(0.01)

        callers = [threading.Thread(target=caller, args=[number]) for number in range(6)]
        streams = [threading.Thread(target=self.call, args=[f"kept-{number % 3}", "/stream?100"]) for number in range(12)]
        for thread in callers + streams:
            thread.start()
        time.sleep(0.5)
        killed = time.monotonic()
        self.martlet.kill(keep_servers=True)
        self.assertEqual(self.servers(), before)
        self.martlet.start()
        eventually(lambda: answered and answered[-1] > killed + 0.2, timeout=30, what="an answer after the crash")
        back = next(moment for moment in answered if moment > killed + 0.1) - killed
        stop.set()
        for thread in callers + streams:
            thread.join(60)
        print(f"\nservice back {back:.2f} s after kill -9")
        for number in range(3):
            self.serving(f"kept-{number}")
            self.assertEqual(self.restarts(f"kept-{number}"), 0)
        self.assertEqual(self.servers(), before)
        self.assertEqual({pod["metadata"]["uid"]: pod["status"]["podIP"] for pod in self.martlet.pods()}, pods)
        # They are pods like any others: exec, logs and deletion.
        pod = self.pod("kept-0")["metadata"]["name"]
        self.assertIn("POD_IP", self.martlet.kubectl("exec", pod, "--", "env"))
        for number in range(3):
            self.martlet.run("delete", "ksvc", f"kept-{number}")
        eventually(lambda: not self.servers(), timeout=40, what="the end of the servers")

    def test_output_written_while_nobody_is_there_is_in_the_log(self):
        script = "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.02; done"
        self.martlet.kubectl("apply", "-f", "-", input=pod("talker", ["sh", "-c", script]))
        self.martlet.kubectl("wait", "pod/talker", "--for=condition=Ready", "--timeout=30s")
        self.martlet.kill(keep_servers=True)
        time.sleep(1)
        self.martlet.start()
        lines = [int(line.split()[1]) for line in self.martlet.kubectl("logs", "talker").splitlines()]
        self.assertEqual(lines, list(range(len(lines))))
        self.assertGreater(len(lines), 30)
        self.martlet.kubectl("delete", "pod", "talker", "--grace-period=1")

    def test_down_may_leave_the_servers_running(self):
        apply(self.martlet, service("left", annotations=KEPT))
        wait_ready(self.martlet, "left")
        self.serving("left")
        before = self.servers()
        self.martlet.run("down", "--keep-pods")
        self.martlet.process.wait(10)
        self.assertEqual(self.servers(), before)
        self.martlet.start()
        self.serving("left")
        self.assertEqual((self.servers(), self.restarts("left")), (before, 0))
        # Once it is down, `down` ends what was left; and so does the next one that runs, where a pod is gone.
        self.martlet.kill(keep_servers=True)
        self.assertEqual(self.servers(), before)
        self.assertIn("ended", self.martlet.run("down"))
        self.assertEqual(self.servers(), [])
        self.martlet.start()
        self.serving("left")
        self.martlet.run("delete", "ksvc", "left")

    def test_a_shim_that_is_killed_takes_its_server_with_it_which_starts_again(self):
        apply(self.martlet, service("shimmed", annotations=KEPT))
        wait_ready(self.martlet, "shimmed")
        self.serving("shimmed")
        before = set(self.servers())
        os.kill(self.shim("shimmed"), signal.SIGKILL)
        eventually(lambda: self.restarts("shimmed") == 1, what="a restart")
        self.serving("shimmed")
        self.assertFalse(before & set(self.servers()))
        # Both at once.
        self.martlet.process.kill()
        os.kill(self.shim_of_the_dead("shimmed"), signal.SIGKILL)
        self.martlet.process.wait()
        eventually(lambda: not self.servers(), timeout=10, what="the end of the server")
        self.martlet.start()
        self.serving("shimmed")
        self.martlet.run("delete", "ksvc", "shimmed")

    def shim_of_the_dead(self, name):
        states = [path.read_text().split() for path in self.martlet.directory.glob("pods/*/*/state")]
        alive = [int(words[1]) for words in states if os.path.exists(f"/proc/{words[1]}")]
        self.assertEqual(len(alive), 1, f"of {name}")
        return alive[0]


# Each line tries something that a model server has no business with; what it prints is what it got.
ESCAPES = r"""
import ctypes, glob, os, resource, socket, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
got = []


def attempt(name, action):
    try:
        result = action()
        if result:
            got.append(f"{name}: {str(result)[:100]}")
    except Exception:
        pass


def call(*numbers):
    result = libc.syscall(*numbers)
    return "it was let through" if result >= 0 else None


def write(path):
    # Opens it, and writes nothing: without a sandbox it works.
    is_new = not os.path.exists(path)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
    if is_new:
        os.unlink(path)
    return "opened"


DATA, OTHER, CACHE, PID, IS_FREE = sys.argv[1:6]
attempt("the database", lambda: open(DATA + "/martlet.db", "rb").read(10))
attempt("the keys", lambda: open(DATA + "/encryption.keys", "rb").read(10))
attempt("the kubeconfig", lambda: open(DATA + "/kubeconfig").read(10))
attempt("other pods", lambda: os.listdir(DATA + "/pods/" + OTHER))
attempt("models", lambda: os.listdir(CACHE + "/models"))
attempt("shims' sockets", lambda: glob.glob("/**/control", recursive=False) or glob.glob(DATA + "/pods/*/*/control"))
# A Python that lies there is seen, and nothing beside it.
attempt("homes", lambda: [name for path in ("/root", "/home") if os.path.isdir(path)
                          for name in os.listdir(path) if name not in (".pyenv", ".local")])
attempt("shadow", lambda: open("/etc/shadow").read(10))
attempt("other processes", lambda: os.path.exists("/proc/" + PID + "/environ") and len(
    [p for p in os.listdir("/proc") if p.isdigit()]) > 20)
attempt("process 1", lambda: open("/proc/1/environ").read(10))
attempt("memory of 1", lambda: open("/proc/1/mem", "rb+"))
attempt("others' temporary files", lambda: [n for n in os.listdir("/tmp") if n.startswith("martlet-")])
attempt("the system", lambda: write("/usr/bin/x"))
attempt("/etc", lambda: write("/etc/x"))
attempt("the root", lambda: write("/x"))
attempt("sysctl", lambda: write("/proc/sys/kernel/core_pattern"))
attempt("sysrq", lambda: write("/proc/sysrq-trigger"))
attempt("cgroups", lambda: [write(path) for path in glob.glob("/sys/fs/cgroup/memory*/cgroup.procs")])
attempt("disks", lambda: [path for path in glob.glob("/dev/*") if os.path.exists(path) and not path.startswith((
    "/dev/fd", "/dev/std", "/dev/shm", "/dev/pts", "/dev/ptmx")) and path[5:] not in (
    "null", "zero", "full", "random", "urandom", "tty")])
attempt("mknod", lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(8, 0)) or "made")
attempt("mount", lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0)
attempt("remount", lambda: libc.mount(None, b"/usr", None, 0x1020, None) == 0)
attempt("user namespace", lambda: libc.unshare(0x10000000) == 0)
attempt("mount namespace", lambda: libc.unshare(0x20000) == 0)
attempt("ptrace", lambda: libc.ptrace(16, 1, 0, 0) == 0)
attempt("kill 1", lambda: os.kill(1, 9) or not os.path.exists("/proc/1"))
attempt("modules", lambda: call(175, 0, 0, b"") or call(313, 0, b"", 0))
attempt("bpf", lambda: call(321, 0, 0, 0))
attempt("keys", lambda: call(248, b"user", b"a", b"b", 1, -3))
attempt("perf", lambda: call(298, 0, 0, 0, 0, 0))
attempt("userfaultfd", lambda: call(323, 0))
attempt("io_uring", lambda: call(425, 1, 0))
attempt("chroot", lambda: libc.chroot(b"/tmp") == 0)
if not IS_FREE:
    # These would be done.
    attempt("clock", lambda: libc.settimeofday(b"\0" * 16, None) == 0)
    attempt("host name", lambda: libc.sethostname(b"x", 1) == 0)
    attempt("reboot", lambda: call(169, 0xfee1dead, 672274793, 0, 0))
attempt("raw sockets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("raw IP", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("limits", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 30, 1 << 30)) or "raised")
attempt("setuid", lambda: os.getuid() and (os.setuid(0) or "root"))
attempt("other user", lambda: os.getuid() == 0 and (os.setuid(12345) or "became 12345"))
attempt("su", lambda: os.getuid() and subprocess.run(["su", "-c", "id"], stdin=subprocess.DEVNULL).returncode == 0)
print("GOT", *got, sep="\n", flush=True)
"""


class EscapeTest(NodeTest):
    """The same attempts in the default sandbox, as another user, and without one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = json.loads(cls.martlet.run("doctor", "-o", "json"))["checks"][0]
        if found["state"] != "good":
            raise unittest.SkipTest(f"no whole sandbox on this machine: {found['finding']}")

    def attempts(self, name, annotations=None, spec=None):
        self.martlet.kubectl("apply", "-f", "-", input=pod(f"{name}-other", ["sleep", "1000"]))
        other = self.martlet.object("pod", f"{name}-other")["metadata"]["uid"]
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            name, ["python3", "-c", ESCAPES, str(self.martlet.directory), other, str(CACHE / "cache"),
                   str(self.martlet.process.pid), "free" if annotations else ""], annotations, {"restartPolicy": "Never", **(spec or {})}))
        eventually(lambda: self.martlet.object("pod", name).get("status", {}).get("phase") in ("Succeeded", "Failed"),
                   what="the end of the attempts")
        lines = self.martlet.kubectl("logs", name).splitlines()
        self.martlet.kubectl("delete", "pod", name, f"{name}-other", "--grace-period=1")
        self.assertIn("GOT", lines)
        return lines[lines.index("GOT") + 1:]

    def test_by_default_nothing_gets_out(self):
        self.assertEqual(self.attempts("prisoner"), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become others")
    def test_as_another_user_nothing_gets_out(self):
        self.assertEqual(self.attempts("nobody", spec={"securityContext": {"runAsUser": 65534, "fsGroup": 65534}}), [])

    def test_without_a_sandbox_much_gets_out_and_the_status_says_so(self):
        got = self.attempts("free", {"martlet.dev/confinement": "relaxed"})
        names = {line.split(":")[0] for line in got}
        print(f"\nwithout the sandbox: {len(names)} attempts get out: {', '.join(sorted(names))}")
        self.assertLessEqual({"the database", "the keys", "other pods"}, names)

    def test_a_server_has_what_it_needs(self):
        script = """
import multiprocessing, multiprocessing.shared_memory, os, sqlite3, subprocess, tempfile, threading, time
assert os.environ["HOME"] and open(os.path.join(os.environ["HOME"], "x"), "w").write("x")
with tempfile.NamedTemporaryFile() as file: assert file.name.startswith("/tmp/"), file.name
shared = multiprocessing.shared_memory.SharedMemory(create=True, size=1 << 20); shared.close(); shared.unlink()
with multiprocessing.get_context("spawn").Pool(2) as pool: assert pool.map(abs, [-1, -2]) == [1, 2]
assert subprocess.check_output(["sh", "-c", "echo hi"]) == b"hi\\n"
thread = threading.Thread(target=time.sleep, args=[0]); thread.start(); thread.join()
sqlite3.connect(":memory:"); os.urandom(8); os.sched_getaffinity(0); os.nice(1)
import ssl; assert ssl.create_default_context().cert_store_stats()
print("all there")
"""
        script = "if __name__ == '__main__':\n" + "\n".join("    " + line for line in script.splitlines())
        for name, spec in (("needy", {}), ("needy-user", {"securityContext": {"runAsUser": 1234}})):
            if spec and os.geteuid() != 0:
                continue
            self.martlet.kubectl("apply", "-f", "-", input=pod(
                name, ["sh", "-c", 'printf "%s" "$SCRIPT" > $HOME/a.py && exec python3 $HOME/a.py'], None,
                {"restartPolicy": "Never", **spec}, env=[{"name": "SCRIPT", "value": script}]))
            eventually(lambda: self.martlet.object("pod", name).get("status", {}).get("phase") in ("Succeeded", "Failed"),
                       what="its end")
            self.assertEqual(self.martlet.kubectl("logs", name).strip(), "all there")

    def test_non_root_is_kept_to(self):
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            "non-root", ["sleep", "1000"], None, {"securityContext": {"runAsNonRoot": True}}))
        if os.geteuid() == 0:
            eventually(lambda: "runAsNonRoot" in json.dumps(self.martlet.object("pod", "non-root")["status"]),
                       what="the reason")
        self.martlet.kubectl("delete", "pod", "non-root", "--grace-period=1")

    def test_doctor_says_what_this_machine_has(self):
        port = ["--api-port", str(self.martlet.ports["api"])]
        found = json.loads(self.martlet.run("doctor", "-o", "json", *port))["checks"]
        names = [check["name"] for check in found]
        self.assertEqual(
            names[:3] + names[-4:], ["sandbox", "limits", "user", "disk", "python", "open files", "exposure"])
        self.assertTrue(all(check["finding"] and check["state"] in ("good", "lacking") for check in found), found)
        self.assertIn("sandbox", self.martlet.run("doctor", *port))


@unittest.skipUnless(os.geteuid() == 0, "only root can become an ordinary user")
class OrdinaryUserTest(unittest.TestCase):
    """Martlet as an ordinary user: the same sandbox by a user namespace, and servers that outlive it."""

    def setUp(self):
        if subprocess.run(["/usr/bin/python3", "-c", "import venv"], capture_output=True).returncode != 0:
            self.skipTest("the system's Python has no venv, and others may lie where this user cannot read")
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="martlet-user-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        for name in ("", "-shim"):
            shutil.copy(PROGRAM + name, self.place / ("martlet" + name))
        os.chmod(self.place, 0o755)
        (self.place / "home").mkdir()
        os.chown(self.place / "home", 65534, 65534)
        self.directory = self.place / "home" / "data"

    def options(self):
        return {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/",
                "env": {"HOME": str(self.place / "home"), "PATH": "/usr/bin:/bin"}}

    def run_martlet(self, *arguments):
        result = subprocess.run(
            [str(self.place / "martlet"), *arguments, "--data-dir", str(self.directory)], text=True,
            capture_output=True, timeout=60, **self.options())
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def start(self):
        ports = [part for name in ("api", "gateway", "admin") for part in (f"--{name}-port", str(free_port()))]
        process = subprocess.Popen(
            [str(self.place / "martlet"), "up", "--data-dir", str(self.directory), *ports], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **self.options())
        eventually(lambda: self.run_martlet("get", "pods") is not None, timeout=60, what="martlet")
        return process

    def pod(self):
        return json.loads(self.run_martlet("get", "pod/plain", "-o", "json"))

    def test_the_sandbox_and_survival_need_no_root(self):
        process = self.start()
        self.addCleanup(lambda: self.run_martlet("down"))
        script = f"id -u; ls /root {self.directory} 2>&1 | grep -c 'No such file'; grep CapEff /proc/self/status; exec sleep 1000"
        (self.place / "pod.yaml").write_text(IMAGE + "---\n" + pod("plain", ["sh", "-c", script]))
        self.run_martlet("apply", "-f", str(self.place / "pod.yaml"))
        eventually(lambda: self.pod().get("status", {}).get("phase") == "Running", timeout=60, what="the pod up")
        lines = eventually(lambda: len(found := self.run_martlet("logs", "pod/plain").splitlines()) == 3 and found)
        refused = [condition for condition in self.pod()["status"]["conditions"]
                   if condition["type"] == "martlet.dev/Confined"]
        if any(condition["reason"] == "NamespacesRefused" for condition in refused):
            self.skipTest(refused[0]["message"])
        self.assertEqual((lines[0], lines[2].split()[1]), ("65534", "0" * 16))
        self.assertEqual(lines[1], "1", "the home of root, and of the data directory no more than the pod's own")
        process.kill()
        process.wait()
        process = self.start()
        self.assertEqual(self.pod()["status"]["containerStatuses"][0]["restartCount"], 0)
        self.run_martlet("down")
        self.assertEqual(process.wait(10), 0)
        self.assertEqual([pid for pid in processes_below(self.place) if pid != os.getpid()], [])


class LimitsTest(NodeTest):
    def limits(self):
        checks = json.loads(self.martlet.run("doctor", "-o", "json"))["checks"]
        return next(check for check in checks if check["name"] == "limits")

    def ended(self, name):
        def state():
            status = self.martlet.object("pod", name).get("status", {}).get("containerStatuses", [{"state": {}}])[0]
            return status["state"].get("terminated")
        return eventually(state, timeout=60, what=f"the end of {name}")

    def setUp(self):
        if self.limits()["state"] != "good":
            self.skipTest("no control groups here: " + self.limits()["finding"])

    def test_more_memory_than_allowed_is_out_of_memory(self):
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            "greedy", ["python3", "-c", "x = bytearray(200 << 20)"], None, {"restartPolicy": "Never"},
            resources={"limits": {"memory": "64Mi"}}))
        self.assertEqual(self.ended("greedy")["reason"], "OOMKilled")

    def test_a_fork_bomb_stays_inside(self):
        script = """
import os, time
children = 0
try:
    while children < 20000:
        if os.fork() == 0: time.sleep(1000)
        children += 1
except OSError:
    print("stopped at", children, flush=True)
    os._exit(3)
"""
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            "bomb", ["python3", "-S", "-c", script], None, {"restartPolicy": "Never"},
            resources={"limits": {"memory": "1Gi"}}))
        end = self.ended("bomb")
        self.assertIn(end["reason"], ("Error", "OOMKilled"))
        self.assertEqual(self.martlet.get("admin", "/readyz")[0], 200)

    def test_processor_time_is_bounded(self):
        script = "import time; t=time.process_time(); e=time.monotonic()+2\nwhile time.monotonic()<e: pass\nprint(time.process_time()-t)"
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            "busy", ["python3", "-S", "-c", script], None, {"restartPolicy": "Never"},
            resources={"limits": {"cpu": "200m"}}))
        self.ended("busy")
        self.assertLess(float(self.martlet.kubectl("logs", "busy")), 0.9)


# Kubernetes makes one dollar sign of two, hence no shell's own number.
DIES = "exec python3 -S -c 'import os; os.kill(os.getpid(), {})'"


class FaultsTest(NodeTest):
    """Servers that do what servers do. Each has to end when its pod is deleted, and nothing of it may be left."""

    # From the shell, where `exec sleep` stands for a server.
    STUBBORN = {
        "ignores-term": "trap '' TERM; while :; do sleep 1; done",
        "forks": "sleep 1000 & sleep 1000 & wait",
        "daemonises": "setsid sh -c 'sleep 1000 & sleep 1000' & sleep 1000",
        "parent-gone": "(setsid sleep 1000 &) ; exec sleep 1000",
        "holds-pipes": "sleep 1000 & exec sleep 1000",
        "stopped": DIES.format(19),
        "no-output": "exec sleep 1000 >&- 2>&-",
        "many-children": "for i in $(seq 100); do sleep 1000 & done; wait",
        "zombies": "for i in $(seq 50); do (sleep 0 &); done; exec sleep 1000",
        "writes-much": "while :; do echo 0123456789012345678901234567890123456789; done",
        "long-line": "while :; do printf '%1000d' 1; done",
        "binary": "head -c 100000 /dev/urandom; exec sleep 1000",
        "fills-tmp": "head -c 20000000 /dev/zero > /tmp/x; exec sleep 1000",
        "removes-home": "rm -rf $HOME/..?* $HOME/*; exec sleep 1000",
        "closes-all": "exec 0<&- 1>&- 2>&-; exec sleep 1000",
        "kills-group": "trap '' TERM; kill -TERM 0; exec sleep 1000",
        "new-session": "exec setsid sleep 1000",
    }

    # name: (command, exit code, what the message or reason has)
    ENDING = {
        "exits": ("exit 0", 0, "Completed"), "fails": ("echo why >&2; exit 3", 3, "why"),
        "segfaults": (DIES.format(11), 139, ""), "aborts": (DIES.format(6), 134, ""),
        "killed": (DIES.format(9), 137, ""), "no-program": ("exec /no/such/program", 127, ""),
        "leaves-daemon": ("setsid sleep 1000 & exit 5", 5, ""), "last-words": ("printf end; exit 4", 4, "end"),
    }

    def test_whatever_a_server_does_it_ends_with_its_pod(self):
        for name, script in self.STUBBORN.items():
            self.martlet.kubectl("apply", "-f", "-", input=pod(name, ["sh", "-c", script]))
        for name in self.STUBBORN:
            eventually(lambda: self.martlet.object("pod", name).get("status", {}).get("phase") == "Running", what=f"{name} up")
        time.sleep(1)
        began = time.monotonic()
        self.martlet.kubectl("delete", "pod", *self.STUBBORN, "--wait=false")
        eventually(lambda: not [pod for pod in self.martlet.pods() if pod["metadata"]["name"] in self.STUBBORN],
                   timeout=40, what="the end of them all")
        print(f"\n{len(self.STUBBORN)} stubborn servers ended in {time.monotonic() - began:.1f} s")
        self.assertEqual(self.servers(), [])

    def test_how_a_server_ends_is_told(self):
        for name, (script, _, _) in self.ENDING.items():
            self.martlet.kubectl("apply", "-f", "-", input=pod(
                name, ["sh", "-c", script], None, {"restartPolicy": "Never"}))
        for name, (_, code, words) in self.ENDING.items():
            def end():
                status = self.martlet.object("pod", name).get("status", {})
                return status.get("containerStatuses", [{"state": {}}])[0]["state"].get("terminated")
            state = eventually(end, what=f"the end of {name}")
            self.assertEqual(state["exitCode"], code, (name, state))
            self.assertIn(words, json.dumps(state), name)
        self.assertEqual(self.servers(), [])

    def test_both_killed_while_a_pod_is_deleted(self):
        self.martlet.kubectl("apply", "-f", "-", input=pod(
            "going", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"]))
        eventually(lambda: self.martlet.object("pod", "going").get("status", {}).get("phase") == "Running", what="it up")
        self.martlet.kubectl("delete", "pod", "going", "--wait=false", "--grace-period=20")
        self.martlet.kill(keep_servers=True)
        self.martlet.start()
        eventually(lambda: not self.martlet.pods(), timeout=60, what="the pod's end")
        self.assertEqual(self.servers(), [])

    def test_a_pod_that_is_deleted_while_nobody_is_there_ends(self):
        """Its object is taken from a backup's place: the store forgot it, the shim did not."""
        self.martlet.kubectl("apply", "-f", "-", input=pod("orphan", ["sleep", "1000"]))
        eventually(lambda: self.martlet.object("pod", "orphan").get("status", {}).get("phase") == "Running", what="it up")
        self.martlet.kill(keep_servers=True)
        self.assertTrue(self.servers())
        # Without its state a shim cannot be known for what it is.
        for state in self.martlet.directory.glob("pods/*/*/state"):
            state.unlink()
        self.martlet.start()
        eventually(lambda: self.martlet.object("pod", "orphan")["status"]["containerStatuses"][0]["restartCount"] == 1,
                   what="a fresh start")
        self.martlet.kubectl("delete", "pod", "orphan", "--grace-period=1")
        eventually(lambda: not self.servers(), what="the end")


def pod(name, command, annotations=None, spec=None, **container):
    return json.dumps({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}, "annotations": annotations or {}},
        "spec": {"terminationGracePeriodSeconds": 1, **(spec or {}), "containers": [
            {"name": "main", "image": "example/fake-model", "command": command, **container}]}})


if __name__ == "__main__":
    unittest.main()
