"""KServe's Python SDK, unchanged, against Martlet: the calls that its users make.

It runs in an environment of its own (PyPI, pinned). Of what the package `kserve` needs, only what its client uses is
installed: its other half, the model server, wants numpy, pandas, gRPC and FastAPI, some 400 MB. kserve_client.py
stands in for those while it imports the client.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from martlet import CACHE, MartletTest

PACKAGES = ["kserve==0.21.0", "kubernetes==35.0.0", "tabulate==0.10.0", "python-dateutil==2.9.0.post0"]
SCRIPT = pathlib.Path(__file__).with_name("kserve_client.py")


def python():
    """The interpreter of the SDK's environment, which is made once."""
    folder = CACHE / f"sdk-{PACKAGES[0]}-{PACKAGES[1]}"
    if not folder.exists():
        draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        try:
            subprocess.run([sys.executable, "-m", "venv", draft], check=True)
            install = [draft / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*install, *PACKAGES[1:]], check=True)
            subprocess.run([*install, "--no-deps", PACKAGES[0]], check=True, stderr=subprocess.DEVNULL)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder / "bin" / "python"


class SDKTest(MartletTest):
    def sdk(self, name, timeout=120):
        """What one function of kserve_client.py returns."""
        result = subprocess.run(
            [python(), SCRIPT, str(self.martlet.directory / "kubeconfig"), name], capture_output=True, text=True,
            timeout=timeout)
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        return json.loads(result.stdout.splitlines()[-1])

    def test_service(self):
        self.martlet.run("apply", "-f", "-", input=RUNTIME)
        story = self.sdk("service")
        self.assertEqual(story["created"], "small")
        self.assertEqual(story["ready"], "True")
        self.assertIn("small", story["watched"])
        self.assertEqual(story["patched"], {"team": "birds"})
        self.assertEqual(story["generations"][1], story["generations"][0] + 1)
        self.assertEqual(story["replaced"], 2)
        self.assertEqual(story["conflict"], 409)
        self.assertEqual(story["listed"], ["small"])
        self.assertEqual(story["refused"], 422)
        self.assertEqual(story["gone"], 404)

    def test_credentials(self):
        story = self.sdk("credentials")
        self.assertEqual(story["s3"]["data"], {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                                               "AWS_SECRET_ACCESS_KEY": "c2VjcmV0"})
        self.assertEqual(story["s3"]["annotations"], {
            "serving.kserve.io/s3-endpoint": "s3.example.com", "serving.kserve.io/s3-usehttps": "1"})
        self.assertEqual(story["gcs"]["data"], {"gcloud-application-credentials.json": "eyJ0eXBlIjogIngifQ=="})
        self.assertEqual(story["accounts"]["made"], [story["s3"]["name"]])
        # The default ServiceAccount, which was there, is patched.
        self.assertIn(story["gcs"]["name"], story["accounts"]["default"])


# A model server of the standard library: the SDK's calls are the test, not the model.
RUNTIME = r"""
apiVersion: martlet.dev/v1alpha1
kind: HostImage
metadata: {name: stub}
spec:
  images: [example.com/stub]
  entrypoint: [stub]
  python:
    packages: []
    files:
      bin/stub: |
        #!python -IS
        import http.server
        import os
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
            def log_message(self, *words):
                pass
        http.server.ThreadingHTTPServer((os.environ.get("POD_IP", ""), 8080), Handler).serve_forever()
"""
