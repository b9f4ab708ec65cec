"""The pages in Firefox say what the warehouse says, as they do in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from firefox import Firefox
from site_fixtures import Docs
from site_pages import CHINESE, STRAY_DIGITS, wrong_facts

from platform_employment.site.pages import PAGES

pytest_plugins = ["site_fixtures"]
pytestmark = pytest.mark.site


def test_pages_say_the_same_in_firefox(docs: Docs, tmp_path: Path) -> None:
    with Firefox(tmp_path) as browser:
        for page in PAGES:
            for language, state in (("zh", ""), ("en", "#lang=en")):
                browser.open(docs.address(page.file) + state)
                assert browser.evaluate("document.querySelectorAll('main h1').length") == 1
                assert wrong_facts(browser, docs.folder / page.file, language) == [], page.file
                assert browser.evaluate(STRAY_DIGITS) == [], page.file
                assert language == "zh" or browser.evaluate(CHINESE) == [], page.file
