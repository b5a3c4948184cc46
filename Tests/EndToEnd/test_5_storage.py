"""What was acknowledged stays: kills at any moment under load, watches without a gap, backup and restore.

MARTLET_KILLS=200 for the full run; 20 otherwise. The random moments' seed is printed.
"""

import base64
import collections
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from martlet import PROGRAM, Instance, eventually

KILLS = int(os.environ.get("MARTLET_KILLS", "20"))
SEED = int(os.environ.get("MARTLET_SEED", random.randrange(1 << 32)))
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
BROKEN = (OSError, http.client.HTTPException, ValueError)


class Client:
    """Calls of the API with the kubeconfig's certificate, over one connection."""

    def __init__(self, martlet):
        text = (martlet.directory / "kubeconfig").read_text()
        def field(name):
            return base64.b64decode(re.search(name + r"-data: \"?([A-Za-z0-9+/=]+)", text).group(1))
        self.connection = None
        self.context = ssl.create_default_context(cadata=field("certificate-authority").decode())
        with tempfile.NamedTemporaryFile() as pem:
            pem.write(field("client-certificate") + b"\n" + field("client-key"))
            pem.flush()
            self.context.load_cert_chain(pem.name)
        self.port = martlet.ports["api"]

    def __del__(self):
        self.close()

    def call(self, method, path, body=None, timeout=10):
        """(status, answer); raises one of BROKEN where there is no whole answer."""
        if self.connection is None:
            self.connection = self.connect(timeout)
        try:
            encoded = json.dumps(body).encode() if body is not None else None
            self.connection.request(method, path, encoded, {"Content-Type": "application/json"})
            response = self.connection.getresponse()
            return response.status, json.loads(response.read())
        except BROKEN:
            self.close()
            raise

    def connect(self, timeout):
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=timeout)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def lines(self, path):
        """The events of a watch, as long as it lasts."""
        connection = self.connect(30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            if response.status != 200:
                raise AssertionError(f"{path}: {response.status} {response.read()[:300]}")
            while line := response.readline():
                if not line.endswith(b"\n"):
                    return
                yield json.loads(line)
        finally:
            connection.close()


class Writer(threading.Thread):
    """Creates, changes and deletes objects of its own, and remembers what was acknowledged."""

    def __init__(self, martlet, index, stop):
        super().__init__(daemon=True)
        self.client, self.index, self.stop = Client(martlet), index, stop
        self.random = random.Random(SEED + index)
        self.state = {}  # name: (resourceVersion, value), or None where it was deleted
        self.doubtful = {}  # name: the value that a write without an answer would have made, None for a deletion
        self.versions = []  # of all acknowledged writes
        self.touched = collections.Counter()  # name: how many writes of it were begun
        self.count = 0
        self.failure = None

    def run(self):
        try:
            while not self.stop.is_set():
                try:
                    self.write()
                except BROKEN:
                    time.sleep(0.02)
        except Exception as error:  # shown by the test
            self.failure = error

    def write(self):
        name = f"w{self.index}-{self.random.randrange(30)}"
        if name in self.doubtful:
            return self.resolve(name)
        self.count += 1
        value = f"{self.index}.{self.count}"
        known = self.state.get(name)
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"value": value}}
        path = f"{CONFIG_MAPS}/{name}"
        if known is None:
            request = ("POST", CONFIG_MAPS, body)
        elif self.random.random() < 0.3:
            request, value = ("DELETE", path, None), None
        else:
            body["metadata"]["resourceVersion"] = known[0]
            request = ("PUT", path, body)
        self.doubtful[name] = value
        self.touched[name] += 1
        status, answer = self.client.call(*request)
        if status == 503:
            return
        assert status in (200, 201), (request, status, answer)
        if value is None:
            self.state[name] = None
        else:
            self.state[name] = (answer["metadata"]["resourceVersion"], value)
            self.versions.append(int(answer["metadata"]["resourceVersion"]))
        del self.doubtful[name]

    def resolve(self, name):
        """Looks what became of a write whose answer did not come: it was done whole, or not at all."""
        status, answer = self.client.call("GET", f"{CONFIG_MAPS}/{name}")
        found = (answer["metadata"]["resourceVersion"], answer["data"]["value"]) if status == 200 else None
        before = self.state.get(name)
        assert status in (200, 404), answer
        assert found == before or (found and found[1]) == self.doubtful[name], (name, before, self.doubtful[name], found)
        self.state[name] = found
        del self.doubtful[name]


class Watcher(threading.Thread):
    """Keeps a copy of all objects by one watch, taken up again from its last resourceVersion; checks each event."""

    def __init__(self, martlet, stop, bookmarks):
        super().__init__(daemon=True)
        self.client, self.stop, self.bookmarks = Client(martlet), stop, bookmarks
        _, listed = self.client.call("GET", CONFIG_MAPS)
        self.version = int(listed["metadata"]["resourceVersion"])
        self.objects = {item["metadata"]["name"]: item for item in listed["items"]}
        self.seen, self.resumed, self.failure = set(), 0, None

    def run(self):
        try:
            while not self.stop.is_set():
                try:
                    self.follow()
                except BROKEN:
                    time.sleep(0.02)
        except Exception as error:  # shown by the test
            self.failure = error

    def follow(self):
        path = f"{CONFIG_MAPS}?watch=1&resourceVersion={self.version}&timeoutSeconds=20"
        if self.bookmarks:
            path += "&allowWatchBookmarks=true"
        for event in self.client.lines(path):
            self.take(event["type"], event["object"])
            if self.stop.is_set():
                return
        self.resumed += 1

    def take(self, kind, item):
        assert kind != "ERROR", item
        version = int(item["metadata"]["resourceVersion"])
        if kind == "BOOKMARK":
            assert version >= self.version, (version, self.version)
            self.version = version
            return
        assert version > self.version, f"{kind} {version} after {self.version}"
        name = item["metadata"]["name"]
        assert (kind == "ADDED") == (name not in self.objects), f"{kind} of {name}, which is {self.objects.get(name)}"
        if kind == "DELETED":
            del self.objects[name]
        else:
            self.objects[name] = item
        self.version = version
        self.seen.add(version)


class KillTest(unittest.TestCase):
    def test_what_was_acknowledged_survives_every_kill_and_watches_miss_nothing(self):
        print(f"seed {SEED}, {KILLS} kills", end=" ", flush=True)
        moments = random.Random(SEED)
        martlet = Instance()
        martlet.start()
        self.addCleanup(shutil.rmtree, martlet.directory, ignore_errors=True)
        self.addCleanup(lambda: martlet.process.poll() is None and martlet.stop())
        stop, stop_watching = threading.Event(), threading.Event()
        watchers = [Watcher(martlet, stop_watching, bookmarks) for bookmarks in (False, True)]
        writers = [Writer(martlet, index, stop) for index in range(4)]
        for thread in watchers + writers:
            thread.start()
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.02, 0.6))
            martlet.kill()
            self.restart(martlet)
            self.check(martlet, writers)
        stop.set()
        for writer in writers:
            writer.join(30)
        self.finish(martlet, writers, watchers)
        stop_watching.set()

    def restart(self, martlet):
        martlet.log = open(martlet.directory.with_suffix(".out"), "ab")
        martlet.process = subprocess.Popen(
            [PROGRAM, "up", *martlet.flags()], stdout=martlet.log, stderr=martlet.log, stdin=subprocess.DEVNULL,
            start_new_session=True)
        client = Client(martlet)
        def answers():
            self.assertIsNone(martlet.process.poll(), martlet.output())
            return client.call("GET", CONFIG_MAPS + "?limit=1")
        eventually(answers, timeout=30, every=0.01, what="the API")
        client.close()

    def check(self, martlet, writers):
        """Everything that was acknowledged before the kill is there. Writers go on meanwhile: what they touch is left out."""
        # In this order: a write under way is in one of the first two, or its outcome in the third.
        before = [(dict(writer.touched), set(writer.doubtful), dict(writer.state)) for writer in writers]
        _, listed = Client(martlet).call("GET", CONFIG_MAPS)
        there = {item["metadata"]["name"]: int(item["metadata"]["resourceVersion"]) for item in listed["items"]}
        for writer, (touched, doubtful, state) in zip(writers, before):
            self.assertIsNone(writer.failure)
            for name, known in state.items():
                if name in doubtful or writer.touched[name] != touched.get(name):
                    continue
                self.assertEqual(there.get(name), known and int(known[0]), name)

    def finish(self, martlet, writers, watchers):
        client = Client(martlet)
        for writer in writers:
            for name in list(writer.doubtful):
                writer.client = client
                writer.resolve(name)
            self.assertIsNone(writer.failure)
        _, listed = client.call("GET", CONFIG_MAPS)
        items = {item["metadata"]["name"]: item for item in listed["items"]}
        for writer in writers:
            for name, known in writer.state.items():
                self.assertEqual(items[name]["data"]["value"] if name in items else None, known and known[1], name)
        for watcher in watchers:
            eventually(lambda: watcher.failure or watcher.objects == items, timeout=30, what="the watched state")
            self.assertIsNone(watcher.failure)
            self.assertEqual(watcher.objects, items)
            missed = {version for writer in writers for version in writer.versions} - watcher.seen
            self.assertFalse(missed)
        writes = sum(len(writer.versions) for writer in writers)
        self.assertGreater(writes, KILLS)
        resumed = [watcher.resumed for watcher in watchers]
        print(f"{writes} acknowledged creations and updates, watches resumed {resumed} times", end=" ", flush=True)


class BackupTest(unittest.TestCase):
    def setUp(self):
        self.martlet = Instance()
        self.martlet.start()
        self.addCleanup(lambda: self.martlet.process.poll() is None and self.martlet.stop())
        self.addCleanup(shutil.rmtree, self.martlet.directory, ignore_errors=True)
        self.file = str(self.martlet.directory) + ".backup"
        self.addCleanup(lambda: os.path.exists(self.file) and os.unlink(self.file))

    def create(self, name, kind="ConfigMap", data=None):
        body = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "data": data or {}}
        status, answer = Client(self.martlet).call("POST", f"/api/v1/namespaces/default/{kind.lower()}s", body)
        self.assertEqual(status, 201, answer)
        return answer

    def test_a_backup_made_under_load_is_restored_with_its_keys(self):
        martlet = self.martlet
        secret = self.create("s", "Secret", {"password": base64.b64encode(b"open sesame 4711").decode()})
        stop = threading.Event()
        writers = [Writer(martlet, index, stop) for index in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(0.3)
        self.assertIn(self.file, martlet.run("backup", self.file))
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        again = martlet.run("backup", self.file, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("exists already", again.stderr)
        running = martlet.run("restore", self.file, "--force", check=False)
        self.assertEqual(running.returncode, 1)
        self.assertIn("already runs", running.stderr)
        stop.set()
        for writer in writers:
            writer.join(10)
            self.assertIsNone(writer.failure)
        kubeconfig = (martlet.directory / "kubeconfig").read_text()
        old = self.create("later")["metadata"]["resourceVersion"]
        martlet.stop()
        self.assertNotIn(b"b3BlbiBzZXNhbWUgNDcxMQ", self.stored(martlet.directory))
        refused = martlet.run("restore", self.file, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--force", refused.stderr)
        self.assertIn("aside-", martlet.run("restore", self.file, "--force"))
        martlet.start()
        client = Client(martlet)
        self.assertEqual(client.call("GET", "/api/v1/namespaces/default/secrets/s"), (200, secret))
        self.assertEqual(client.call("GET", f"{CONFIG_MAPS}/later")[0], 404)
        self.assertEqual(client.call("GET", f"{CONFIG_MAPS}?watch=1&resourceVersion={old}")[0], 410)
        # The certificates are the same: clients from before are let in.
        (martlet.directory / "kubeconfig").write_text(kubeconfig)
        self.assertEqual(Client(martlet).call("GET", CONFIG_MAPS)[0], 200)

    def test_a_backup_that_leads_elsewhere_is_refused(self):
        self.martlet.run("backup", self.file)
        self.martlet.stop()
        with contextlib.closing(sqlite3.connect(self.file)) as database, database:
            database.execute("INSERT INTO backup (path, bytes) VALUES ('pki/../../elsewhere', x'00')")
        refused = self.martlet.run("restore", self.file, "--force", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("outside the data directory", refused.stderr)
        self.assertFalse((self.martlet.directory.parent / "elsewhere").exists())

    @staticmethod
    def stored(directory):
        return b"".join(path.read_bytes() for path in directory.glob("martlet.db*"))

    def test_a_damaged_store_is_named_left_alone_and_restored_over(self):
        martlet = self.martlet
        self.create("kept")
        martlet.run("backup", self.file)
        martlet.stop()
        database = martlet.directory / "martlet.db"
        damaged = b"no database. " * 1000
        database.write_bytes(damaged)
        result = subprocess.run([PROGRAM, "up", *martlet.flags()], capture_output=True, text=True, timeout=30)
        self.assertEqual(result.returncode, 1)
        self.assertIn("martlet restore", result.stderr)
        self.assertEqual(database.read_bytes(), damaged)
        aside = martlet.run("restore", self.file, "--force").splitlines()[0].split()[-1]
        self.assertEqual(pathlib.Path(aside, "martlet.db").read_bytes(), damaged)
        martlet.start()
        self.assertEqual(Client(martlet).call("GET", f"{CONFIG_MAPS}/kept")[0], 200)


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "mounting a small disk needs root and mount(8)")
class FullDiskTest(unittest.TestCase):
    def test_a_full_disk_is_a_clear_answer_and_no_acknowledged_write_is_lost(self):
        martlet = Instance()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", martlet.directory])
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(shutil.rmtree, martlet.directory, ignore_errors=True)
        self.addCleanup(subprocess.run, ["umount", "-l", martlet.directory])
        martlet.start()
        self.addCleanup(lambda: martlet.process.poll() is None and martlet.stop())
        ballast = martlet.directory / "ballast"
        ballast.write_bytes(bytes(1 << 20))
        client, kept, status = Client(martlet), [], 201
        while status == 201:
            name = f"big-{len(kept)}"
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"x": "x" * 50_000}}
            status, answer = client.call("POST", CONFIG_MAPS, body)
            if status == 201:
                kept.append(answer)
        self.assertEqual((status, answer["reason"]), (503, "ServiceUnavailable"), answer)
        self.assertIn(str(martlet.directory), answer["message"])
        self.assertIn("free of", answer["message"])
        listed = [item for item in client.call("GET", CONFIG_MAPS)[1]["items"] if item["metadata"]["name"][:4] == "big-"]
        self.assertEqual(len(listed), len(kept))
        ballast.unlink()
        small = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "small"}}
        eventually(lambda: client.call("POST", CONFIG_MAPS, small)[0] == 201, timeout=10, what="a write that works")
        martlet.kill()
        martlet.start()
        items = {item["metadata"]["name"]: item for item in Client(martlet).call("GET", CONFIG_MAPS)[1]["items"]}
        for item in kept:
            self.assertEqual(items[item["metadata"]["name"]], item)
        self.assertIn("small", items)


if __name__ == "__main__":
    unittest.main()
