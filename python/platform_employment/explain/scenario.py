"""Saves what was asked as a scenario of own data: a new folder, or rows of one that is there."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from platform_employment.errors import UserError
from platform_employment.reading import MEBIBYTE, read_text
from platform_employment.warehouse import IS_CHAIN, Chain, Row, Warehouse

SCENARIOS = "reference/scenarios.csv"
VALUES = "platform/input_values.csv"
# in the order of the table
COLUMNS = ["platform_id", "scenario_id", "method_id", "name_zh", "name_en", "choices", "sample_id"]
COLUMNS += ["description_zh", "description_en", "provenance", "source_id"]
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_SHIPPED = "seeds"


def scenarios_of(warehouse: Warehouse, chain: Chain) -> dict[str, Row]:
    """Return the scenarios of the platform by name."""
    rows = warehouse.rows(
        "select * from marts.dim_scenarios where platform_id = ?", chain.platform_id
    )
    return {row["scenario_id"]: row for row in rows}


def new_name(warehouse: Warehouse, chain: Chain, folder: Path, name: str | None) -> str:
    """Return the name of the new scenario: the one that is given, or the one of its new folder.

    Raises:
        UserError: it is no name or not new, or the folder does not have what the estimate depends
        on.
    """
    is_there = any(folder.glob("*/*.csv"))
    if is_there and not name:
        raise UserError(f"{folder}: has tables already; --name NAME adds a scenario to them")
    own = sorted({seed.partition("/")[0] for seed in _seeds(warehouse, chain)} - {_SHIPPED})
    if own and not is_there:
        raise UserError(
            f"{folder}: the estimate depends on the rows of {', '.join(own)}: "
            "--save that folder --name NAME adds the scenario to it"
        )
    known = set(scenarios_of(warehouse, chain))
    if is_there and (folder / SCENARIOS).is_file():
        lines = read_text(folder / SCENARIOS, MEBIBYTE, inside=folder).splitlines()
        known |= {row.get("scenario_id", "") for row in csv.DictReader(lines)}
    scenario_id = name or folder.resolve().name
    if not _CODE.fullmatch(scenario_id) or scenario_id in known:
        what = f"{name}: --name" if name else f"{folder}: its last name"
        raise UserError(f"{what} becomes a new scenario: a-z, 0-9 and _")
    return scenario_id


def _seeds(warehouse: Warehouse, chain: Chain) -> list[str]:
    """Return the files that the inputs and the formulas of an estimate are in."""
    rows = warehouse.rows(
        f"select seed from audit.aud_inputs where {IS_CHAIN} and seed is not null"
        " union select steps.seed from marts.dim_steps as steps"
        " inner join marts.dim_scenarios as scenarios using (method_id)"
        " where scenarios.scenario_key = ?",
        *chain,
        f"{chain.platform_id}/{chain.scenario_id}",
    )
    return [row["seed"] for row in rows]


def write(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Write rows by table; those that the folder has stay.

    Raises:
        UserError: a table of the folder has other columns.
    """
    texts = {}
    for table, rows in tables.items():
        path, header = folder / table, list(rows[0])
        if path.is_file():
            texts[path] = read_text(path, MEBIBYTE, inside=folder)
            if next(csv.reader(texts[path].splitlines()), []) != header:
                raise UserError(f"{path}: not as today; run platform-employment check {folder}")
    for table, rows in tables.items():
        path = folder / table
        path.parent.mkdir(parents=True, exist_ok=True)
        before = texts.get(path, "")
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            if not before:
                writer.writeheader()
            elif not before.endswith("\n"):
                file.write("\n")
            writer.writerows(rows)
