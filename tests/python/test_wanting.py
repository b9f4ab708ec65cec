"""Tests that are skipped for want of a program are told at the end, with the remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import PROJECT_DIR
from wanting import wanting_lines


def test_skipped_tests_are_counted_by_what_they_want() -> None:
    skipped = [
        ("tests/python/test_docs.py", "Skipped: no browser: none of chromium is installed"),
        ("tests/python/test_docs.py", "Skipped: no browser: none of chromium is installed"),
        ("tests/python/test_doors.py", "Skipped: no PostgreSQL server is installed"),
        ("tests/python/test_storms.py", "Skipped: mounting a small file system needs root"),
    ]
    assert list(wanting_lines(skipped)) == [
        "1 tests were skipped for want of a PostgreSQL server (test_doors.py: 1)",
        "2 tests were skipped for want of a browser (test_docs.py: 2)",
        "to run them: apt-get install postgresql chromium fonts-noto-cjk && make test",
    ]
    assert list(wanting_lines(skipped[3:])) == []
    clients = [("tests/python/test_bi_docs.py", "Skipped: no pandas: make test-clients")]
    assert list(wanting_lines(clients)) == [
        "1 tests were skipped for want of BI clients (test_bi_docs.py: 1)",
        "to run them: make test-clients",
    ]
    assert list(wanting_lines(skipped[2:] + clients))[-1] == (
        "to run them: apt-get install postgresql && make test && make test-clients"
    )


def test_a_run_without_a_browser_ends_with_the_remedy(tmp_path: Path) -> None:
    test = tmp_path / "test_page.py"
    test.write_text(
        "from chromium import find_chromium\n\ndef test_page():\n    find_chromium()\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PATH": str(tmp_path), "CI": ""}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", str(test)],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(PROJECT_DIR / "tests/python")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 tests were skipped for want of a browser (test_page.py: 1)" in result.stdout
    assert "apt-get install chromium fonts-noto-cjk && make test" in result.stdout
