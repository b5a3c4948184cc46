"""Traffic while things change: weights, revision changes, waking many at once, the moment of scaling to zero."""

import asyncio
import collections
import os
import threading
import time

from load import ServicesTest, SteadyLoad, apply, in_turn, once, service, wait_ready
from martlet import eventually, kubectls

# How much load: CI is short, the full numbers are those of the promise (100 changes at 200 requests per second).
CHANGES = int(os.environ.get("MARTLET_CHANGES", "8"))
RATE = int(os.environ.get("MARTLET_RATE", "60"))
SLEEPERS = int(os.environ.get("MARTLET_SLEEPERS", "20"))


class LoadTest(ServicesTest):
    def get(self, host, path="/"):
        return asyncio.run(once(self.gateway, host, path))

    def two_revisions(self, name):
        """A service of two revisions, both kept running."""
        for version in ("one", "two"):
            apply(self.martlet, service(name, {"VERSION": version}, {"min-scale": 1}))
            wait_ready(self.martlet, name)

    def split(self, name, *shares):
        """Sets the percentages of the revisions, and the first one's tag."""
        traffic = [{"revisionName": f"{name}-{number:05}", "percent": share} for number, share in enumerate(shares, 1)]
        traffic[0]["tag"] = "old"
        apply(self.martlet, service(name, {"VERSION": "two"}, {"min-scale": 1}, traffic))
        wait_ready(self.martlet, name)

    def test_weights_are_exact_to_one_percent(self):
        self.two_revisions("split")
        for first, second in ((20, 80), (97, 3), (0, 100)):
            self.split("split", first, second)
            answers = asyncio.run(in_turn(self.gateway, "split.default.localhost", 10_000))
            self.assertEqual([answer for answer in answers if answer[0] != 200], [])
            counts = collections.Counter(body.decode() for _, body in answers)
            print(dict(counts), end=" ", flush=True)
            self.assertAlmostEqual(counts["split-00001"], first * 100, delta=100)
            self.assertAlmostEqual(counts["split-00002"], second * 100, delta=100)
        self.assertEqual(self.get("old-split.default.localhost"), (200, b"split-00001"), "a tag at 0 percent answers")

    def test_revision_changes_under_load_lose_no_request(self):
        apply(self.martlet, service("steady", {"VERSION": 0}, {"min-scale": 1}))
        wait_ready(self.martlet, "steady")
        load = SteadyLoad(self.gateway, "steady.default.localhost", RATE, streams=10)
        thread = threading.Thread(target=lambda: asyncio.run(load.run()))
        begin = time.monotonic()
        thread.start()
        try:
            for version in range(1, CHANGES + 1):
                apply(self.martlet, service("steady", {"VERSION": version}, {"min-scale": 1}))
                wait_ready(self.martlet, "steady")
        finally:
            load.ends = True
            thread.join()
        seconds = time.monotonic() - begin
        print(f"{CHANGES} changes, {load.answered} requests ({load.answered / seconds:.0f}/s), {load.streamed} streams, "
              f"{len(load.failures)} failed", end=" ", flush=True)
        self.assertEqual(load.failures, [])
        self.assertGreater(load.streamed, 10)
        self.assertEqual(self.get("steady.default.localhost"), (200, f"steady-{CHANGES + 1:05}".encode()))

    def test_many_services_called_at_once_from_zero_all_answer(self):
        names = [f"sleeper-{number}" for number in range(SLEEPERS)]
        apply(self.martlet, *(service(name, annotations={"initial-scale": 0, "window": "6s"}) for name in names))
        for name in names:
            wait_ready(self.martlet, name)

        expected = [(200, f"{name}-00001".encode()) for name in names]
        self.assertEqual(asyncio.run(self.call_each(names)), expected)
        # All are let go again, with nothing left over.
        eventually(lambda: not self.running("sleeper"), timeout=90, every=0.5, what="zero pods")
        self.assertEqual(asyncio.run(self.call_each(names)), expected)

    async def call_each(self, names):
        """The answers to a request to each, all at once."""
        return await asyncio.gather(*(once(self.gateway, f"{name}.default.localhost") for name in names))

    def running(self, prefix):
        return [pod for pod in self.martlet.pods() if pod["metadata"]["name"].startswith(prefix)]

    def test_no_moment_of_scaling_to_zero_fails_a_request(self):
        """Each call comes at another millisecond after the decision: while the endpoint is withdrawn, while the server
        is let go and ends, and when it is gone. (The moments before it are the simulation's: Tests/SimulationTests.)"""
        names = [f"slot-{number}" for number in range(12)]
        apply(self.martlet, *(
            service(name, {"STOP_SECONDS": number % 3 / 2}, {"window": "6s"}) for number, name in enumerate(names)))
        for name in names:
            wait_ready(self.martlet, name)
        answers = asyncio.run(self.call_at_the_end(names, rounds=3))
        self.assertEqual([answer for answer in answers if answer[0] != 200], [])
        self.assertEqual(len(answers), 3 * len(names))

    async def call_at_the_end(self, names, rounds):
        """Service n is called n milliseconds after its deployment was set to no replicas, in each round."""
        process = await asyncio.create_subprocess_exec(
            kubectls()["newest"], "--kubeconfig", str(self.martlet.directory / "kubeconfig"), "get", "deployments",
            "--watch", "-o", 'jsonpath={.metadata.name} {.spec.replicas}{"\\n"}', stdout=asyncio.subprocess.PIPE)
        calls, left = [], {f"{name}-00001-deployment": rounds for name in names}
        try:
            async with asyncio.timeout(240):
                while sum(left.values()) > 0:
                    line = await process.stdout.readline()
                    self.assertNotEqual(line, b"", "the watch ended")
                    deployment, _, replicas = line.decode().strip().partition(" ")
                    if replicas == "0" and left.get(deployment, 0) > 0 and deployment not in self.called:
                        left[deployment] -= 1
                        self.called.add(deployment)
                        calls.append(asyncio.create_task(self.call_later(deployment, len(calls) % 20 / 1000)))
                    elif replicas == "1":
                        self.called.discard(deployment)
                return await asyncio.gather(*calls)
        finally:
            process.kill()
            await process.wait()

    called = set()

    async def call_later(self, deployment, seconds):
        await asyncio.sleep(seconds)
        return await once(self.gateway, deployment.removesuffix("-00001-deployment") + ".default.localhost")
