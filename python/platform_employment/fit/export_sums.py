"""The command `export-sums`: the one table that a platform with private microdata transfers.

A row holds sums over at least ten merchants. What belongs to one merchant, such as the lowest
turnover, is rounded outward; the curve that follows from the row stays the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.command_help import add_command
from platform_employment.errors import UserError
from platform_employment.project import add_project_dir, find_project
from platform_employment.reading import sha256_of
from platform_employment.warehouse import add_place, find_warehouse, open_warehouse

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

Row = dict[str, Any]

MIN_CELL = 10  # merchants behind any number of the file, or behind the difference of two
# above it one merchant decides the curve, and the curve shows its productivity
MAX_LEVERAGE = 0.9
ALL = "-"
MODEL = Path("models/intermediate/fit/int_fit__sums.sql")
_SUMS = "select * from intermediate.int_fit__sums order by platform_id, sample_id, industry_code"


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = add_command(
        subparsers,
        "export-sums",
        "write sums of private microdata that a platform can share",
        f"Writes int_fit__sums as one Parquet file. Rows of fewer than {MIN_CELL} merchants are"
        " left out, and so are rows that subtraction would reveal. Earlier files in the folder"
        " count as known to the reader.",
        ["export-sums --to exports"],
    )
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help="folder of exports")
    add_place(parser)
    add_project_dir(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    sql = (find_project(arguments.project_dir) / MODEL).read_text(encoding="utf-8")
    with open_warehouse(find_warehouse(arguments.database, arguments.release)) as warehouse:
        rows = warehouse.rows(_SUMS)
    earlier = [row for path in sorted(arguments.to.glob("*.parquet")) for row in _read(path)]
    released, notes = releasable(rows, earlier)
    for note in notes:
        print(note)
    if not released:
        raise UserError(
            "no row may leave: int_fit__sums has no sample of enough merchants; build with "
            "--vars 'max_merchants_in_memory: 9' to compute the sums of smaller samples"
        )
    path = write(released, arguments.to, sql)
    print(f"{len(released)} of {len(rows)} rows written to {path}; SHA-256 {sha256_of(path)}")
    return 0


def releasable(
    rows: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[Row], list[str]]:
    """Return the rows that may leave, without values of one merchant, and what was left out.

    Args:
        rows: of `int_fit__sums`.
        earlier: rows of files that were transferred before.
    """
    samples: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        samples[row["platform_id"], row["sample_id"]].append(row)
    released: list[Row] = []
    notes: list[str] = []
    for (platform, sample), cells in samples.items():
        name = f"{platform}/{sample}"
        known = [
            row for row in earlier if (row["platform_id"], row["sample_id"]) == (platform, sample)
        ]
        (total,) = [cell for cell in cells if cell["industry_code"] == ALL]
        if not _is_safe(total):
            notes.append(f"{name}: nothing, too few merchants or one of them decides the curve")
            continue
        industries = _industries(cells, total["nobs"])
        kept = [coarsened(cell) for cell in (total, *industries)]
        if known and not _same(kept, known):
            # with two files only the totals are comparable, and their difference is a group
            changes = [
                abs(row["nobs"] - total["nobs"]) for row in known if row["industry_code"] == ALL
            ]
            if min(changes) < MIN_CELL:
                notes.append(
                    f"{name}: nothing, an earlier file differs by fewer than {MIN_CELL} merchants"
                )
                continue
            kept = kept[:1]
        if left_out := len(cells) - len(kept):
            notes.append(f"{name}: {left_out} of {len(cells)} rows left out")
        released += kept
    return released, notes


def _is_safe(cell: Mapping[str, Any]) -> bool:
    leverage = cell["largest_leverage"]
    # without a curve the row would hold nothing but the bounds: values of one merchant each
    return cell["nobs"] >= MIN_CELL and leverage is not None and leverage <= MAX_LEVERAGE


def _industries(cells: Sequence[Mapping[str, Any]], merchants: int) -> list[Mapping[str, Any]]:
    """Return the industries that may leave with their total: the rest is a group too."""
    industries = [cell for cell in cells if cell["industry_code"] != ALL]
    kept = sorted(filter(_is_safe, industries), key=lambda cell: int(cell["nobs"]))
    while kept and 0 < merchants - sum(cell["nobs"] for cell in kept) < MIN_CELL:
        del kept[0]
    return sorted(kept, key=lambda cell: str(cell["industry_code"]))


def coarsened(cell: Mapping[str, Any]) -> Row:
    """Return a row whose bounds, leverage and weights are of no merchant, with the same curve.

    The orthonormal polynomials are functions of turnover; other bounds change their coefficients
    in the position u alone.
    """
    row = dict(cell)
    old_low, old_range = float(row["lowest_wan_yuan"]), float(row["range_wan_yuan"])
    low = _outward(old_low, math.floor)
    span = _outward(old_low + old_range, math.ceil) - low
    alpha, beta = old_range / span, (old_low - low) / span
    m = alpha * row["m"] + beta
    row |= {
        "lowest_wan_yuan": low,
        "range_wan_yuan": span,
        "m": m,
        "r": alpha**2 * row["r"] - beta**2 + 2 * beta * m,
        "k": alpha * row["k"] + 2 * beta,
        "a1": row["a1"] / alpha,
        "a2": row["a2"] / alpha**2,
        "zz": alpha**2 * row["zz"],
        **{f"z{j}": alpha * row[f"z{j}"] for j in range(3)},
        **_of_design(row, alpha),
        "largest_leverage": min(_outward(row["largest_leverage"], math.ceil), MAX_LEVERAGE),
    }
    if row["lowest_weight"] != row["highest_weight"]:
        row["lowest_weight"] = _outward(row["lowest_weight"], math.floor)
        row["highest_weight"] = _outward(row["highest_weight"], math.ceil)
    outside = int(row["merchants_outside_domain"])
    if min(outside, row["nobs"] - outside) < MIN_CELL and outside not in (0, row["nobs"]):
        row["merchants_outside_domain"] = row["turnover_share_outside_domain"] = None
    return row


def _of_design(row: Row, alpha: float) -> Row:
    """Return the covariances with the mean position where the sample has a declared design."""
    if row.get("design_units") is None:
        return {}
    with_mean = {f"v{j}3": alpha * row[f"v{j}3"] for j in range(3)}
    return with_mean | {"v33": alpha**2 * row["v33"]}


def _outward(value: float, rounding: Any) -> float:
    """Round to the next number of one significant digit that is not the value itself."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(value))
    steps = value / unit
    rounded = rounding(steps)
    if rounded == steps:
        rounded += 1 if rounding is math.ceil else -1
    return float(rounded * unit)


def _same(kept: Sequence[Row], known: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether each row was transferred before, up to the order of addition."""

    def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        return all(
            one[name] == other[name]
            or (
                isinstance(one[name], float)
                and isinstance(other[name], float)
                and math.isclose(one[name], other[name], rel_tol=1e-9)
            )
            for name in ("industry_code", "nobs", "p0", "pp", "s0")
        )

    return all(any(is_same(row, before) for before in known) for row in kept)


def write(rows: Sequence[Row], folder: Path, sql: str) -> Path:
    """Write rows as one Parquet file that holds its SQL; return its path."""
    import pyarrow as pa  # noqa: PLC0415  the command line must start fast
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    words = {"industry_code", "platform_id", "sample_id"}
    whole = {"nobs", "merchants_outside_domain", "design_strata"}
    table = pa.table(
        {
            name: pa.array(
                [row[name] for row in rows],
                pa.string() if name in words else pa.int64() if name in whole else pa.float64(),
            )
            for name in rows[0]
        }
    )
    about = {
        "sql": sql,
        "sql_sha256": hashlib.sha256(sql.encode()).hexdigest(),
        "platform_employment": version("platform_employment"),
        "min_cell": str(MIN_CELL),
    }
    content = hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
    path = folder / f"sums_{content[:12]}.parquet"
    pq.write_table(table.replace_schema_metadata(about), path)
    return path


def _read(path: Path) -> list[Row]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows
