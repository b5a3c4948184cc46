"""Among replicas: prompts go where their beginning is, sessions stay, who fails is left out, limits are kept."""

import concurrent.futures
import http.client
import json

from load import ServicesTest, apply, service, wait_ready
from martlet import eventually

# Tells its pod, and fails where a file of that name says so.
SERVER = r"""
import http.server, os, time

NAME = os.environ["HOSTNAME"]

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/slow"):
            time.sleep(1)
        if self.path == "/metrics":
            return self.say(200, "llamacpp:requests_processing 0\nllamacpp:requests_deferred 0\n")
        if self.path == "/break":
            self.server.broken = True
        if self.path == "/mend":
            self.server.broken = False
        self.say(503 if self.server.broken and self.path == "/" else 200, NAME)

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = answer

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler)
server.broken = False
server.serve_forever()
"""


class BalancingTest(ServicesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        def of(name, replicas, **annotations):
            made = service(name, annotations={"min-scale": replicas}, command=["python3", "-u", "-c", SERVER])
            made["spec"]["template"]["metadata"]["annotations"].update(
                {f"martlet.dev/{key.replace('_', '-')}": value for key, value in annotations.items()})
            return made
        apply(
            cls.martlet, of("plain", 3), of("fixed", 3, session_affinity="header=X-Session"),
            of("bounded", 1, max_requests="2"))
        for name in ("plain", "fixed", "bounded"):
            wait_ready(cls.martlet, name)
        for name in ("plain", "fixed"):
            eventually(lambda: len(cls.running(name)) == 3, what="three replicas")

    @classmethod
    def running(cls, name):
        return [pod for pod in cls.martlet.pods()
                if pod["metadata"]["labels"].get("serving.knative.dev/service") == name
                and any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))]

    def ask(self, name, path="/", body=None, **headers):
        """(status, pod, headers) of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway, timeout=30)
        host = headers.pop("host", f"{name}.default.localhost")
        connection.request("POST" if body else "GET", path, body, {"Host": host, **headers})
        answer = connection.getresponse()
        result = answer.status, answer.read().decode(), dict(answer.getheaders())
        connection.close()
        return result

    def prompt(self, name, text):
        body = {"model": "m", "messages": [{"role": "user", "content": text}]}
        return self.ask(name, "/v1/chat/completions", json.dumps(body))[1]

    def test_a_prompt_goes_where_its_beginning_is(self):
        eventually(lambda: len({self.ask("plain")[1] for _ in range(12)}) == 3, what="all three are used")
        story = "once upon a time " * 13_000  # 220 KB
        first = self.prompt("plain", story)
        for number in range(5):
            self.prompt("plain", f"{number}" + story)
            self.assertEqual(self.prompt("plain", story + f" and then {number}"), first)
        # When the others have nothing to do and this one has, a short prompt goes elsewhere.
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            used = set(pool.map(lambda _: self.prompt("plain", "hello " * 60), range(60)))
        self.assertEqual(len(used), 3, "nobody is flooded")

    def test_a_session_stays_with_its_replica(self):
        used = set()
        for session in range(12):
            pods = {self.ask("fixed", **{"X-Session": f"s{session}"})[1] for _ in range(4)}
            self.assertEqual(len(pods), 1)
            used |= pods
        self.assertGreater(len(used), 1)

    def test_who_fails_again_and_again_is_left_out(self):
        _, broken, _ = self.ask("fixed", "/break", **{"X-Session": "x"})
        statuses = [self.ask("fixed", **{"X-Session": "x"})[0] for _ in range(20)]
        self.assertEqual(statuses, [503] * 5 + [200] * 15, "after five failures its callers go elsewhere")
        self.assertNotIn(broken, {self.ask("fixed")[1] for _ in range(12)})
        text = self.martlet.get("admin", "/metrics")[1].decode()
        self.assertRegex(text, r'martlet_replica_ejections_total\{[^}]*revision="fixed-00001"[^}]*\} 1\n')
        eventually(lambda: self.ask("fixed", "/mend", **{"X-Session": "x"})[1] == broken, timeout=15, every=0.5,
                   what="it is tried again")

    def test_more_requests_than_may_be_are_refused_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: self.ask("bounded", "/slow"), range(6)))
        self.assertEqual(sorted(status for status, _, _ in answers), [200, 200, 429, 429, 429, 429])
        refused = next(answer for answer in answers if answer[0] == 429)
        self.assertEqual(refused[2]["Retry-After"], "1")
        self.assertIn("martlet.dev/max-requests", refused[1])
        self.assertEqual(json.loads(refused[1])["error"]["code"], "too_many_requests")

    def test_a_route_keeps_sessions_and_asks_again(self):
        apply(self.martlet, {
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "kept"},
            "spec": {"parentRefs": [{"name": "gateway"}], "hostnames": ["kept.example"], "rules": [{
                "backendRefs": [{"name": "plain"}], "sessionPersistence": {"sessionName": "sid"},
                "retry": {"codes": [503], "attempts": 3, "backoff": "20ms"}}]}})
        eventually(lambda: self.ask("", host="kept.example")[0] == 200, what="the route is served")
        _, pod, headers = self.ask("", host="kept.example")
        cookie = headers["Set-Cookie"].split(";")[0]
        self.assertTrue(cookie.startswith("sid="))
        for _ in range(6):
            status, again, headers = self.ask("", host="kept.example", Cookie=cookie)
            self.assertEqual((status, again), (200, pod))
            self.assertNotIn("Set-Cookie", headers)
        _, broken, _ = self.ask("", "/break", host="kept.example", Cookie=cookie)
        self.assertEqual(broken, pod)
        self.assertEqual({self.ask("", host="kept.example")[0] for _ in range(9)}, {200}, "others answer instead")
        self.ask("", "/mend", host="kept.example", Cookie=cookie)

    def test_annotations_are_checked(self):
        bad = service("bad")
        bad["spec"]["template"]["metadata"]["annotations"]["martlet.dev/session-affinity"] = "header="
        bad["spec"]["template"]["metadata"]["annotations"]["martlet.dev/max-requests"] = "0"
        told = self.martlet.run("apply", "-f", "-", input=json.dumps(bad), check=False)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("session-affinity", told.stderr + told.stdout)
        self.assertIn("max-requests", told.stderr + told.stdout)
