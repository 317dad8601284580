"""A real Chromium, driven over the DevTools protocol: pages, keys, screenshots and virtual authenticators."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

PROGRAM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
needs_chromium = pytest.mark.skipif(not PROGRAM, reason="Chromium is not installed (Debian: chromium)")
_SECONDS = 30.0
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40, "ArrowUp": 38}


class BrowserError(AssertionError):
    """The browser answered with an error, or what was waited for did not come."""


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser of its own, without what it would fetch by itself."""
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run"]
        flags += ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        flags += ["--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        process = subprocess.Popen([PROGRAM, *flags, "about:blank"], stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            address = next(
                (m[1] for line in process.stderr if (m := re.search(r"listening on (ws://\S+)", line))), None
            )
            if address is None:
                raise BrowserError("Chromium ended before it listened")
            with connect(address, max_size=None) as wire:
                yield Chromium(wire)
        finally:
            process.terminate()
            process.wait(30)


class Chromium:
    def __init__(self, wire: ClientConnection) -> None:
        self._wire, self._numbers = wire, itertools.count(1)
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        said = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        self._wire.send(json.dumps(said))
        while True:
            told: dict[str, Any] = json.loads(self._wire.recv(timeout=_SECONDS))
            if told.get("id") == number:
                if "error" in told:
                    raise BrowserError(f"{method}: {told['error']['message']}")
                return dict(told["result"])
            self.events.append(told)

    def person(self, width: int = 1280, height: int = 900) -> Page:
        """A window with cookies and passkeys of its own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.size(width, height)
        return page


class Page:
    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def size(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def scheme(self, name: str) -> None:
        """'dark' or 'light'."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def authenticator(self) -> str:
        """A device that holds passkeys and always finds its owner's finger on it."""
        self.call("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                   "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
        return str(self.call("WebAuthn.addVirtualAuthenticator", options=options)["authenticatorId"])

    def do(self, script: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise BrowserError(f"{script}: {told['exceptionDetails']}")
        return told["result"].get("value")

    def wait(self, condition: str) -> None:
        """Until an expression holds, across loads of pages."""
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            try:
                if self.do(f"!!({condition})"):
                    return
            except BrowserError:
                pass
            time.sleep(0.05)
        raise BrowserError(f"never came: {condition}; the page says: {self.text()[:800]}")

    def go(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        path = "/" + address.split("/", 3)[3]
        self.wait(f"location.pathname === {json.dumps(path.split('#')[0])} && document.readyState === 'complete'")

    def at(self, path: str) -> None:
        self.wait(f"location.pathname === {json.dumps(path)} && document.readyState === 'complete'")

    def text(self) -> str:
        return str(self.do("document.body.innerText"))

    def fill(self, selector: str, words: str) -> None:
        self.do(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=words)

    def click(self, selector: str) -> None:
        self.wait(f"document.querySelector({json.dumps(selector)})")
        self.do(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, key: str) -> None:
        code = _KEYS[key]
        named = {"key": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
        typed = {"Enter": "\r", " ": " "}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **named, **({"text": typed} if typed else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def type(self, words: str) -> None:
        self.call("Input.insertText", text=words)

    def shot(self, path: Path) -> None:
        """The whole page as a picture."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        path.write_bytes(base64.b64decode(data))

    def problems(self) -> list[str]:
        """What the console told of so far: violations of the policy, errors of scripts."""
        self.do("1")
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                entry = event["params"]["entry"]
                if entry["source"] != "network":  # answers such as 403 are the test's own business
                    found.append(entry["text"])
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"]))
        return found
