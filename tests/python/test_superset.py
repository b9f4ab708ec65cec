"""Superset imports the bundle of a release and shows the number, in its own environment."""

from __future__ import annotations

import base64
import http.cookiejar
import io
import json
import os
import socket
import subprocess
import time
import urllib.parse
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from conftest import PROJECT_DIR

from platform_employment.release.formats.superset import FILE

pytest_plugins = ["star_fixtures"]
pytestmark = pytest.mark.slow

SUPERSET = PROJECT_DIR / ".venv-clients/superset/bin/superset"
TRUTH = 3462.9275
CONFIGURATION = """
SECRET_KEY = "of a test, which no one else reads, 42 bytes"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
PREVENT_UNSAFE_DB_CONNECTIONS = False
"""
USER = {"username": "admin", "password": "of a test"}


@dataclass(frozen=True)
class Server:
    """A server that runs, and what lets a client in."""

    address: str
    token: str

    def call(
        self, path: str, data: bytes | None = None, kind: str = "application/json"
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=120) as answered:
            answer: dict[str, Any] = json.load(answered)
        return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not SUPERSET.is_file():
        missing = "no superset: make test-clients"
        if os.environ.get("CLIENTS"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("superset")
    (folder / "superset_config.py").write_text(CONFIGURATION.format(folder=folder))
    environment = os.environ | {
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
        "FLASK_APP": "superset",
    }
    names = ["--firstname", "a", "--lastname", "b", "--email", "a@example.org"]
    who = ["--username", USER["username"], "--password", USER["password"], *names]
    for arguments in (["db", "upgrade"], ["fab", "create-admin", *who], ["init"]):
        subprocess.run(
            [str(SUPERSET), *arguments], env=environment, check=True, capture_output=True
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(SUPERSET), "run", "-p", str(port), "--with-threads"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        yield Server(address, _login(address))
    finally:
        process.terminate()
        process.wait()


def _login(address: str) -> str:
    data = json.dumps(USER | {"provider": "db"}).encode()
    end = time.monotonic() + 180
    while True:
        try:
            server = Server(address, "")
            return str(server.call("/api/v1/security/login", data)["access_token"])
        except urllib.error.URLError:
            assert time.monotonic() < end, "superset does not start"
            time.sleep(1)


@pytest.fixture(scope="module")
def imported(server: Server, star: Path) -> Server:
    """The bundle imported, with the place of the small database put in."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(star.parent / "superset" / FILE) as bundle,
        zipfile.ZipFile(packed, "w") as placed,
    ):
        for name in bundle.namelist():
            text = bundle.read(name).decode()
            placed.writestr(name, text.replace("/srv/releases/current", str(star.parent)))
    border = uuid.uuid4().hex
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="formData"; filename="b.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    body = head.encode() + packed.getvalue() + f"\r\n--{border}--\r\n".encode()
    kind = f"multipart/form-data; boundary={border}"
    assert server.call("/api/v1/dashboard/import/", body, kind) == {"message": "OK"}
    return server


def _dataset(server: Server, name: str) -> int:
    found = server.call("/api/v1/dataset/")["result"]
    return int(next(dataset["id"] for dataset in found if dataset["table_name"] == name))


def test_chart_data_is_the_number_of_the_report(imported: Server) -> None:
    metric = "sum_就业人数（万）"
    query = {
        "datasource": {"id": _dataset(imported, "jobs_zh"), "type": "table"},
        "queries": [
            {"metrics": [metric], "columns": []},
            {"metrics": [metric], "columns": ["组成部分"]},
        ],
        "result_format": "json",
        "result_type": "full",
    }
    answer = imported.call("/api/v1/chart/data", json.dumps(query).encode())["result"]
    assert answer[0]["data"] == [{metric: TRUTH}]
    parts = {row["组成部分"]: row[metric] for row in answer[1]["data"]}
    assert parts["上下游产业链就业"] == 550.0275
    assert sum(parts.values()) == pytest.approx(TRUTH, abs=1e-9)


def test_columns_have_labels_and_descriptions(imported: Server) -> None:
    dataset = imported.call(f"/api/v1/dataset/{_dataset(imported, 'headline')}")["result"]
    columns = {column["column_name"]: column for column in dataset["columns"]}
    assert columns["name_zh"]["verbose_name"].endswith("Name (Chinese)")
    assert all(column["description"] for column in columns.values())
    assert [metric["metric_name"] for metric in dataset["metrics"]] == [
        "sum_jobs_wan",
        "sum_total_jobs_share",
    ]


def test_the_dashboard_shows_the_number(imported: Server, tmp_path: Path) -> None:
    jar = http.cookiejar.CookieJar()
    client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    client.open(f"{imported.address}/login/", urllib.parse.urlencode(USER).encode()).read()
    session = next(cookie.value for cookie in jar if cookie.name == "session")
    with Chromium(tmp_path) as browser:
        cookie = {"name": "session", "value": session, "url": imported.address}
        browser.send("Network.setCookie", cookie)
        browser.open(f"{imported.address}/superset/dashboard/platform_employment/", settle=45)
        shown = browser.evaluate("document.body.innerText")
        picture = browser.send("Page.captureScreenshot")["data"]
    if folder := os.environ.get("PICTURES"):
        (Path(folder) / "superset.png").write_bytes(base64.b64decode(picture))
    for text in ("就业机会（万） Jobs", "组成部分 Components", "达人团队就业", "2,000"):
        assert text in shown, shown
    assert "3.46k" in shown or "3,462" in shown, shown
