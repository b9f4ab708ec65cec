"""Tables for engineers: rows of marts with their columns named in both languages."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from platform_employment.formatting import DIGITS
from platform_employment.quantities import written
from platform_employment.site.report import Reader
from platform_employment.site.whatif import table
from platform_employment.site.writer import Writer
from platform_employment.words import BilingualText

MAX_ROWS = 1_500


class TablePage(NamedTuple):
    """A page that shows the rows of a table in an order."""

    file: str
    table: str
    order: str
    title: BilingualText
    note: BilingualText


TABLES = tuple(
    TablePage(
        row["file"],
        row["table"],
        ", ".join(row["order"].split()),
        BilingualText(row["title_zh"], row["title_en"]),
        BilingualText(row["note_zh"], row["note_en"]),
    )
    for row in table("engineers.csv")
)


def table_rows(
    w: Writer, reader: Reader, page: TablePage
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return the columns, named by the dictionary, and the rows of a page as text."""
    rows = reader.rows.table(page.table, page.order)[:MAX_ROWS]
    if not rows:
        return [], []
    other = "_en" if w.language == "zh" else "_zh"
    own = "_zh" if w.language == "zh" else "_en"
    names = [
        name
        for name in rows[0]
        if not (name.endswith(other) and name[: -len(other)] + own in rows[0])
        and any(row[name] is not None for row in rows)
    ]
    columns = [(_label(w, name, own), name) for name in names]
    return columns, [[_cell(w, row[name]) for name in names] for row in rows]


def _label(w: Writer, name: str, own: str) -> str:
    """Return the label of a column, which does not name the language of the page."""
    label = labels().get(name, {}).get(w.language) or name.removesuffix(own).replace("_", " ")
    if name.endswith(own):
        label = label.removesuffix(" (English)").removesuffix("（中文）").removeprefix("中文")
    return label


def _cell(w: Writer, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return w.t("是" if value else "否", "yes" if value else "no")
    if isinstance(value, Decimal | float):
        number = Decimal(str(value))
        return written(number, w.language, DIGITS + 1 if number % 1 else None)
    return str(value)


@cache
def labels() -> dict[str, dict[str, str]]:
    """Return the label of each column name, with unit and additivity."""
    package = files("platform_employment")
    places = (package / "dictionary/columns.csv", package / "release/columns.csv")
    text = next(place for place in places if place.is_file()).read_text(encoding="utf-8")
    return {row["name"]: row for row in csv.DictReader(text.splitlines())}


def dictionary(w: Writer, reader: Reader) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return every column of every published table, defined in the language of the page."""
    rows = reader.rows.read(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
        " where schema_name in ('marts', 'audit') order by schema_name desc, table_name,"
        " column_index"
    )
    columns = [
        (w.t("表", "table"), ""), (w.t("列", "column"), ""), (w.t("名称", "name"), ""),
        (w.t("单位", "unit"), ""), (w.t("可否相加", "may be summed"), ""),
        (w.t("定义", "definition"), ""), (w.t("类型", "type"), ""),
    ]  # fmt: skip
    found = []
    for row in rows:
        known = labels().get(row["column_name"], {})
        about = (known.get("about_zh") if w.language == "zh" else "") or row["comment"] or ""
        found.append(
            [
                f"{row['schema_name']}.{row['table_name']}",
                row["column_name"],
                known.get(w.language) or "",
                known.get("unit") or "",
                known.get("additivity") or "",
                about.strip(),
                row["data_type"].lower(),
            ]
        )
    return columns, found
