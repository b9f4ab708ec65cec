"""From the tables of the warehouse to the rows of est_multipliers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from io_tables import ECONOMY, TABLE_ID

from platform_employment.multipliers.table_frames import (
    COLUMNS,
    Frames,
    estimate_multipliers,
    with_baskets,
)
from platform_employment.validation.report import check_table
from platform_employment.validation.schemas import SeedSchema, load_schemas

RANKS = {"disclosed": 1, "published": 2, "derived": 3, "assumed": 4, "synthetic": 5}
TABLE = "china_2017_42"


def shipped_frames() -> Frames:
    """The seeds as staging types them."""

    def seed(name: str, **numbers: type) -> pd.DataFrame:
        frame = pd.read_csv(ECONOMY / f"{name}.csv", dtype=str).astype(numbers)
        frame = frame[frame["table_id"] == TABLE_ID] if "table_id" in frame else frame
        return frame.assign(seed=f"economy/{name}.csv", seed_line=range(2, len(frame) + 2))

    return Frames(
        tables=seed("input_output_tables"),
        sectors=seed("sectors"),
        flows=with_baskets(seed("input_output_flows", value=float), seed("input_output_baskets")),
        employment=seed("sector_employment_reconstruction", year=int, employed_persons_wan=float),
        national=seed("national_employment", year=int, employed_persons_wan=float),
        totals=seed("input_output_totals", table_year=int, sectors=int),
    )


def failed(frames: Frames) -> list[tuple[str, str, str, int | None]]:
    """Check, message, seed and line of what failed; no multiplier is there then."""
    rows = estimate_multipliers(frames, RANKS)
    assert list(rows.columns) == list(COLUMNS)
    bad = rows[rows["outcome"] == "failed"]
    assert bad.empty or "multiplier" not in set(rows["record"])
    return [
        (
            row["check_id"],
            row["found"],
            row["seed"],
            None if pd.isna(row["seed_line"]) else row["seed_line"],
        )
        for row in bad.to_dict("records")
    ]


def test_shipped_table() -> None:
    """Multipliers with the weakest provenance of what they depend on, and checks with lines."""
    assert failed(shipped_frames()) == []
    rows = estimate_multipliers(shipped_frames(), RANKS)
    one = rows[rows["record"] == "multiplier"]
    assert set(one["provenance"].groupby(one["quantity"]).first().items()) == {
        ("jobs", "derived"), ("income", "published"), ("output", "published"),
    }  # fmt: skip
    assert not one.duplicated(
        ["import_convention", "multiplier_type", "quantity", "demand", "sector_code"]
    ).any()
    jobs = one[(one["quantity"] == "jobs") & (one["import_convention"] == "domestic")]
    every = jobs[jobs["demand"] == "all_final_use"].iloc[0]
    assert every["indirect_over_direct"] == pytest.approx(1.365, abs=5e-4)
    assert (every["table_year"], every["sectors"]) == (2017, 42)
    noted = rows[rows["check_id"] == "value_added"].iloc[0]
    lines = (ECONOMY / "input_output_flows.csv").read_text(encoding="utf-8").splitlines()
    assert noted["seed"] == "economy/input_output_flows.csv"
    assert lines[noted["seed_line"] - 1] == f"{TABLE},value_added,VA002,01,-3410.6164"


def edited(frame: pd.DataFrame, row: int, column: str, value: str | float) -> pd.DataFrame:
    """The frame with one cell changed."""
    frame = frame.copy()
    frame.loc[frame.index[row], column] = value
    return frame


FLOWS = "economy/input_output_flows.csv"
JOBS = "economy/sector_employment_reconstruction.csv"
FAULTS: dict[str, tuple[Callable[[Frames], Frames], tuple[str, str, str, int | None]]] = {
    "a negative flow": (
        lambda of: replace(of, flows=edited(of.flows, 0, "value", -1.0)),
        ("intermediate_flows", "domestic 01 to 01 is -1.0000", FLOWS, 2),
    ),
    "an unknown code": (
        lambda of: replace(of, flows=edited(of.flows, 5, "row_code", "99")),
        (
            "codes",
            "99 is not among the table's sectors: it cannot be a row of domestic flows",
            FLOWS,
            7,
        ),
    ),
    "jobs of no sector": (
        lambda of: replace(of, employment=edited(of.employment, 3, "sector_code", "99")),
        ("jobs_of_sectors", "the table has no sector 99 that has jobs", JOBS, 5),
    ),
    "jobs of two years": (
        lambda of: replace(of, employment=edited(of.employment, 3, "year", 2016)),
        ("jobs_year", "jobs are of several years: [2016, 2017]", JOBS, None),
    ),
    "a table that is not registered": (
        lambda of: replace(of, employment=edited(of.employment, 3, "table_id", "other")),
        ("table", "no row of economy/input_output_tables.csv is other", JOBS, 5),
    ),
    "a table without flows": (
        lambda of: replace(of, flows=of.flows.iloc[:0], employment=of.employment.iloc[:0]),
        ("table", "the table has no flows", FLOWS, None),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_line(fault: str) -> None:
    """A user's mistake is a row with seed and line."""
    spoil, expected = FAULTS[fault]
    assert expected in failed(spoil(shipped_frames()))


def test_two_tables_stand_beside_each_other() -> None:
    """A second table changes nothing of the first."""
    frames = shipped_frames()

    def twice(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame, frame.assign(table_id="second")], ignore_index=True)

    both = estimate_multipliers(
        replace(
            frames,
            tables=twice(frames.tables),
            sectors=twice(frames.sectors),
            flows=twice(frames.flows),
        ),
        RANKS,
    )
    first = both[both["table_id"] == TABLE]
    pd.testing.assert_frame_equal(first, estimate_multipliers(frames, RANKS))
    second = both[(both["table_id"] == "second") & (both["record"] == "multiplier")]
    assert set(second["quantity"]) == {"output", "income"}


def test_no_table_at_all() -> None:
    """Own data may leave out the shipped table."""
    empty = shipped_frames().of("none")
    assert estimate_multipliers(empty, RANKS).empty


def test_flows_may_be_larger_than_other_tables(tmp_path: Path) -> None:
    """A table of 153 sectors has more than a mebibyte of cells; the others stay small."""
    schemas = {schema.name: schema for schema in load_schemas(ECONOMY.parent)}

    def code(schema: SeedSchema) -> list[str]:
        path = tmp_path / f"{schema.name}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write(",".join(schema.header) + "\n")
            for number in range(60_000):
                file.write(f"t,domestic,r{number},c,1.5\n" if "origin" in schema.header else "x\n")
        assert path.stat().st_size > 100_000
        return [finding.code for finding in check_table(path, schema).findings]

    assert code(schemas["input_output_flows"]) == []
    small = replace(schemas["input_output_flows"], most_mebibytes=1)
    assert code(small) == ["too_large"]
