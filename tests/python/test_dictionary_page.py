"""The page of the data dictionary has what the tables state, and nothing that runs."""

from __future__ import annotations

from pathlib import Path

from platform_employment.release.dictionary import Described, Entry, Reference
from platform_employment.release.dictionary_page import FILE, write_dictionary_page
from platform_employment.release.marts_file import ReleaseRow


def test_the_page_says_of_each_column_what_it_is_and_what_may_be_summed(tmp_path: Path) -> None:
    jobs = Entry(
        *("jobs_wan", "DECIMAL(18,4)", True, "就业人数", "Jobs", "counted", "万", "10 thousand"),
        *("Jobs of <b>all</b>.", "就业，万。", "additive"),
    )
    key = Entry("component_key", "VARCHAR", True, "键", "Key", "", "", "", "Its key.", "键。", "")
    refers = Reference(("component_key",), "dim_components", ("component_key",))
    table = Described(
        *("marts", "headline", "从这里开始", "Start here", "One row per component."),
        *(("component_key",), (key, jobs)),
        *((refers,), "每行为一个组成部分。"),
    )
    release = ReleaseRow(
        "20260101T000000Z-abcdef01", "2026-01-01T00:00:00Z", "c0ffee" * 7, "f" * 64
    )
    write_dictionary_page([table], release, tmp_path / FILE)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "20260101T000000Z-abcdef01 · 2026-01-01T00:00:00Z · c0ffeec0ffee" in text
    assert '<h2 id="headline">从这里开始 · Start here</h2>' in text
    assert "marts.headline</code> 每行为一个组成部分。 One row per component.</p>" in text
    assert "<td>jobs_wan</td><td>就业人数 · Jobs</td><td>DECIMAL(18,4)</td>" in text
    assert "<td>万 10 thousand</td><td>就业，万。 Jobs of &lt;b&gt;all&lt;/b&gt;.</td>" in text
    assert "<td>可相加 Sum freely.</td>" in text
    assert "component_key → dim_components (component_key)" in text
    assert "<script" not in text
    assert "default-src 'none'" in text
