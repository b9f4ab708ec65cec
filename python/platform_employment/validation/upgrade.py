"""Rewrites a folder of own data that was made for an earlier shape of the tables.

A change of shape is a function here: it takes the tables of the folder that are of the earlier
shape and leaves them in the present one. What was there stays in a hidden folder beside.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from platform_employment.errors import UserError
from platform_employment.settings import pairs
from platform_employment.validation.overrides import SETTINGS_FILE
from platform_employment.validation.schemas import SeedSchema

KEPT = ".before-upgrade"
DISCLOSED = "disclosed"
SCENARIOS = "reference/scenarios.csv"
ASSUMPTIONS = "reference/assumptions.csv"
COMPONENTS = "reference/employment_components.csv"
PLATFORMS = "reference/platforms.csv"
INPUT_VALUES = "platform/input_values.csv"
DISCLOSURES = "platform/gmv_disclosures.csv"
ESTIMATES = "reference/published_platform_estimates.csv"
REPORTS = "report/reports.csv"
LEDGER = "report/figure_ledger.csv"
LINKS = "report/figure_links.csv"
EXCUSES = "report/excused_differences.csv"
VERDICTS = "report/accepted_verdicts.csv"
METHOD_COMPONENTS = "method/components.csv"
CHOICES = "method/choices.csv"
# the one method that there was while it stood in the code
FIRST_METHOD = "ruc_2022"
# its components; another tree could be named, but nothing computed it
FIRST_COMPONENTS = {
    *("total", "direct", "ecosystem", "content_ecosystem", "creator_teams", "institutions"),
    *("e_commerce_ecosystem", "merchants", "supply_chain"),
}

Row = dict[str, str]


@dataclass
class Table:
    """A table with its header; rows have a text for each column of it."""

    header: list[str]
    rows: list[Row]


@dataclass
class Folder:
    """A folder of own data, with its tables by name, such as `platform/institutions.csv`.

    shipped: folder of the shipped tables; own: tables that a change looks at; changed: names of
    those that are rewritten, new or gone.
    """

    path: Path
    shipped: Path
    own: dict[str, Table]
    changed: set[str] = field(default_factory=set)

    def table(self, name: str) -> Table:
        """Give an own table to change, a new one without rows."""
        self.changed.add(name)
        if name not in self.own:
            self.own[name] = Table(read_table(self.shipped / name).header, [])
        return self.own[name]

    def drop(self, name: str) -> Table:
        """Take a table away."""
        self.changed.add(name)
        return self.own.pop(name)


@dataclass(frozen=True)
class Change:
    """A change of shape; table: whose header tells; is_old: whether it is of the earlier shape."""

    table: str
    is_old: Callable[[Sequence[str]], bool]
    apply: Callable[[Folder], None]


def old_tables(folder: Path) -> list[str]:
    """Name the tables of a folder that are of an earlier shape."""
    return sorted(_old_headers(folder) | _old_cells(folder))


def _old_headers(folder: Path) -> set[str]:
    headers = {change.table: _header(folder / change.table) for change in CHANGES}
    return {change.table for change in CHANGES if change.is_old(headers[change.table])}


def _old_cells(folder: Path) -> set[str]:
    """Name the tables with a kind of provenance that follows from the source now."""
    names = {path.relative_to(folder).as_posix() for path in folder.glob("[!.]*/*.csv")}
    return {name for name in names if _says_disclosed(folder / name)}


def _says_disclosed(path: Path) -> bool:
    try:
        if not path.is_file() or DISCLOSED.encode() not in path.read_bytes():
            return False
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return any(row.get("provenance") == DISCLOSED for row in csv.DictReader(file))
    except (OSError, csv.Error):
        return False


def upgrade(folder: Path, shipped: Path, schemas: Sequence[SeedSchema]) -> Iterator[str]:
    """Rewrite a folder, and say which tables are written and which are gone.

    shipped: folder of the shipped tables; schemas: their declarations. Raises UserError when
    nothing is of an earlier shape, when a table cannot be rewritten, or when the folder of an
    earlier upgrade is there already.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder")
    if not (old := old_tables(folder)):
        raise UserError(f"{folder}: no table of an earlier shape; nothing was changed")
    kept = folder / KEPT
    if kept.exists():
        raise UserError(f"{kept}: is there from an earlier upgrade; move it away")
    names = sorted({*old, *_TOUCHED})
    own = {name: read_table(folder / name) for name in names if (folder / name).is_file()}
    tables = Folder(folder, shipped, own)
    for change in CHANGES:
        if change.table in own and change.is_old(own[change.table].header):
            change.apply(tables)
    _what_is_disclosed_was_published(tables)
    # tables took the place of the shipped ones while headers were other ones
    stood_beside = _stands_beside(folder) or not _old_headers(folder)
    settings = "" if stood_beside else _settings(tables, schemas)
    for name in sorted(tables.changed):
        if (folder / name).is_file():
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, kept / name)
    for name in sorted(tables.changed):
        path = folder / name
        if name in tables.own:
            verb = "rewritten" if path.is_file() else "new"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(tables.own[name]), encoding="utf-8", newline="")
            yield f"{name}: {verb}, rows: {len(tables.own[name].rows)}"
        else:
            path.unlink()
            yield f"{name}: gone"
    if settings:
        (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")
        yield f"{SETTINGS_FILE}: new, leaves out the shipped rows that its tables left out"
    yield f"the tables as they were are in {kept}"


def read_table(path: Path) -> Table:
    """Read a table. Raises UserError when it is no CSV of its own header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *records = csv.reader(file, strict=True)
            rows = [dict(zip(header, record, strict=True)) for record in records]
    except (ValueError, csv.Error):
        raise UserError(f"{path}: not a table; run platform-employment check") from None
    return Table(header, rows)


def _header(path: Path) -> list[str]:
    """Read the columns of a table, none where there is no such file."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, csv.Error):
        return []


def _text(table: Table) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, table.header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table.rows)
    return text.getvalue()


def _name_the_method(folder: Folder) -> None:
    """Scenarios name their method."""
    scenarios = folder.table(SCENARIOS)
    scenarios.header.insert(scenarios.header.index("scenario_id") + 1, "method_id")
    for row in scenarios.rows:
        row["method_id"] = FIRST_METHOD


def _reports_are_rows(folder: Folder) -> None:
    """The window of a report is a column of the report and not of its scenario."""
    scenarios = folder.table(SCENARIOS)
    scenarios.header.remove("report_window_end")
    named = [(row, row.pop("report_window_end")) for row in scenarios.rows]
    reported = {
        (row["platform_id"], row["scenario_id"], window_end): row
        for row, window_end in named
        if window_end
    }
    key = ("platform_id", "scenario_id", "window_end")
    known = {tuple(row[name] for name in key) for row in read_table(folder.shipped / REPORTS).rows}
    for place, scenario in reported.items():
        if place not in known:
            reports = folder.table(REPORTS)
            reports.rows.append(
                dict.fromkeys(reports.header, "")
                | dict(zip(key, place, strict=True))
                | {
                    "report_id": f"{place[0]}_{place[1]}",
                    "sort_order": str(len(reports.rows) + 1),
                    "title_zh": scenario["name_zh"],
                    "title_en": scenario["name_en"],
                    "is_default": "false",
                    "is_net": "false",
                    "source_id": scenario["source_id"],
                }
            )


def _scenarios_take_options(folder: Folder) -> None:
    """What a scenario took of each table is an option; a table of one's own becomes one."""
    scenarios = folder.table(SCENARIOS)
    place = scenarios.header.index("coefficient_source")
    scenarios.header = [name for name in scenarios.header if name not in _OLD_CHOICES]
    scenarios.header.insert(place, "choices")
    shipped = read_table(folder.shipped / CHOICES).rows
    for row in scenarios.rows:
        old = {column: row.pop(column) for column in _OLD_CHOICES}
        old["import_convention"] = _IMPORTS.get(old.pop("ratio_definition"), "")
        level = old.pop("assumption_level")
        options = [option for option in shipped if option["method_id"] == row["method_id"]]
        taken = []
        for decision in dict.fromkeys(option["decision_id"] for option in options):
            agreeing = [
                option
                for option in options
                if option["decision_id"] == decision and _sets(option, old, level)
            ]
            if not agreeing:
                taken.append(f"{decision}={_own_table(folder, row, old['table_year'])}")
            elif not any(option["is_report"] == "true" for option in agreeing):
                taken.append(f"{decision}={agreeing[0]['option_id']}")
        row["choices"] = " ".join(taken)


def _sets(option: Row, old: Row, level: str) -> bool:
    """Whether an option sets what a scenario had; what it had no word for was as in the report."""
    return all(
        value == old.get(name, level if value in ("low", "central", "high") else value)
        for name, value in pairs(option["sets"]).items()
    )


def _own_table(folder: Folder, scenario: Row, table_year: str) -> str:
    """Give the option for an input-output table of the folder, a new one where there is none."""
    choices = folder.table(CHOICES)
    key = {"method_id": scenario["method_id"], "decision_id": "table", "option_id": table_year}
    if not any(row.items() >= key.items() for row in choices.rows):
        (like,) = [
            row
            for row in read_table(folder.shipped / CHOICES).rows
            if row["decision_id"] == "table"
            and row["method_id"] == scenario["method_id"]
            and row["is_report"] == "true"
        ]
        own = {
            "platform_id": scenario["platform_id"],
            "sort_order": "99",
            "is_report": "false",
            "sets": f"table_year={table_year}",
            "source_id": scenario["source_id"],
            "name_zh": f"{table_year}年表",
            "name_en": f"Table of {table_year}",
            "reason_zh": "自有数据中的表",
            "reason_en": "the table of the folder",
        }
        choices.rows.append(like | key | own)
    return table_year


def _assumptions_are_inputs(folder: Folder) -> None:
    """Assumed factors are inputs like others."""
    assumptions = folder.drop(ASSUMPTIONS)
    values = folder.table(INPUT_VALUES)
    for row in assumptions.rows:
        varied = row["low"] != row["high"]
        values.rows.append(
            dict.fromkeys(values.header, "")
            | {
                "input_name": f"{row['column_name']}_factor",
                "element_id": "-",
                "low": row["low"] if varied else "",
                "central": row["central"],
                "high": row["high"] if varied else "",
                "distribution": "triangular" if varied else "",
                "uncertainty_kind": "assumption" if varied else "",
            }
            | {
                column: row[column]
                for column in ("unit", "provenance", "source_id", "rationale_zh", "rationale_en")
            }
        )


def _components_have_a_method(folder: Folder) -> None:
    """Components belong to a method; those of the first one keep the names of the folder."""
    old = folder.drop(COMPONENTS)
    names = {row["component_id"]: row for row in old.rows}
    if names.keys() != FIRST_COMPONENTS:
        raise UserError(
            f"{COMPONENTS}: another tree than that of {FIRST_METHOD}, which no formula computes; "
            "write its formulas to method/steps.csv by hand"
        )
    for row in read_table(folder.shipped / METHOD_COMPONENTS).rows:
        if row["method_id"] == FIRST_METHOD:
            renamed = row | {k: v for k, v in names[row["component_id"]].items() if k in row}
            if renamed != row:
                folder.table(METHOD_COMPONENTS).rows.append(renamed)


def _disclosures_have_vintages(folder: Folder) -> None:
    """A disclosure may have a date of its own and restate another."""
    disclosures = folder.table(DISCLOSURES)
    at = disclosures.header.index("note")
    disclosures.header[at:at] = ["published_on", "supersedes"]


def _figures_are_quoted(folder: Folder) -> None:
    """A figure has its wording, and a figure in words its threshold."""
    ledger = folder.table(LEDGER)
    for column, before in _LATER_COLUMNS:
        if column not in ledger.header:
            ledger.header.insert(ledger.header.index(before), column)


def _strengths_are_by_rule(folder: Folder) -> None:
    """How strong a check is follows from the links; a rate that the report claims is one."""
    links = folder.table(LINKS)
    links.header.remove("basis")
    for row in links.rows:
        if row.pop("basis") == "claimed":
            row["relation"] = "claims"


def _verdicts_are_by_rule(folder: Folder) -> None:
    """No verdict is accepted any more; a figure that contradicts what is known is excused."""
    for row in folder.drop(VERDICTS).rows:
        if row["verdict"] == "contradicted":
            excuses = folder.table(EXCUSES)
            excuses.rows.append(
                {name: row[name] for name in ("report_id", "figure_id")}
                | {
                    "aspect": "contradiction",
                    "reason_zh": "先前已认可的不一致",
                    "reason_en": "accepted before as a contradiction",
                    "provenance": "assumed",
                }
            )


def _estimates_have_a_unit(folder: Folder) -> None:
    """An estimate of others is one number with its unit; what stood beside it goes to the note."""
    estimates = folder.table(ESTIMATES)
    estimates.header = [name for name in estimates.header if name not in _OLD_PARTS]
    at = estimates.header.index("total_jobs_wan")
    estimates.header[at : at + 1] = ["value", "unit"]
    for row in estimates.rows:
        row |= {"value": row.pop("total_jobs_wan"), "unit": "wan_jobs"}
        parts = [f"{name} {text}" for name in _OLD_PARTS if (text := row.pop(name))]
        row["note"] = "; ".join(filter(None, (row["note"], *parts)))


def _what_is_disclosed_was_published(folder: Folder) -> None:
    """What a report published of itself is disclosed by its source, and no kind of a cell."""
    for name, table in folder.own.items():
        for row in table.rows:
            if row.get("provenance") == DISCLOSED:
                row["provenance"] = "published"
                folder.changed.add(name)


def _stands_beside(folder: Path) -> bool:
    """Whether the folder is of a time when own rows stood beside the shipped ones already."""
    return (folder / SETTINGS_FILE).exists() or any(
        (folder / name).is_dir() for name in ("report", "method")
    )


def _settings(folder: Folder, schemas: Sequence[SeedSchema]) -> str:
    """Give the text of inputs.yml with which the folder leaves out what its tables left out.

    A table took the place of the shipped one as a whole; now its rows stand beside those.
    """
    platforms = folder.path / PLATFORMS
    if platforms.is_file():
        shipped = {row["platform_id"] for row in read_table(folder.shipped / PLATFORMS).rows}
        if not shipped & {row["platform_id"] for row in read_table(platforms).rows}:
            return "shipped: none\n"
    without = {}
    for schema in schemas:
        # own rows of a sample take the place of all its shipped ones
        is_whole = schema.replaces_by == schema.unique_key
        if schema.belongs_to and is_whole and (folder.path / schema.file).is_file():
            own = folder.own.get(schema.file) or read_table(folder.path / schema.file)
            keys = [_key(row, schema) for row in own.rows]
            shipped_rows = read_table(folder.shipped / schema.file).rows
            if absent := [key for row in shipped_rows if (key := _key(row, schema)) not in keys]:
                without[schema.file.removesuffix(".csv")] = absent
    return yaml.safe_dump({"shipped": "all", "without": without}) if without else ""


def _key(row: Row, schema: SeedSchema) -> list[str]:
    return [row[column] for column in schema.unique_key]


# what the changes write to besides
_TOUCHED = {INPUT_VALUES, REPORTS, METHOD_COMPONENTS, CHOICES, EXCUSES}
# of the ledger, each with the one before which it stands
_LATER_COLUMNS = (("threshold", "period"), ("threshold_unit", "period"), ("quotation", "note"))
_OLD_CHOICES = (
    *("coefficient_source", "mean_turnover_source", "table_year", "ratio_definition"),
    "assumption_level",
)
_OLD_PARTS = (
    *("direct_jobs_wan", "indirect_jobs_wan", "content_jobs_wan", "e_commerce_jobs_wan"),
    "supply_chain_ratio",
)
_IMPORTS = {"total_use": "as_home_made", "domestic_use": "domestic"}


def _lacks(header: Sequence[str], later: str, key: str) -> bool:
    """Whether a table, known by its key, is of the time before it had a column."""
    return key in header and later not in header


CHANGES = (
    Change(
        SCENARIOS,
        lambda header: {"scenario_id", "method_id"} & set(header) == {"scenario_id"},
        _name_the_method,
    ),
    Change(SCENARIOS, lambda header: "report_window_end" in header, _reports_are_rows),
    Change(SCENARIOS, lambda header: "coefficient_source" in header, _scenarios_take_options),
    Change(
        DISCLOSURES,
        lambda header: _lacks(header, "supersedes", "disclosure_id"),
        _disclosures_have_vintages,
    ),
    Change(ESTIMATES, lambda header: "total_jobs_wan" in header, _estimates_have_a_unit),
    Change(LEDGER, lambda header: _lacks(header, "quotation", "figure_id"), _figures_are_quoted),
    Change(LINKS, lambda header: "basis" in header, _strengths_are_by_rule),
    Change(VERDICTS, lambda header: "verdict" in header, _verdicts_are_by_rule),
    Change(ASSUMPTIONS, lambda header: "assumption_id" in header, _assumptions_are_inputs),
    Change(COMPONENTS, lambda header: "component_id" in header, _components_have_a_method),
)
