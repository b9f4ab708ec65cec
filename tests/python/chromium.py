"""A headless Chromium for tests, driven over a pipe by the Chrome DevTools Protocol."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import Browser

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-pipe",
)
PATIENCE_SECONDS = 60
# what the browser reads from and writes to, by its own convention
READ_FD, WRITE_FD = 3, 4


def find_chromium() -> str:
    """Return the browser's command; without one the test is skipped, and in CI it fails."""
    for command in COMMANDS:
        if path := shutil.which(command):
            return path
    reason = f"no browser: none of {', '.join(COMMANDS)} is installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Chromium(Browser):
    """One browser with one page open; `events` holds what it reported about the page."""

    def __init__(self, profile: Path) -> None:
        """Start it with a new profile folder."""
        self.events: list[dict[str, Any]] = []
        self._unread = b""
        self._last_id = 0
        with _pipe() as (browser_in, self._input), _pipe() as (self._output, browser_out):
            connect = f'exec "$0" "$@" {READ_FD}<&{browser_in} {WRITE_FD}>&{browser_out}'
            command = [find_chromium(), *OPTIONS, f"--user-data-dir={profile}"]
            self._process = subprocess.Popen(
                ["bash", "-c", connect, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(browser_in, browser_out),
            )
            os.close(browser_in)
            os.close(browser_out)
        target = self._send("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = {"targetId": target, "flatten": True}
        self._session = self._send("Target.attachToTarget", attached)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._input)
        os.close(self._output)

    def open(self, url: str, *, width: int = 1440, height: int = 900, settle: float = 1.0) -> None:
        """Open a page, wait until it has loaded, and `settle` seconds for what its scripts do."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", size)
        # first an empty page: a step within a page that is open loads nothing
        for address in ("about:blank", url):
            self.events.clear()
            self.send("Page.navigate", {"url": address})
            while not any(event["method"] == "Page.loadEventFired" for event in self.events):
                self._receive(PATIENCE_SECONDS)
        end = time.monotonic() + settle
        while (left := end - time.monotonic()) > 0 and self._receive(left, required=False):
            pass

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a command about the page and give its result."""
        return self._send(method, parameters or {}, self._session)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page."""
        answer = self.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, selector: str) -> None:
        """Click on a link, and wait until the page that it leads to has loaded."""
        self.events.clear()
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._receive(PATIENCE_SECONDS)

    def requested_urls(self) -> list[str]:
        """Return every address that the page asked for, itself included."""
        sent = [e["params"] for e in self.events if e["method"] == "Network.requestWillBeSent"]
        return [parameters["request"]["url"] for parameters in sent]

    def errors(self) -> list[str]:
        """Return what the page's scripts threw and what the console has as an error."""
        texts = []
        for event in self.events:
            if event["method"] == "Runtime.exceptionThrown":
                texts.append(str(event["params"]["exceptionDetails"]))
            elif event["method"] == "Log.entryAdded":
                entry = event["params"]["entry"]
                texts += [entry["text"]] if entry["level"] == "error" else []
        return texts

    def _send(
        self, method: str, parameters: dict[str, Any], session: str | None = None
    ) -> dict[str, Any]:
        self._last_id += 1
        command: dict[str, Any] = {"id": self._last_id, "method": method, "params": parameters}
        if session:
            command["sessionId"] = session
        os.write(self._input, json.dumps(command).encode() + b"\0")
        while True:
            message = self._receive(PATIENCE_SECONDS)
            if message and message.get("id") == self._last_id:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result

    def _receive(self, seconds: float, *, required: bool = True) -> dict[str, Any] | None:
        """Return the next message, and keep it if it is an event; None if no message comes in
        time."""
        end = time.monotonic() + seconds
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._output], [], [], max(0, end - time.monotonic()))
            if not ready:
                assert not required, f"the browser says nothing for {seconds} seconds"
                return None
            received = os.read(self._output, 65536)
            assert received, "the browser ended"
            self._unread += received
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """Make a pipe on descriptors that cannot be those which the browser expects."""
    low = os.pipe()
    try:
        yield tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, WRITE_FD + 1) for end in low)  # type: ignore[misc]
    finally:
        for end in low:
            os.close(end)
