"""A headless Firefox for tests, driven over a socket by the Marionette protocol."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from browser import Browser

COMMANDS = ("firefox-esr", "firefox")
PATIENCE_SECONDS = 60


class Firefox(Browser):
    """One browser with one page open."""

    def __init__(self, profile: Path) -> None:
        """Start it with a new profile folder; without Firefox the test is skipped."""
        command = next(filter(None, map(shutil.which, COMMANDS)), None)
        if command is None:
            pytest.skip(f"no Firefox: none of {', '.join(COMMANDS)} is installed")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n', "utf-8")
        self._process = subprocess.Popen(
            [command, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
                break
            except OSError:
                assert time.monotonic() < end, "Firefox does not answer"
                time.sleep(0.2)
        self._last_id = 0
        self._receive()
        self.send("WebDriver:NewSession", {"capabilities": {}})

    def close(self) -> None:
        """End the browser."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def open(self, url: str, *, settle: float = 0.5) -> None:
        """Open a page, and wait for what its scripts do."""
        self.send("WebDriver:Navigate", {"url": "about:blank"})
        self.send("WebDriver:Navigate", {"url": url})
        time.sleep(settle)

    def evaluate(self, expression: str) -> Any:
        """Give the value of a JavaScript expression on the page."""
        script = {"script": f"return {expression.strip()}", "args": []}
        return self.send("WebDriver:ExecuteScript", script)["value"]

    def send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Send a command and give its result."""
        self._last_id += 1
        text = json.dumps([0, self._last_id, method, parameters]).encode()
        self._socket.sendall(str(len(text)).encode() + b":" + text)
        _, number, error, result = self._receive()
        assert number == self._last_id
        assert error is None, error
        answer: dict[str, Any] = result if isinstance(result, dict) else {"value": result}
        return answer

    def _receive(self) -> Any:
        size = b""
        while (one := self._socket.recv(1)) != b":":
            assert one, "Firefox ended"
            size += one
        text = b""
        while len(text) < int(size):
            text += self._socket.recv(int(size) - len(text))
        return json.loads(text)
