"""One message stays one message: the published ways to smuggle a request through a proxy, each sent through the gateway to
a real nginx and a real uvicorn. Both write down what they take for requests; none of them may be the one that was hidden.
"""

import pathlib
import re
import socket
import subprocess
import tempfile

from load import ServicesTest, apply, service, wait_ready

IMAGE = """
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: uvicorn}
spec:
  images: [example/uvicorn]
  entrypoint: [python3]
  python: {packages: ["uvicorn==0.54.0"]}
"""

UVICORN = r"""
import os, uvicorn

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    with open(os.environ["SEEN"], "a") as seen:
        print(scope["method"], scope["path"], file=seen)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})

uvicorn.run(app, host=os.environ["POD_IP"], port=int(os.environ["PORT"]), log_level="warning")
"""

NGINX = r"""
import os, pathlib
folder = pathlib.Path(os.environ["FOLDER"])
(folder / "nginx.conf").write_text('''
daemon off; master_process off; pid %(folder)s/pid; error_log stderr;
events {}
http {
  log_format seen "$request_method $request_uri";
  access_log %(seen)s seen;
  client_body_temp_path %(folder)s; proxy_temp_path %(folder)s; fastcgi_temp_path %(folder)s;
  uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s;
  server { listen %(address)s:%(port)s; keepalive_timeout 75; location / { return 200 "ok"; } }
}''' % {"folder": folder, "seen": os.environ["SEEN"], "address": os.environ["POD_IP"], "port": os.environ["PORT"]})
os.execv(os.environ["NGINX"], ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
"""

HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
SIZE = len(HIDDEN)


def post(fields, body):
    return f"POST /outer HTTP/1.1\r\nHost: {{host}}\r\n{fields}\r\n{body}"


def chunked(body):
    return f"{len(body):x}\r\n{body}\r\n0\r\n\r\n"


# Name, request, and whether a proxy may pass it on as one request; if not, it has to refuse it.
CASES = [
    # The body is what it says: it goes through, and nothing in it is a request.
    ("a request as body", post(f"Content-Length: {SIZE}\r\n", HIDDEN), True),
    ("a request as chunk", post("Transfer-Encoding: chunked\r\n", chunked(HIDDEN)), True),
    ("GET with a body", f"GET /outer HTTP/1.1\r\nHost: {{host}}\r\nContent-Length: {SIZE}\r\n\r\n{HIDDEN}", True),
    ("extension of a chunk", post("Transfer-Encoding: chunked\r\n", f"{SIZE:x};a=b\r\n{HIDDEN}\r\n0\r\n\r\n"), True),
    ("zeros before a size", post("Transfer-Encoding: chunked\r\n", f"000{SIZE:x}\r\n{HIDDEN}\r\n0\r\n\r\n"), True),
    ("underscore for a hyphen", post(f"Content_Length: 0\r\nContent-Length: {SIZE}\r\n", HIDDEN), True),
    ("length among hop-by-hop names",
     post(f"Connection: keep-alive, content-length\r\nContent-Length: {SIZE}\r\n", HIDDEN), None),
    # Two lengths (CL.TE, TE.CL, CL.CL).
    ("CL.TE", post(f"Content-Length: {SIZE + 5}\r\nTransfer-Encoding: chunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", chunked(HIDDEN)), False),
    ("CL.0", post(f"Content-Length: 0\r\nContent-Length: {SIZE}\r\n", HIDDEN), False),
    ("CL.CL", post(f"Content-Length: {SIZE}\r\nContent-Length: 0\r\n", HIDDEN), False),
    ("a list of lengths", post(f"Content-Length: {SIZE}, 0\r\n", HIDDEN), False),
    ("the same length twice", post(f"Content-Length: {SIZE}, {SIZE}\r\n", HIDDEN), False),
    ("a sign", post(f"Content-Length: +{SIZE}\r\n", HIDDEN), False),
    ("less than nothing", post("Content-Length: -1\r\n", HIDDEN), False),
    ("hexadecimal", post(f"Content-Length: 0x{SIZE:x}\r\n", HIDDEN), False),
    ("more than 64 bits", post("Content-Length: 18446744073709551616\r\n", HIDDEN), False),
    ("a space in a length", post("Content-Length: 1 0\r\n", HIDDEN), False),
    ("no length", post("Content-Length:\r\n", HIDDEN), False),
    # Transfer codings that are read in several ways (TE.TE).
    ("identity", post("Transfer-Encoding: identity\r\n", HIDDEN), False),
    ("chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("xchunked", post("Transfer-Encoding: xchunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("in quotes", post("Transfer-Encoding: \"chunked\"\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("a vertical tab", post("Transfer-Encoding:\x0bchunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("a space before the colon", post("Transfer-Encoding : chunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("a tab before the colon", post("Content-Length\t: 0\r\n", HIDDEN), False),
    ("a folded field", post("X: y\r\n Transfer-Encoding: chunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("a folded value", post("Transfer-Encoding:\r\n chunked\r\n", f"0\r\n\r\n{HIDDEN}"), False),
    ("a space before the first field", "POST /outer HTTP/1.1\r\n Host: {host}\r\nHost: {host}\r\n\r\n" + HIDDEN, False),
    ("a field without a name", post(": chunked\r\nContent-Length: 0\r\n", ""), False),
    ("HTTP/1.0", f"POST /outer HTTP/1.0\r\nHost: {{host}}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}", False),
    # Ends of lines.
    ("a bare line feed", f"POST /outer HTTP/1.1\nHost: {{host}}\nContent-Length: 0\n\n{HIDDEN}", False),
    ("a bare line feed in the fields", post("X: y\nContent-Length: 0\r\n", HIDDEN), False),
    ("a bare carriage return", post(f"X: y\rContent-Length: {SIZE}\r\nContent-Length: 0\r\n", HIDDEN), False),
    ("a null byte", post(f"X: y\0\r\nContent-Length: {SIZE}\r\n", HIDDEN), False),
    # Chunks.
    ("a size with 0x", post("Transfer-Encoding: chunked\r\n", f"0x{SIZE:x}\r\n{HIDDEN}\r\n0\r\n\r\n"), False),
    ("a size with a sign", post("Transfer-Encoding: chunked\r\n", f"+{SIZE:x}\r\n{HIDDEN}\r\n0\r\n\r\n"), False),
    ("a size of 65 bits", post("Transfer-Encoding: chunked\r\n", f"10000000000000000\r\n{HIDDEN}"), False),
    ("a size with an underscore", post("Transfer-Encoding: chunked\r\n", f"0_0\r\n\r\n{HIDDEN}"), False),
    ("a space after a size", post("Transfer-Encoding: chunked\r\n", f"0 \r\n\r\n{HIDDEN}"), None),
    ("a bare line feed after a size", post("Transfer-Encoding: chunked\r\n", f"{SIZE:x}\n{HIDDEN}\r\n0\r\n\r\n"), False),
    ("a bare line feed after a chunk", post("Transfer-Encoding: chunked\r\n", f"1\r\nx\n0\r\n\r\n{HIDDEN}"), False),
    ("a line feed in an extension", post("Transfer-Encoding: chunked\r\n", f"1;a\nxx\r\n0\r\n\r\n{HIDDEN}"), False),
    ("more than the size", post("Transfer-Encoding: chunked\r\n", f"1\r\nxyz\r\n0\r\n\r\n{HIDDEN}"), False),
    ("lengths as trailers", post(
        "Transfer-Encoding: chunked\r\n", f"0\r\nContent-Length: {SIZE}\r\n\r\n"), None),
    # The request line and Host.
    ("two hosts", f"POST /outer HTTP/1.1\r\nHost: {{host}}\r\nHost: h\r\nContent-Length: 0\r\n\r\n", False),
    ("another host in the line", "GET http://evil/outer HTTP/1.1\r\nHost: {host}\r\n\r\n", False),
    ("a request line in a path", "GET /outer HTTP/1.1\r\nX: GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n", True),
    ("a tab in the line", "GET\t/outer\tHTTP/1.1\r\nHost: {host}\r\n\r\n", False),
    ("three spaces", "GET /outer x HTTP/1.1\r\nHost: {host}\r\n\r\n", False),
    ("HTTP/1.2", "GET /outer HTTP/1.2\r\nHost: {host}\r\n\r\n", False),
    ("an upgrade that is none", post(
        f"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: {SIZE}\r\n", HIDDEN), None),
    ("h2c", post(f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                 f"Content-Length: {SIZE}\r\n", HIDDEN), True),
    ("a body that is expected", post(f"Expect: 100-continue\r\nContent-Length: {SIZE}\r\n", HIDDEN), True),
    ("an unknown expectation", post(f"Expect: x\r\nContent-Length: {SIZE}\r\n", HIDDEN), False),
]


def nginx():
    """Debian's, unpacked beside the tests."""
    folder = pathlib.Path(__file__).resolve().parents[2] / ".build" / "end-to-end" / "nginx"
    program = folder / "usr" / "sbin" / "nginx"
    if not program.exists():
        with tempfile.TemporaryDirectory() as place:
            download = ["apt-get", "download", "-q", "nginx"]
            if subprocess.run(download, cwd=place, capture_output=True).returncode:
                # A fresh machine has no lists of packages.
                subprocess.run(["apt-get", "update", "-q"], check=True, capture_output=True)
                subprocess.run(download, cwd=place, check=True, capture_output=True)
            subprocess.run(["dpkg", "-x", next(pathlib.Path(place).glob("*.deb")), folder], check=True)
    return program


class SmugglingTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.martlet.run("apply", "-f", "-", input=IMAGE)
        folder = pathlib.Path(cls.folder.name)
        for name, script, image in (("uvicorn", UVICORN, "uvicorn"), ("nginx", NGINX, "fake-model")):
            place = folder / name
            place.mkdir()
            variables = {"SEEN": place / "seen", "FOLDER": place, "NGINX": nginx()}
            made = service(
                name, variables, {"min-scale": 1}, image=f"example/{image}", command=["python3", "-u", "-c", script])
            # nginx lies outside of what a sandbox shows, and what the servers saw is read here.
            made["spec"]["template"]["metadata"]["annotations"]["martlet.dev/confinement"] = "relaxed"
            apply(cls.martlet, made)
        for name in ("uvicorn", "nginx"):
            wait_ready(cls.martlet, name, timeout=180)

    def seen(self, name):
        path = pathlib.Path(self.folder.name) / name / "seen"
        return path.read_text().split("\n")[:-1] if path.exists() else []

    def send(self, host, request):
        """How the answers begin, to a request and to one more on the same connection."""
        with socket.create_connection(("127.0.0.1", self.gateway), timeout=20) as client:
            client.sendall(request.replace("{host}", host).encode("latin-1"))
            client.sendall(f"GET /next HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            text = b""
            try:
                while piece := client.recv(65536):
                    text += piece
            except (ConnectionResetError, TimeoutError):
                pass
        return [line for line in re.findall(r"HTTP/1\.1 \d+", text.decode("latin-1")) if not line.endswith(" 100")]

    def test_one_message_stays_one_message(self):
        for name in ("uvicorn", "nginx"):
            for what, request, passes in CASES:
                with self.subTest(server=name, case=what):
                    before = len(self.seen(name))
                    answers = self.send(f"{name}.default.localhost", request)
                    # What went out on the same connection to the server afterwards is read in order.
                    status, _ = self.martlet.get("gateway", "/after", {"Host": f"{name}.default.localhost"})
                    self.assertEqual(status, 200)
                    seen = [line.split(" ")[1] for line in self.seen(name)[before:]]
                    outer = [path for path in seen if path not in ("/next", "/after")]
                    self.assertNotIn("/smuggled", seen)
                    self.assertLessEqual(len(outer), 1, seen)
                    if passes:
                        self.assertEqual(seen, ["/outer", "/next", "/after"])
                        self.assertEqual(answers, ["HTTP/1.1 200"] * 2)
                    elif passes is False:
                        self.assertEqual(outer, [])
                        self.assertRegex(answers[0], "^HTTP/1.1 (4|50[15])")
                        self.assertEqual(len(answers), 1, "the connection ends with the refusal")
