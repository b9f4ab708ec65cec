"""What a reader of exported sums tries in order to single out a merchant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT_DIR

from platform_employment.cli import main
from platform_employment.fit.design import Design
from platform_employment.fit.export_sums import MIN_CELL, MODEL, coarsened, releasable, write
from platform_employment.fit.sums import fit_of_sums

Merchants = Sequence[tuple[str, float, int]]
Row = dict[str, Any]

USER_MISTAKE = 2
LEAST_FOR_A_CURVE = 4


def sums(merchants: Merchants) -> list[Row]:
    """The rows of int_fit__sums of equal weights, here in numpy: a basis by QR."""
    industries = sorted({industry for industry, *_ in merchants})
    rows = []
    for industry in ["-", *industries]:
        own = [row for row in merchants if industry in ("-", row[0])]
        x = np.array([turnover for _, turnover, _ in own])
        p = x / np.array([headcount for *_, headcount in own])
        n, low, span = len(own), float(x.min()), float(np.ptp(x))
        row: Row = {"platform_id": "a", "sample_id": "s", "industry_code": industry, "nobs": n}
        row |= {"lowest_wan_yuan": low, "range_wan_yuan": span, "s0": float(n)}
        row |= {"p0": p.sum(), "pp": (p**2).sum(), "lowest_weight": 1.0, "highest_weight": 1.0}
        if n < LEAST_FOR_A_CURVE:
            rows.append(row | {"largest_leverage": None})
            continue
        u = (x - low) / span
        m, r = u.mean(), (u**2).mean()
        variance = ((u - m) ** 2).sum()
        k = ((u**2 - r) * (u - m)).sum() / variance
        rest = u**2 - k * (u - m) - r
        a = [1 / math.sqrt(n), 1 / math.sqrt(variance), 1 / math.sqrt((rest**2).sum())]
        q = np.array([np.full(n, a[0]), a[1] * (u - m), a[2] * rest])
        c = q @ p
        e, z = p - c @ q, u - m
        h = (q**2).sum(axis=0)
        f_squared = (c[1:] @ q[1:]) ** 2
        row |= {"m": m, "r": r, "k": k, **{f"a{j}": a[j] for j in range(3)}}
        for j in range(3):
            row |= {f"c{j}": c[j], f"d{j}": e @ q[j], f"z{j}": (z * e) @ q[j]}
            row |= {f"reset{j}": f_squared @ q[j], f"squares{j}": e**2 @ q[j]}
            for i in range(j + 1):
                row |= {f"g{i}{j}": (e**2 * q[i]) @ q[j]}
                row |= {f"g3_{i}{j}": (e**2 / (1 - h) ** 2 * q[i]) @ q[j]}
        row |= {"rss": e @ e, "largest_leverage": h.max(), "zz": z @ z}
        row |= {"squares_squared": (e**4).sum(), "reset_squared": (f_squared**2).sum()}
        row |= {"reset_residual": f_squared @ e, "merchants_outside_domain": 0}
        row |= {"turnover_share_outside_domain": 0.0}
        rows.append({name: _plain(value) for name, value in row.items()})
    return rows


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, np.floating) else value


def invented(counts: dict[str, int], seed: int = 1) -> list[tuple[str, float, int]]:
    draws = np.random.default_rng(seed)
    return [
        (industry, round(float(turnover), 2), int(draws.integers(1, 9)))
        for industry, count in counts.items()
        for turnover in draws.uniform(13.37, 247.91, count)
    ]


def industries(rows: Sequence[Row]) -> dict[str, int]:
    return {row["industry_code"]: row["nobs"] for row in rows}


def test_a_cell_under_ten_merchants_stays_out() -> None:
    rows, notes = releasable(sums(invented({"eight": 8, "nine": 9, "ten": 10, "many": 40})))
    assert industries(rows) == {"-": 67, "many": 40, "ten": 10}
    assert notes == ["a/s: 2 of 5 rows left out"]


def test_total_minus_industries_is_no_merchant() -> None:
    rows, _ = releasable(sums(invented({"one": 1, "twelve": 12, "many": 40})))
    assert industries(rows) == {"-": 53, "many": 40}  # the rest is 13 merchants
    rest = rows[0]["nobs"] - sum(row["nobs"] for row in rows[1:])
    assert rest >= MIN_CELL


def test_two_files_differ_by_no_merchant() -> None:
    before = invented({"food": 30, "books": 30})
    first, _ = releasable(sums(before))
    again, _ = releasable(sums(before), first)
    assert again == first
    one_more, notes = releasable(sums([*before, ("food", 77.77, 3)]), first)
    assert one_more == []
    assert notes == ["a/s: nothing, an earlier file differs by fewer than 10 merchants"]
    replaced, _ = releasable(sums([*before[1:], ("food", 77.77, 3)]), first)
    assert replaced == []
    # one merchant in books, eleven in food: an industry would give the one away
    more = [*before, ("books", 77.77, 3), *invented({"food": 11}, seed=2)]
    assert industries(releasable(sums(more), first)[0]) == {"-": 72}


def test_no_value_of_a_row_is_of_one_merchant() -> None:
    merchants = invented({"food": 40})
    (row, _), _ = releasable(sums(merchants))
    turnovers = {turnover for _, turnover, _ in merchants}
    low, high = row["lowest_wan_yuan"], row["lowest_wan_yuan"] + row["range_wan_yuan"]
    assert not turnovers & {low, round(high, 2)}
    assert low < min(turnovers)
    assert high > max(turnovers)
    # the leverage of the farthest merchant is solved for its position
    exact = sums(merchants)[0]["largest_leverage"]
    assert row["largest_leverage"] >= exact * 1.0001
    assert float(f"{row['largest_leverage']:.0e}") == pytest.approx(row["largest_leverage"])


def test_a_merchant_that_decides_the_curve_stays_in() -> None:
    merchants = [*invented({"food": 40}), ("food", 90000.0, 2)]
    assert releasable(sums(merchants))[0] == []


def test_the_fit_of_a_file_is_that_of_the_sums() -> None:
    row = sums(invented({"food": 400}))[0]
    row |= {"merchants_outside_domain": 3, "turnover_share_outside_domain": 0.01}
    design = Design("random")
    found, expected = fit_of_sums(coarsened(row), design), fit_of_sums(row, design)
    for one, other in zip(found.coefficients, expected.coefficients, strict=True):
        for name in ("estimate", "std_error", "p_value"):
            assert one[name] == pytest.approx(other[name], rel=1e-7), name
    for name in ("mean_turnover_wan_yuan", "mean_productivity_wan_yuan_per_job", "r_squared"):
        assert found.numbers[name] == pytest.approx(expected.numbers[name], rel=1e-8), name
    assert found.numbers["merchants_outside_domain"] is None


def test_a_file_holds_its_sql_and_no_merchant(tmp_path: Path) -> None:
    sql = (PROJECT_DIR / MODEL).read_text(encoding="utf-8")
    rows, _ = releasable(sums(invented({"food": 30})))
    path = write(rows, tmp_path, sql)
    table = pq.read_table(path)
    assert table.schema.metadata[b"sql"].decode() == sql
    assert "merchant_id" not in table.column_names
    assert industries(table.to_pylist()) == {"-": 30, "food": 30}


def test_the_command_writes_what_may_leave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, folder = tmp_path / "built.duckdb", tmp_path / "exports"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema intermediate")
        columns = ", ".join(
            f"{name} {'varchar' if isinstance(value, str) else 'double'}"
            for name, value in sums(invented({"food": 30}))[0].items()
        )
        connection.execute(f"create table intermediate.int_fit__sums ({columns})")
    command = ["export-sums", "--to", str(folder), "--database", str(database)]
    command += ["--project-dir", str(PROJECT_DIR)]
    assert main(command) == USER_MISTAKE
    assert "max_merchants_in_memory" in capsys.readouterr().err
    with duckdb.connect(str(database)) as connection:
        for row in sums(invented({"food": 30, "one": 1})):
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            connection.execute(
                f"insert into intermediate.int_fit__sums ({names}) values ({marks})",
                list(row.values()),
            )
    assert main(command) == 0
    # the 30 of food would give away the one merchant that is left
    assert "2 of 3 rows left out" in capsys.readouterr().out
    (path,) = folder.glob("*.parquet")
    assert industries(pq.read_table(path).to_pylist()) == {"-": 31}
