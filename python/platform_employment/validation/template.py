"""Write an inputs folder: a filled example, or the headers of tables and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from platform_employment.errors import UserError, unknown
from platform_employment.validation.overrides import SETTINGS_FILE
from platform_employment.validation.schemas import ColumnRule, SeedSchema, other_language

_UNITS = {
    "_yi_yuan": "亿元, 100 million yuan",
    "_wan_yuan": "万元, 10 thousand yuan",
    "_wan": "万, 10 thousand",
    "_share": "share of 1",
}
_INTRODUCTION = """\
# Inputs folder

Rows in these files are added to the shipped table of the same name. A row with the same key
replaces the shipped row. `inputs.yml` can exclude shipped platforms, reports and rows.

Write CSV files in UTF-8 (in Excel: "CSV UTF-8") with these columns in this order and one record
per line. Numbers are plain digits with a decimal point, in the unit of the column. State in
`provenance` what kind of evidence a row is. A text may stay empty in one language if the other
language is filled.

Next: fill the tables, then run `platform-employment check` with this folder. Which tables a
platform needs is described in docs/how-to/add-your-platform.md of the project.
"""
_SETTINGS = """\
# all: your rows are added to the shipped platforms, reports and sample; none: without these
shipped: all
# single shipped rows to exclude, by their keys
without: {}
# sources that are not to be published: tables that cite one are not copied into releases
private: []
"""
EXAMPLE = Path(__file__).with_name("example")
_DOCS_BLOCK = re.compile(r"{%\s*docs\s+(\w+)\s*%}(.*?){%\s*enddocs\s*%}", re.DOTALL)
_DOC_CALL = re.compile(r"{{\s*doc\(\s*['\"](\w+)['\"]\s*\)\s*}}")


def write_example(target: Path) -> tuple[Path, ...]:
    """Write a filled inputs folder of an invented institute; return the files.

    Raises:
        UserError: the folder is not empty.
    """
    files = sorted(path for path in EXAMPLE.rglob("*") if path.is_file())
    texts = {
        str(path.relative_to(EXAMPLE)): path.read_text(encoding="utf-8")
        for path in files
        if path.suffix != ".pyc"
    }
    return _write(target, texts)


def write_template(
    target: Path, project: Path, schemas: Sequence[SeedSchema], tables: Sequence[str]
) -> tuple[Path, ...]:
    """Write the headers of some tables and a README of their columns; return the files.

    Args:
        target: a new or empty folder.
        project: folder of the dbt project, whose shared column texts the README uses.
        schemas: of all tables.
        tables: names such as `platform/gmv_disclosures`, or the part after the slash.

    Raises:
        UserError: the folder is not empty, or a table does not exist.
    """
    known = {schema.file.removesuffix(".csv"): schema for schema in schemas}
    by_name = {name.partition("/")[2]: name for name in known}
    if not tables:
        raise UserError(
            "name the tables that you need, such as platform/gmv_disclosures, or use --example."
            f" Tables: {', '.join(known)}"
        )
    asked = [table.removesuffix(".csv") for table in tables]
    for table in asked:
        if by_name.get(table, table) not in known:
            raise unknown("table", table, known)
    chosen = [known[by_name.get(table, table)] for table in dict.fromkeys(asked)]
    texts = {schema.file: f"{','.join(schema.header)}\n" for schema in chosen}
    texts[SETTINGS_FILE] = _SETTINGS
    texts["README.md"] = "\n".join(_readme(chosen, project))
    return _write(target, texts)


def _write(target: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    if target.exists() and not target.is_dir():
        raise UserError(f"{target}: not a folder; name a new one")
    # create it before the check: absent/.. is a folder with something in it
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise UserError(f"{target}: the folder is not empty; name a new one")
    for file, text in texts.items():
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(target / file for file in texts)


def doc_blocks(project: Path) -> dict[str, str]:
    """Return the column texts that yml files share by `{{ doc('name') }}`."""
    return {
        name: " ".join(text.split())
        for path in sorted(project.glob("models/**/*.md"))
        for name, text in _DOCS_BLOCK.findall(path.read_text(encoding="utf-8"))
    }


def _readme(schemas: Sequence[SeedSchema], project: Path) -> Iterator[str]:
    docs = doc_blocks(project)
    yield _INTRODUCTION
    for schema in schemas:
        yield f"## {schema.file}\n"
        if example := _first_row(project / "seeds" / schema.file):
            yield f"The first shipped row: `{example}`\n"
        yield from column_rows(schema, docs)
        yield ""


def column_rows(schema: SeedSchema, docs: Mapping[str, str]) -> Iterator[str]:
    """Return the description of a table and a Markdown table of its columns.

    docs: texts that descriptions name by `{{ doc('name') }}`.
    """

    def described(text: str) -> str:
        return _DOC_CALL.sub(lambda call: docs.get(call[1], ""), text).replace("|", "\\|")

    yield f"{described(schema.description)}\n"
    yield "| column | type | unit | may be empty | description |"
    yield "|---|---|---|---|---|"
    for column in schema.columns:
        optional = "no" if column.required else "yes"
        if column.required and (other := other_language(column.name)) in schema.header:
            optional = f"if {other} is filled"
        yield (
            f"| {column.name} | {_type(column)} | {_unit(column.name)} | {optional} "
            f"| {described(column.description)} |"
        )


def _first_row(table: Path) -> str:
    with table.open(encoding="utf-8") as file:
        return "".join(file.readlines()[1:2]).strip()


def _unit(column: str) -> str:
    return next((unit for suffix, unit in _UNITS.items() if column.endswith(suffix)), "")


def _type(column: ColumnRule) -> str:
    parts = [column.type]
    if column.values:
        parts.append(f"one of {', '.join(column.values)}")
    if column.type == "decimal":
        parts.append(f"at most {column.decimals} digits after the point")
    if column.minimum is not None:
        parts.append(f"{'above' if column.exclusive_minimum else 'from'} {column.minimum:f}")
    if column.maximum is not None:
        parts.append(f"up to {column.maximum:f}")
    return ", ".join(parts)
