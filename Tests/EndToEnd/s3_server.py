"""A real S3 service for tests: moto's server, in a process of its own.

Its packages are pinned and kept in an environment beside the tests.
"""

import os
import subprocess
import sys
import venv

from martlet import CACHE, eventually, free_port

PACKAGES = ["moto[server,s3]==5.2.1", "boto3==1.43.11"]


def python():
    """A Python that has the packages: this one, or one of an environment that is made once."""
    if subprocess.run([sys.executable, "-c", "import moto.server, boto3"], capture_output=True).returncode == 0:
        return sys.executable
    folder = CACHE / "moto-5.2.1"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", *PACKAGES], check=True)
        (folder / "ready").touch()
    return str(folder / "bin" / "python")


class S3Server:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.python = python()
        self.process = subprocess.Popen(
            [self.python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment())
        eventually(lambda: self.run("import boto3\ns3.list_buckets()\nprint('up')").strip() == "up", what="moto")

    def environment(self):
        return {
            **os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret-of-s3",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.url}

    def run(self, program):
        """What a Python program prints that finds a client `s3` of boto3's."""
        program = f"import boto3\ns3 = boto3.client('s3')\n{program}"
        return subprocess.run(
            [self.python, "-c", program], check=True, capture_output=True, text=True, env=self.environment()).stdout

    def upload(self, folder, bucket, prefix):
        """Uploads a directory; large files in parts of 8 MiB."""
        self.run(f"""
import pathlib
try: s3.create_bucket(Bucket={bucket!r})
except s3.exceptions.BucketAlreadyOwnedByYou: pass
for path in pathlib.Path({str(folder)!r}).rglob('*'):
    if path.is_file():
        s3.upload_file(str(path), {bucket!r}, {prefix!r} + '/' + str(path.relative_to({str(folder)!r})))
""")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
