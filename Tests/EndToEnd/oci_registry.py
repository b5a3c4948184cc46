"""A real OCI registry for tests: Debian's docker-registry, with a user whose password is `secret`."""

import base64
import gzip
import hashlib
import io
import json
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request

from martlet import CACHE, eventually, free_port

# `secret`, by bcrypt.
PASSWORD = "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a"
LOGIN = base64.b64encode(b"user:secret").decode()


def program():
    """Unpacked beside the tests; None on a machine whose apt does not have it."""
    folder = CACHE / "docker-registry"
    found = folder / "usr" / "bin" / "docker-registry"
    if not found.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["apt-get", "download", "-q", "docker-registry"], cwd=place, capture_output=True)
            for package in pathlib.Path(place).glob("*.deb"):
                subprocess.run(["dpkg", "-x", package, folder], check=True)
    return found if found.exists() else None


def layer(files):
    """A layer, packed by gzip, of (name, bytes); bytes of None make a link."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            if data is None:
                entry.type, entry.linkname = tarfile.SYMTYPE, "/bin/busybox"
            else:
                entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data or b""))
    return gzip.compress(packed.getvalue(), mtime=0)


class Registry:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="registry-", dir=CACHE))
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        (self.folder / "htpasswd").write_text(f"user:{PASSWORD}\n")
        (self.folder / "config.yml").write_text(f"""
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {self.folder}/data}}}}
http: {{addr: {self.host}}}
auth: {{htpasswd: {{realm: tests, path: {self.folder}/htpasswd}}}}
""")
        self.process = subprocess.Popen(
            [program(), "serve", self.folder / "config.yml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: self.call("GET", "/v2/").status == 200, what="the registry")

    def call(self, method, path, body=None, content_type="application/octet-stream"):
        url = path if path.startswith("http") else f"http://{self.host}{path}"
        headers = {"Authorization": f"Basic {LOGIN}", "Content-Type": content_type}
        return urllib.request.urlopen(urllib.request.Request(url, data=body, method=method, headers=headers))

    def put(self, name, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        place = self.call("POST", f"/v2/{name}/blobs/uploads/", b"").headers["Location"]
        self.call("PUT", place + ("&" if "?" in place else "?") + f"digest={digest}", data)
        return {"digest": digest, "size": len(data)}

    def push(self, name, tag, layers):
        """Pushes an image of these layers, behind an index of two machines; returns the index's digest."""
        config = self.put(name, b"{}")
        kind = "application/vnd.oci.image."
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
            "config": {"mediaType": kind + "config.v1+json", **config},
            "layers": [{"mediaType": kind + "layer.v1.tar+gzip", **self.put(name, data)} for data in layers]}).encode()
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        self.call("PUT", f"/v2/{name}/manifests/{digest}", manifest, kind + "manifest.v1+json")
        one = {"mediaType": kind + "manifest.v1+json", "digest": digest, "size": len(manifest)}
        index = json.dumps({
            "schemaVersion": 2, "mediaType": kind + "index.v1+json",
            "manifests": [
                {**one, "platform": {"os": "linux", "architecture": architecture}}
                for architecture in ("amd64", "arm64")]}).encode()
        answer = self.call("PUT", f"/v2/{name}/manifests/{tag}", index, kind + "index.v1+json")
        return answer.headers["Docker-Content-Digest"]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
