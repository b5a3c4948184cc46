"""Starts and stops the real API servers that `build` made, with an etcd, on free loopback ports."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "martlet-conformance"
BIN = CACHE / "bin"
PROGRAMS = {"custom": ["etcd", "custom-resources-apiserver"],
            "core": ["etcd", "kube-apiserver", "kube-controller-manager"]}

CERTIFICATES = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=judge
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server
printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' > san
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile san
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout admin.key -out admin.csr \
    -subj /O=system:masters/CN=admin
openssl x509 -req -in admin.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out admin.crt -days 2
openssl genrsa -out accounts.key 2048
openssl rsa -in accounts.key -pubout -out accounts.pub
"""


def is_built(judge):
    return all((BIN / program).exists() for program in PROGRAMS[judge])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(check, what, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if check():
                return
        time.sleep(0.1)
    raise RuntimeError(f"{what} did not come up within {seconds} s")


class RealServer:
    """`custom`: Kubernetes 1.36's custom resources; `core`: kube-apiserver 1.20.2 with the garbage collector and the
    namespace controller. Use as a context: all processes end with it."""

    def __init__(self, judge, only_api=False):
        self.judge = judge
        # Without controllers.
        self.only_api = only_api
        self.processes = {}
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"judge-{judge}-"))
        self.port = free_port()

    def __enter__(self):
        try:
            self.make_certificates()
            self.start_etcd()
            {"custom": self.start_custom, "core": self.start_core}[self.judge]()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(list(self.processes.values())):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def file(self, name):
        return str(self.directory / name)

    def make_certificates(self):
        subprocess.run(["bash", "-ec", CERTIFICATES], cwd=self.directory, check=True, capture_output=True)
        (self.directory / "kubeconfig").write_text(f"""
apiVersion: v1
kind: Config
clusters: [{{name: it, cluster: {{server: "https://127.0.0.1:{self.port}", certificate-authority: {self.file("ca.crt")}}}}}]
users: [{{name: me, user: {{client-certificate: {self.file("admin.crt")}, client-key: {self.file("admin.key")}}}}}]
contexts: [{{name: it, context: {{cluster: it, user: me}}}}]
current-context: it
""")

    def start(self, name, program, *flags):
        with open(self.directory / f"{name}.log", "wb") as log:
            self.processes[name] = subprocess.Popen(
                [BIN / program, *flags], cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start_etcd(self):
        client, peer = free_port(), free_port()
        self.etcd = f"http://127.0.0.1:{client}"
        self.start(
            "etcd", "etcd", "--data-dir", self.file("etcd"), "--listen-client-urls", self.etcd,
            "--advertise-client-urls", self.etcd, "--listen-peer-urls", f"http://127.0.0.1:{peer}")
        wait_for(lambda: socket.create_connection(("127.0.0.1", client), 1).close() is None, "etcd")

    def shared_flags(self):
        return [
            f"--etcd-servers={self.etcd}", "--bind-address=127.0.0.1", f"--secure-port={self.port}",
            f"--tls-cert-file={self.file('server.crt')}", f"--tls-private-key-file={self.file('server.key')}",
            f"--client-ca-file={self.file('ca.crt')}"]

    def start_custom(self):
        config = self.file("kubeconfig")
        self.start(
            "apiserver", "custom-resources-apiserver", *self.shared_flags(), "--authentication-skip-lookup",
            f"--authentication-kubeconfig={config}", f"--authorization-kubeconfig={config}", f"--kubeconfig={config}",
            "--disable-admission-plugins=NamespaceLifecycle,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,"
            "ValidatingAdmissionPolicy,MutatingAdmissionPolicy", "--enable-priority-and-fairness=false")
        wait_for(self.is_ready, "the API server")

    def start_core(self):
        self.start(
            "apiserver", "kube-apiserver", *self.shared_flags(), "--advertise-address=127.0.0.1",
            "--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://judge.example.com",
            f"--service-account-key-file={self.file('accounts.pub')}",
            f"--service-account-signing-key-file={self.file('accounts.key')}", "--authorization-mode=RBAC",
            "--endpoint-reconciler-type=none")
        wait_for(self.is_ready, "kube-apiserver")
        if self.only_api:
            return
        self.start(
            "controllers", "kube-controller-manager", f"--kubeconfig={self.file('kubeconfig')}",
            "--controllers=garbagecollector,namespace", "--leader-elect=false", "--port=0", "--secure-port=0",
            "--concurrent-gc-syncs=2", "--concurrent-namespace-syncs=2", "--namespace-sync-period=5s")

    def is_ready(self):
        if self.processes["apiserver"].poll() is not None:
            raise RuntimeError("the API server ended: " + (self.directory / "apiserver.log").read_text()[-2000:])
        probe = subprocess.run(
            ["curl", "-s", "--cacert", "ca.crt", "--cert", "admin.crt", "--key", "admin.key",
             # The server for custom resources asks itself for Services, which it does not have.
             f"https://127.0.0.1:{self.port}/readyz?exclude=informer-sync"], cwd=self.directory, capture_output=True, timeout=10)
        return probe.stdout == b"ok"

    def server(self):
        """To call it."""
        from script.server import Server
        server = Server.with_files(self.port, self.file("ca.crt"), self.file("admin.crt"), self.file("admin.key"))
        server.collects = self.judge == "core"
        return server
