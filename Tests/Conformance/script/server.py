"""An API server under test: calls over HTTPS with a client certificate, and watches."""

import base64
import contextlib
import http.client
import json
import pathlib
import re
import ssl
import tempfile
import urllib.parse

USER_AGENT = "conformance/1"


class Answer:
    """The answer to one call."""

    def __init__(self, code, headers, content):
        self.code = code
        self.headers = headers
        self.content = content
        try:
            self.body = json.loads(content)
        except ValueError:
            self.body = None

    @property
    def media_type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0]

    @property
    def warnings(self):
        return self.headers.get_all("Warning") or []

    def __getitem__(self, key):
        return self.body[key]


@contextlib.contextmanager
def embedded_credentials(kubeconfig):
    """`ca`, `cert` and `key` of a kubeconfig as files, while they are needed."""
    text = pathlib.Path(kubeconfig).read_text()
    parts = {"ca": "certificate-authority-data", "cert": "client-certificate-data", "key": "client-key-data"}
    with tempfile.TemporaryDirectory() as directory:
        files = {part: pathlib.Path(directory) / part for part in parts}
        for part, file in files.items():
            file.touch(0o600)
            file.write_bytes(base64.b64decode(re.search(rf"{parts[part]}: (\S+)", text).group(1)))
        yield {part: str(file) for part, file in files.items()}


class Server:
    """Where a server is, and the certificate to call it with."""

    # Whether it deletes what lost its owners, and namespaces with what is in them.
    collects = True

    def __init__(self, host, port, tls):
        self.host, self.port, self.tls = host, port, tls
        self.connection = None

    @classmethod
    def with_files(cls, port, authority, certificate, key):
        tls = ssl.create_default_context(cafile=authority)
        tls.load_cert_chain(certificate, key)
        return cls("127.0.0.1", port, tls)

    @classmethod
    def with_kubeconfig(cls, path):
        """From a kubeconfig with everything in it, as Martlet writes it."""
        url = urllib.parse.urlsplit(re.search(r"server: (\S+)", pathlib.Path(path).read_text()).group(1))
        with embedded_credentials(path) as files:
            tls = ssl.create_default_context(cafile=files["ca"])
            tls.load_cert_chain(files["cert"], files["key"])
        return cls(url.hostname, url.port, tls)

    def connect(self, timeout=20):
        return http.client.HTTPSConnection(self.host, self.port, context=self.tls, timeout=timeout)

    def call(self, method, target, content=None, headers=None):
        """One call on the connection that is kept; anew where the server closed it meanwhile."""
        for attempt in (1, 2):
            self.connection = self.connection or self.connect()
            try:
                self.connection.request(method, target, content, {"User-Agent": USER_AGENT, **(headers or {})})
                response = self.connection.getresponse()
                answer = Answer(response.status, response.headers, response.read())
                if response.will_close:
                    self.close()
                return answer
            except (http.client.HTTPException, OSError):
                self.close()
                if attempt == 2:
                    raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def watch(self, target, accept="application/json", timeout=20):
        """(connection, response) of a watch: lines of JSON, as they come."""
        connection = self.connect(timeout)
        connection.request("GET", target, headers={"User-Agent": USER_AGENT, "Accept": accept})
        return connection, connection.getresponse()
