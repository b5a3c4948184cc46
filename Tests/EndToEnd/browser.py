"""Headless Chromium, spoken to over a pipe (Chrome DevTools Protocol): no driver and no package but the browser."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

from martlet import CACHE

SCREENSHOTS = CACHE / "screenshots"
# A font with Chinese letters, for screenshots that can be looked at.
PACKAGES = ["chromium", "fonts-wqy-microhei"]


def chromium():
    """The browser's path; installed from Debian where it is missing and apt is there."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise RuntimeError(f"the dashboard's tests need Chromium: apt-get install {' '.join(PACKAGES)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *arguments], check=True, capture_output=True, env=environment)
    return shutil.which("chromium")


class Browser:
    def __init__(self, language="en"):
        self.profile = tempfile.mkdtemp(prefix="chromium-", dir=CACHE)
        down, self._down = os.pipe()
        self._up, up = os.pipe()
        arguments = [
            chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
            "--disable-dev-shm-usage", f"--lang={language}", f"--user-data-dir={self.profile}",
            "--remote-debugging-pipe", "about:blank"]

        def wire():
            # The browser reads commands from 3 and writes to 4.
            low, high = os.dup(down), os.dup(up)
            os.dup2(low, 3)
            os.dup2(high, 4)
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(3, 4), preexec_fn=wire)
        os.close(down)
        os.close(up)
        self._answers, self._handlers, self._next = {}, {}, 0
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        rest = b""
        while True:
            try:
                part = os.read(self._up, 1 << 16)
            except OSError:
                return
            if not part:
                return
            *messages, rest = (rest + part).split(b"\0")
            for message in map(json.loads, messages):
                with self._news:
                    if "id" in message:
                        self._answers[message["id"]] = message
                        self._news.notify_all()
                    handler = self._handlers.get(message.get("sessionId"))
                    if "method" in message and handler:
                        handler(message["method"], message["params"])

    def call(self, method, session=None, timeout=60, **parameters):
        with self._news:
            self._next += 1
            number = self._next
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._down, json.dumps(message).encode() + b"\0")
        with self._news:
            if not self._news.wait_for(lambda: number in self._answers, timeout):
                raise AssertionError(f"{method} was not answered in {timeout} s")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, **options):
        return Page(self, **options)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self._down)
        self._reader.join(5)
        os.close(self._up)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A tab with cookies of its own. Remembers what went wrong in it, and what it asked of other hosts."""

    def __init__(self, browser, width=1280, height=900, dark=False, language="en-US"):
        self.browser, self.problems, self.requests, self.loads = browser, [], [], 0
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.context = context
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser._handlers[self.session] = self._hear
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setUserAgentOverride", userAgent="Mozilla/5.0 (tests) Chrome", acceptLanguage=language)
        self.look(width, height, dark)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def look(self, width, height=900, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def _hear(self, method, params):
        if method == "Page.loadEventFired":
            self.loads += 1
        elif method == "Runtime.exceptionThrown":
            detail = params["exceptionDetails"]
            self.problems.append(detail.get("exception", {}).get("description", detail["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.problems.append(str([argument.get("value") for argument in params["args"]]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def goto(self, url):
        before = self.loads
        self.call("Page.navigate", url=url)
        self.until(lambda: self.loads > before, f"{url} to load")
        return self

    def until(self, check, what, timeout=30):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            found = check()
            if found:
                return found
            time.sleep(0.03)
        raise AssertionError(f"{what} did not come within {timeout} s; the page says: {self.text()[:600]}")

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"].get("exception", {}).get("description", expression))
        return result["result"].get("value")

    def text(self):
        return self.evaluate("document.body ? document.body.innerText : ''") or ""

    def sees(self, text, timeout=30):
        self.until(lambda: text in self.text(), f"the text {text!r}", timeout)

    def exists(self, selector, timeout=30):
        self.until(lambda: self.evaluate(f"!!document.querySelector({json.dumps(selector)})"), selector, timeout)

    def fill(self, selector, value):
        """As if typed: the page hears of it."""
        self.exists(selector)
        self.evaluate(f"""(() => {{ const field = document.querySelector({json.dumps(selector)});
            if (field.type === 'checkbox') field.checked = {json.dumps(bool(value))}; else field.value = {json.dumps(value)};
            field.dispatchEvent(new Event('input', {{bubbles: true}}));
            field.dispatchEvent(new Event('change', {{bubbles: true}})); }})()""")

    def click(self, selector):
        self.exists(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def follow(self, selector):
        """Clicks what leads to another page, and waits for that."""
        before = self.loads
        self.click(selector)
        self.until(lambda: self.loads > before, f"the page behind {selector}")

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")

    def screenshot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 3000), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        path = pathlib.Path(SCREENSHOTS / f"{name}.png")
        path.write_bytes(base64.b64decode(data))
        return path

    def close(self):
        self.browser._handlers.pop(self.session, None)
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)
