"""API keys: their scopes, budgets and ends; and many calls, good and bad."""

import asyncio
import http.client
import json
import time

from access import AUTH, KNATIVE, AccessTest
from martlet import eventually


class KeyTest(AccessTest):
    SERVICES = {"guarded": {**KNATIVE, **AUTH}, "other": {**KNATIVE, **AUTH}}

    def key(self, name, *words):
        made = self.martlet.run("key", "create", name, *words).strip()
        eventually(lambda: self.status(made) != 401, timeout=2, what="the key is known")
        return made

    def test_api_keys_and_their_budgets(self):
        key = self.key
        scoped = key("scoped", "--service", "guarded", "--requests-per-minute", "600", "--owner", "team-a")
        self.assertEqual((self.status(scoped), self.status(scoped, name="other")), (200, 403))
        body = {"model": "guarded", "prompt": "x"}
        self.assertEqual(self.status(scoped, host="localhost", path="/openai/v1/completions", method="POST", body=body), 200)
        stored = self.martlet.kubectl("get", "secret", "scoped", "-o", "yaml")
        self.assertNotIn(scoped, stored)
        few = key("few", "--service", "guarded", "--requests-per-minute", "3")
        codes = [self.status(few) for _ in range(4)]
        self.assertIn(429, codes)
        code, headers, answer = self.call(few)
        self.assertEqual((code, json.loads(answer)["error"]["code"]), (429, "rate_limit_exceeded"))
        self.assertEqual((headers["X-RateLimit-Limit-requests"], headers["X-RateLimit-Remaining-requests"]), ("3", "0"))
        self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        poor = key("poor", "--tokens-per-minute", "10")
        code, _, answer = self.call(poor, host="localhost", path="/openai/v1/completions", method="POST",
                                    body={**body, "max_tokens": 100})
        self.assertEqual(code, 429, answer)
        eventually(lambda: "team-a" in self.martlet.run("key", "list"), what="the key listed")
        self.martlet.run("key", "revoke", "scoped")
        eventually(lambda: self.status(scoped) == 401, timeout=0.5, what="revoked")

    def test_a_revoked_key_may_cut_its_streams_and_one_at_a_time_is_one(self):
        made = self.martlet.run("key", "create", "cutting", "--cuts-streams", "--concurrent", "1").strip()
        eventually(lambda: self.status(made) == 200, timeout=2, what="the key is known")
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway, timeout=60)
        connection.request("GET", "/stream?600", None, {"Host": "guarded-default.localhost", "Authorization": f"Bearer {made}"})
        response = connection.getresponse()
        self.assertTrue(response.readline())
        self.assertEqual(self.status(made), 429)
        self.martlet.run("key", "revoke", "cutting")
        began = time.monotonic()
        rest = b""
        try:
            while piece := response.readline():
                rest += piece
        except (http.client.IncompleteRead, ConnectionError):
            pass
        self.assertLess(time.monotonic() - began, 5)
        self.assertIn(b"revoked", rest)
        connection.close()

    def test_fifty_thousand_calls_of_which_a_tenth_is_bad(self):
        """Not one is let in that may not call, and not one kept out that may."""
        good = [self.token(), self.martlet.run("key", "create", "many", "--service", "guarded").strip()]
        eventually(lambda: self.status(good[1]) == 200, what="the key known")
        calls = [(good[number % 2], b"200") if number % 10 else (f"{good[number // 10 % 2][:-6]}{number:06}", b"401")
                 for number in range(50_000)]
        wrong, connections = [], 32

        async def caller(share):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway)
            for token, expected in share:
                writer.write(b"GET / HTTP/1.1\r\nHost: guarded-default.localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                             % token.encode())
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                if head.split(b" ", 2)[1] != expected:
                    wrong.append((token[:12], head[:40]))
            writer.close()

        async def all_of_them():
            await asyncio.gather(*(caller(calls[number::connections]) for number in range(connections)))
        began = time.monotonic()
        asyncio.run(all_of_them())
        print(f"{50_000 / (time.monotonic() - began):.0f} calls/s", end=" ", flush=True)
        self.assertEqual(wrong[:5], [])

    def test_a_key_is_for_its_verbs_and_models(self):
        """The door that is asked by `model` knows which one is meant; others are not for keys of models."""
        def complete(key, model="guarded", path="/openai/v1/completions"):
            return self.status(key, host="localhost", path=path, method="POST", body={"model": model, "prompt": "x"})

        def names(key):
            return json.loads(self.call(key, host="localhost", path="/openai/v1/models")[2])["data"]
        lister = self.key("lister", "--verb", "list")
        self.assertEqual((self.status(lister), complete(lister), len(names(lister))), (403, 403, 2))
        caller = self.key("caller", "--verb", "infer")
        self.assertEqual((self.status(caller), complete(caller), names(caller)), (200, 200, []))
        self.assertEqual(self.status(caller, path="/v2/repository/models/x/unload", method="POST"), 403)
        self.assertEqual(self.status(self.key("admin", "--verb", "admin"), path="/v2/repository/index", method="POST"), 200)
        modelled = self.key("modelled", "--model", "guar*")
        self.assertEqual((complete(modelled), complete(modelled, "other"), self.status(modelled)), (200, 403, 403))
        wrong = self.martlet.run("key", "create", "wrong", "--verb", "everything", check=False)
        self.assertIn("infer, list and admin", wrong.stderr)

    def test_every_answer_to_a_limited_key_says_what_is_left(self):
        limited = self.key("limited", "--requests-per-minute", "100", "--tokens-per-minute", "1000")
        before = int(self.call(limited)[1]["X-RateLimit-Remaining-requests"])
        headers = self.call(limited)[1]
        self.assertEqual(headers["X-RateLimit-Limit-requests"], "100")
        self.assertLess(int(headers["X-RateLimit-Remaining-requests"]), before)
        self.assertEqual(headers["X-RateLimit-Limit-tokens"], "1000")
        self.assertIsNone(self.call(self.key("free"))[1]["X-RateLimit-Limit-requests"])
