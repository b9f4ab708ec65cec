"""The workbook as LibreOffice prints it: few pages, each with the release."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from platform_employment.release.store import WORKBOOK_FILE

pytest_plugins = ["star_fixtures"]
pytestmark = pytest.mark.slow

MAX_PAGES = 100
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def test_the_workbook_prints_on_few_pages(star: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(star.parent / WORKBOOK_FILE)], check=True, capture_output=True)
    printed = (tmp_path / WORKBOOK_FILE).with_suffix(".pdf").read_bytes()
    pages = len(_PAGE.findall(printed))
    print(f"{pages} pages")
    # a sheet has a page at least
    assert 15 <= pages <= MAX_PAGES
