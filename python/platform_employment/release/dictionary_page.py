"""The data dictionary as a page: every table and column that tools see, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from platform_employment.release.dictionary import Described, Entry
from platform_employment.release.marts_file import ReleaseRow

FILE = "dictionary.html"
_HEAD = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>数据字典 · Data dictionary</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left }
td:first-child { overflow-wrap: anywhere }
nav { columns: 18rem }
</style>
</head>
<body>
"""
_COLUMNS = ("列 Column", "名称 Label", "类型 Type", "单位 Unit", "说明 Description", "相加 Sum")


def write_dictionary_page(tables: Sequence[Described], release: ReleaseRow, path: Path) -> None:
    """Write the page; it opens from disk without a network."""
    path.write_text(_HEAD + "\n".join(_lines(tables, release)), encoding="utf-8")


def _lines(tables: Sequence[Described], release: ReleaseRow) -> Iterator[str]:
    stamp = f"{release.release_id} · {release.built_at} · {release.git_commit[:12]}"
    yield f"<h1>数据字典 · Data dictionary</h1>\n<p>{escape(stamp)}</p>\n<nav>"
    for table in tables:
        yield f'<a href="#{escape(table.name)}">{escape(table.name)}</a> {escape(table.zh)}<br>'
    yield "</nav>"
    for table in tables:
        yield f'<h2 id="{escape(table.name)}">{escape(table.zh)} · {escape(table.en)}</h2>'
        yield f"<p><code>{escape(table.table)}</code> {escape(table.text)}</p>\n<table>"
        yield _row(_COLUMNS, "th")
        for column in table.columns:
            yield _row(_cells(table, column), "td")
        yield "</table>"
        for key in table.references:
            text = f"{', '.join(key.columns)} → {key.table} ({', '.join(key.to)})"
            yield f"<p><code>{escape(text)}</code></p>"
    yield "</body>\n</html>\n"


def _cells(table: Described, column: Entry) -> tuple[str, ...]:
    key = "（主键 key）" if column.name in table.key else ""
    units = " ".join(filter(None, (column.unit_zh, column.unit_en)))
    label = f"{column.zh} · {column.en}"
    return (column.name + key, label, column.kind, units, column.text, column.rule)


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
