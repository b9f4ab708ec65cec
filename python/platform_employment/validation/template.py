"""Writes a template for own data: the headers of all tables, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.validation.overrides import SETTINGS_FILE
from platform_employment.validation.schemas import ColumnRule, SeedSchema

_UNITS = {
    "_yi_yuan": "亿元, 100 million yuan",
    "_wan_yuan": "万元, 10 thousand yuan",
    "_wan": "万, 10 thousand",
    "_share": "share of 1",
}
_INTRODUCTION = """\
# Your own data

The rows of each CSV here stand beside those of the shipped table of the same name; a row with
the key of a shipped one takes its place. Fill the tables that you have data for and delete the
others, of which only the header is here. `inputs.yml` says whether the shipped platforms, reports
and the sample are part of the build at all.

Write CSV files in UTF-8 (in Excel: "CSV UTF-8") with these columns in this order, one record
a line. Numbers are plain digits with a decimal point, in the unit of the column: no thousands
separators, no units, no scientific notation. Say in `provenance` where a row comes from.

`platform-employment check` followed by this folder runs all gates and builds nothing. Which
tables a new platform needs stands in docs/inputs.md of the project.
"""
_SETTINGS = """\
# all: own rows stand beside the shipped platforms, reports and sample; none: without these
shipped: all
# single shipped rows to leave out, by their keys
without: {}
# sources that are not to be published: tables that cite one are not copied into releases
private: []
"""
_DOCS_BLOCK = re.compile(r"{%\s*docs\s+(\w+)\s*%}(.*?){%\s*enddocs\s*%}", re.DOTALL)
_DOC_CALL = re.compile(r"{{\s*doc\(\s*['\"](\w+)['\"]\s*\)\s*}}")


def write_template(target: Path, project: Path, schemas: Sequence[SeedSchema]) -> tuple[Path, ...]:
    """Fill a new or empty folder; give the files written.

    Raises UserError when the folder holds something, so that nobody's data is overwritten.
    """
    if target.exists() and not target.is_dir():
        raise UserError(f"{target}: not a folder")
    # made before it is looked into: absent/.. is a folder with something in it
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise UserError(f"{target}: the folder is not empty; name a new one")
    texts = {schema.file: f"{','.join(schema.header)}\n" for schema in schemas}
    texts[SETTINGS_FILE] = _SETTINGS
    texts["README.md"] = "\n".join(_readme(schemas, project))
    for file, text in texts.items():
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(target / file for file in texts)


def _doc_blocks(project: Path) -> dict[str, str]:
    """Read the column texts that yml files share by `{{ doc('name') }}`."""
    return {
        name: " ".join(text.split())
        for path in sorted(project.glob("models/**/*.md"))
        for name, text in _DOCS_BLOCK.findall(path.read_text(encoding="utf-8"))
    }


def _readme(schemas: Sequence[SeedSchema], project: Path) -> Iterator[str]:
    docs = _doc_blocks(project)

    def described(text: str) -> str:
        return _DOC_CALL.sub(lambda call: docs.get(call[1], ""), text).replace("|", "\\|")

    yield _INTRODUCTION
    for schema in schemas:
        yield f"## {schema.file}\n"
        yield f"{described(schema.description)}\n"
        if example := _first_row(project / "seeds" / schema.file):
            yield f"The first shipped row: `{example}`\n"
        yield "| column | type | unit | may be empty | description |"
        yield "|---|---|---|---|---|"
        for column in schema.columns:
            optional = "no" if column.required else "yes"
            yield (
                f"| {column.name} | {_type(column)} | {_unit(column.name)} | {optional} "
                f"| {described(column.description)} |"
            )
        yield ""


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
