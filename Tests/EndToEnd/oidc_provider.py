"""An OpenID Connect provider: oidc-provider-mock, pinned, in a process of its own."""

import base64
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from martlet import eventually, free_port
from tools import package


class Provider:
    PACKAGE = "oidc-provider-mock==0.3.4"

    def __init__(self):
        self.folder = package(self.PACKAGE)
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["python3", "-m", "oidc_provider_mock", "--port", str(self.port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(self.folder)})
        eventually(lambda: urllib.request.urlopen(self.issuer + "/jwks").status == 200, what="the provider")

    def rotate(self):
        """The same issuer with another key."""
        self.stop()
        self.start()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def login(self, user, client):
        """An id_token by the authorization code flow."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None
        query = urllib.parse.urlencode({
            "client_id": client, "redirect_uri": "http://localhost/cb", "response_type": "code", "scope": "openid"})
        try:
            urllib.request.build_opener(Stay).open(
                f"{self.issuer}/oauth2/authorize?{query}", urllib.parse.urlencode({"sub": user}).encode())
        except urllib.error.HTTPError as redirect:
            place = redirect.headers["Location"]
            redirect.close()
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(place).query)["code"][0]
        basic = base64.b64encode(f"{client}:secret".encode()).decode()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://localhost/cb"}
        request = urllib.request.Request(f"{self.issuer}/oauth2/token", urllib.parse.urlencode(form).encode(),
                                         {"Authorization": f"Basic {basic}"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())["id_token"]
