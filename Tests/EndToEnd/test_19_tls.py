"""TLS at the gateway: whose certificate is shown, who is let in, and who is sent to it.

The clients are curl and openssl.
"""

import base64
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile

from load import ServicesTest, apply, service, wait_ready
from martlet import CACHE, Instance, eventually, free_port


SECURE = r"""
import http.server, os, ssl

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"{self.request.version()} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

open("pair.pem", "w").write(os.environ["PAIR"])
server = http.server.ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("pair.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


class TLSTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.stop()
        cls.port = free_port()
        cls.martlet.start("--gateway-tls-port", str(cls.port))
        apply(cls.martlet, service("fake", annotations={"min-scale": 1}))
        wait_ready(cls.martlet, "fake")
        cls.place = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        cls.addClassCleanup(shutil.rmtree, cls.place, True)

    def curl(self, host, *arguments, ca=None, path="/", check=True):
        ca = ca or self.martlet.directory / "ca.crt"
        result = subprocess.run(
            ["curl", "-sS", "-i", "--max-time", "20", "--cacert", ca, "--resolve", f"{host}:{self.port}:127.0.0.1",
             f"https://{host}:{self.port}{path}", *arguments], capture_output=True, text=True)
        if check:
            self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout if check else result

    def own(self, name, *hosts):
        """A certificate that somebody brings, as the paths of its PEM files."""
        key, certificate = self.place / f"{name}.key", self.place / f"{name}.crt"
        names = ",".join(f"DNS:{host}" for host in hosts)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days",
             "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}"], check=True, capture_output=True)
        return certificate, key

    def secret(self, name, certificate, key, namespace="martlet-system"):
        encoded = {name: base64.b64encode(path.read_bytes()).decode()
                   for name, path in (("tls.crt", certificate), ("tls.key", key))}
        apply(self.martlet, {
            "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "data": encoded,
            "metadata": {"name": name, "namespace": namespace}})

    def subject(self, host):
        """Of the certificate that is shown to who asks for `host`."""
        name = ["-servername", host] if host else ["-noservername"]
        shown = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", *name], input="", capture_output=True,
            text=True, timeout=20).stdout
        return subprocess.run(
            ["openssl", "x509", "-noout", "-subject", "-ext", "subjectAltName"], input=shown, capture_output=True,
            text=True).stdout

    def test_its_own_authority_vouches_for_every_host_that_is_served(self):
        answer = self.curl("fake.default.localhost")
        self.assertTrue(answer.startswith("HTTP/2 200"), answer)
        self.assertTrue(answer.endswith("fake-00001"), answer)
        self.assertTrue(self.curl("fake.default.localhost", "--http1.1").startswith("HTTP/1.1 200"))
        self.assertTrue(self.curl("localhost", path="/openai/v1/models").startswith("HTTP/2 200"))
        self.assertIn("fake.default.localhost", self.subject("fake.default.localhost"))
        # Nobody gets certificates for names that are not served.
        self.assertNotIn("elsewhere", self.subject("elsewhere.example"))
        self.assertIn("localhost", self.subject(None))

    def test_a_certificate_of_a_secret_is_shown_and_changed_while_it_runs(self):
        host = "fake.default.localhost"
        self.secret("given", *self.own("first", "*.default.localhost"))
        eventually(lambda: "first" in self.subject(host), what="the first certificate")
        self.assertTrue(self.curl(host, ca=self.place / "first.crt").startswith("HTTP/2 200"))
        self.secret("given", *self.own("second", host))
        eventually(lambda: "second" in self.subject(host), what="the second certificate")
        self.martlet.run("delete", "secret/given", "-n", "martlet-system")
        eventually(lambda: "second" not in self.subject(host), what="the made certificate")
        # Who may write Secrets in another namespace does not speak for this host.
        self.secret("stolen", *self.own("third", host), namespace="default")
        self.secret("broken", self.place / "first.crt", self.place / "second.key")
        self.secret("marker", *self.own("fourth", "marker.example"))
        eventually(lambda: "fourth" in self.subject("marker.example"), what="the last certificate")
        self.assertNotIn("third", self.subject(host))
        self.assertIn("broken", self.martlet.output())

    def test_requests_without_tls_are_sent_to_it_where_config_network_says_so(self):
        def setting(value):
            apply(self.martlet, {
                "apiVersion": "v1", "kind": "ConfigMap", "data": {"http-protocol": value},
                "metadata": {"name": "config-network", "namespace": "martlet-system"}})

        def plain(host="fake.default.localhost"):
            result = subprocess.run(
                ["curl", "-sS", "-i", f"http://127.0.0.1:{self.gateway}/a?b=c", "-H", f"Host: {host}"],
                capture_output=True, text=True)
            return result.stdout
        setting("Redirected")
        answer = eventually(lambda: plain() if " 301 " in plain() else None, what="the redirect")
        self.assertIn(f"Location: https://fake.default.localhost:{self.port}/a?b=c\n", answer)
        self.assertIn(" 200 ", plain("fake.default.svc.cluster.local"))
        self.assertTrue(self.curl("fake.default.localhost").startswith("HTTP/2 200"))
        setting("Enabled")
        eventually(lambda: " 200 " in plain(), what="no redirect")

    def test_a_model_server_that_speaks_tls(self):
        certificate, key = self.own("server", "server.example")
        apply(self.martlet, service(
            "secure", {"PAIR": certificate.read_text() + key.read_text()}, {"min-scale": 1},
            command=["python3", "-u", "-c", SECURE], ports=[{"name": "https", "containerPort": 8443}]))
        wait_ready(self.martlet, "secure")
        answer = self.curl("secure.default.localhost")
        self.assertTrue(answer.startswith("HTTP/2 200"), answer)
        self.assertIn("TLSv1.3 127.0.0.1", answer)

    def test_a_load_balancer_says_whom_a_connection_is_from(self):
        martlet, port = Instance(), free_port()
        martlet.start("--gateway-tls-port", str(port), "--gateway-proxy-protocol")
        try:
            header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes([203, 0, 113, 9, 127, 0, 0, 1, 1, 2, 3, 4])
            plain = socket.create_connection(("127.0.0.1", martlet.ports["gateway"]))
            plain.sendall(header + b"GET /openai/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(plain.recv(100).startswith(b"HTTP/1.1 200 "))
            secure = socket.create_connection(("127.0.0.1", port))
            secure.sendall(header)
            context = ssl.create_default_context(cafile=martlet.directory / "ca.crt")
            with context.wrap_socket(secure, server_hostname="localhost") as client:
                client.sendall(b"GET /openai/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))
            bare = socket.create_connection(("127.0.0.1", martlet.ports["gateway"]))
            bare.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertEqual(bare.recv(100), b"")
            for client in (plain, bare):
                client.close()
        finally:
            martlet.stop()
            shutil.rmtree(martlet.directory, ignore_errors=True)

    def test_where_it_listens_is_told(self):
        self.assertIn(f"https://127.0.0.1:{self.port}", self.martlet.run("status"))

    def test_clients_show_a_certificate_where_one_is_wanted(self):
        certificate, key = self.own("caller", "caller.example")
        martlet, port = Instance(), free_port()
        martlet.start("--gateway-tls-port", str(port), "--gateway-client-ca", str(certificate))
        try:
            call = ["curl", "-sS", "-i", "--cacert", martlet.directory / "ca.crt", f"https://localhost:{port}/x"]
            self.assertNotEqual(subprocess.run(call, capture_output=True).returncode, 0)
            answer = subprocess.run([*call, "--cert", certificate, "--key", key], capture_output=True, text=True)
            self.assertTrue(answer.stdout.startswith("HTTP/2 404"), answer)
        finally:
            martlet.stop()
            shutil.rmtree(martlet.directory, ignore_errors=True)
