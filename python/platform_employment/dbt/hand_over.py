"""What one engine hands the other: small tables as Parquet, and a manifest that is written last.

Where merchants are counted on Apache Spark, DuckDB hands over what that needs of the small tables
(`inputs`), Spark the sums over the merchants (`sums`), DuckDB the fits made from them (`fits`), and
Spark what a second scan adds (`residuals`). The folder is one that both engines see by one name.

    inputs/waivers.parquet ...          written by macros/duckdb__hand_over.sql
    sums/<invocation>/<table>/*.parquet, sums/manifest/*.json        by macros/spark__hand_over.sql

A step without a manifest was not done, whatever files there are: nothing half is ever read.

Of a ledger in partitions the typed rows that a run has judged stay too, so that a later day need
not judge them again; `kept` are the sums of the days before, as they were handed over.

    rows/<invocation>/*.parquet         named by the manifest of the sums
    kept/                               what was sums/
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_employment.errors import UserError
from platform_employment.formatting import quoted
from platform_employment.project import named_path

HAND_OVER_VARIABLE = "PLATFORM_EMPLOYMENT_HAND_OVER"
ENGINE_VARIABLE = "PLATFORM_EMPLOYMENT_MERCHANTS_ON"
ENGINES = ("spark", "duckdb")
KEPT = "kept"
ROWS = "rows"
SUMS = "sums"
RESIDUALS = "residuals"
SPARK_STEPS = (SUMS, RESIDUALS)
# a histogram on a logarithmic scale: steps to a power of ten, from 10^-10 to 10^10
_STEPS = 200
_FIRST_STEP, _LAST_STEP = -2000, 2000


@dataclass(frozen=True)
class HandedTable:
    """A table that Spark has handed over; files: its Parquet."""

    name: str
    rows: int
    files: tuple[Path, ...]
    sha256: str


@dataclass(frozen=True)
class KeptRows:
    """Typed rows of a run: how many, and the bytes of their files."""

    run: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class HandedStep:
    """A step that an engine has done: by whom, from what, and its tables by name.

    fingerprint: of the small tables that it rests on; rules: of the gates; kept_rows: of all
    partitions, nothing of a ledger without.
    """

    step: str
    invocation_id: str
    engine: str
    engine_version: str
    ledger: str
    snapshot: str
    fingerprint: str
    rules: str
    kept_rows: tuple[KeptRows, ...]
    tables: Mapping[str, HandedTable]


@dataclass(frozen=True)
class HandOver:
    """The folder of a hand-over, and the steps that Spark has done.

    kept: the sums of the days before; counts_here: DuckDB counts, and hands over, itself.
    """

    folder: Path
    steps: Mapping[str, HandedStep]
    kept: HandedStep | None = None
    counts_here: bool = False

    @property
    def fits(self) -> Path:
        """The folder of the fits from the sums that are there: others rest on others."""
        sums = self.steps.get(SUMS)
        return self.folder / "fits" / (sums.invocation_id if sums else "none")

    @property
    def tables(self) -> Mapping[str, HandedTable]:
        """All tables of these steps by name."""
        return {name: table for step in self.steps.values() for name, table in step.tables.items()}

    def kept_tables(self) -> dict[str, list[str]]:
        """The files of each table that is kept, as patterns that both engines read."""
        if self.kept is None:
            return {}
        tables = {
            name: [str(file) for file in table.files] for name, table in self.kept.tables.items()
        }
        return tables | {
            "stg_survey__accepted_lines": [
                f"{self.folder}/{ROWS}/{rows.run}/*.parquet" for rows in self.kept.kept_rows
            ]
        }


def named_hand_over(project: Path) -> HandOver | None:
    """Give the hand-over that the environment names.

    Raises UserError where there is no such folder, or where a file is not what its manifest says.
    """
    named = os.environ.get(HAND_OVER_VARIABLE)
    if not named:
        return None
    folder = named_path(project, named)
    if not Path(named).is_absolute() or not folder.is_dir():
        raise UserError(
            f"{HAND_OVER_VARIABLE}: {quoted(named)}: no such folder; make one that both engines see"
        )
    engine = os.environ.get(ENGINE_VARIABLE) or ENGINES[0]
    if engine not in ENGINES:
        raise UserError(f"{ENGINE_VARIABLE}: {quoted(engine)}: write {' or '.join(ENGINES)}")
    if engine == "duckdb":
        return HandOver(folder, {}, read_step(folder, KEPT), counts_here=True)
    steps = {step: done for step in SPARK_STEPS if (done := read_step(folder, step))}
    if RESIDUALS in steps and (
        SUMS not in steps or steps[SUMS].snapshot != steps[RESIDUALS].snapshot
    ):
        del steps[RESIDUALS]
    hand_over = HandOver(folder, steps, read_step(folder, KEPT))
    for needed in (folder / "inputs", hand_over.fits):
        needed.mkdir(parents=True, exist_ok=True)
    return hand_over


def read_step(folder: Path, step: str) -> HandedStep | None:
    """Read what Spark has handed over in a step, None without a manifest.

    Raises UserError where a file is not what the manifest says.
    """
    manifest = folder / step / "manifest"
    # Spark renames a file of its own to its place before it writes the mark
    if not (manifest / "_SUCCESS").is_file():
        return None
    lines = [
        line
        for file in sorted(manifest.glob("part-*.json"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    rows = [json.loads(line) for line in lines]
    if not rows:
        return None
    first = rows[0]
    tables = {
        row["table_name"]: _table(folder / step / first["invocation_id"], row) for row in rows
    }
    kept_rows = tuple(KeptRows(**entry) for entry in json.loads(first["kept_rows"]))
    for kept in kept_rows:
        files = (folder / ROWS / kept.run).glob("*.parquet")
        if sum(file.stat().st_size for file in files) != kept.bytes:
            raise UserError(f"{folder / ROWS / kept.run}: not the rows that were kept; count anew")
    return HandedStep(
        tables=tables,
        kept_rows=kept_rows,
        **{
            name: first[name]
            for name in HandedStep.__dataclass_fields__
            if name not in {"tables", "kept_rows"}
        },
    )


def _table(folder: Path, row: Mapping[str, Any]) -> HandedTable:
    files = []
    for entry in row["files"]:
        path = folder / row["table_name"] / entry["name"]
        if not path.is_file() or _sha256(path) != entry["sha256"]:
            raise UserError(f"{path}: not what Spark has handed over; let it do so again")
        files.append(path)
    digest = hashlib.sha256("\n".join(sorted(e["sha256"] for e in row["files"])).encode())
    return HandedTable(row["table_name"], row["row_count"], tuple(files), digest.hexdigest())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def quantile_edges() -> list[float]:
    """Give the least double of each step of the histogram of `merchant_histogram`.

    From step -2000 to 2001: those that `floor(200 * log10(value))` counts in it, by the logarithm
    that DuckDB has from the same library as Python.
    """
    return [_least(step) for step in range(_FIRST_STEP, _LAST_STEP + 2)]


def _least(step: int) -> float:
    value = 10 ** (step / _STEPS)
    while math.floor(_STEPS * math.log10(value)) >= step:
        value = math.nextafter(value, 0)
    while math.floor(_STEPS * math.log10(value)) < step:
        value = math.nextafter(value, math.inf)
    return value
