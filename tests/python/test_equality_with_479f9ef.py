"""Every number of 479f9ef, the commit before the method became data, is still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb
import pytest
from conftest import Project
from equality import (
    EARLIER,
    Difference,
    Excuse,
    Table,
    differences,
    earlier_rows,
    read_excuses,
    read_tables,
    rows_now,
    same,
    unexcused,
)

TABLES = read_tables()
EXCUSES = read_excuses()
GMV = Table("fct_gmv", "", ["quarter"], ["gmv"], {}, [])


def test_each_exported_table_is_in_the_map() -> None:
    assert {table.name for table in TABLES} == {path.stem for path in EARLIER.glob("*.parquet")}
    assert {excuse.table for excuse in EXCUSES} <= {table.name for table in TABLES}
    assert all(excuse.reason for excuse in EXCUSES)
    assert all(reason for table in TABLES for reason in table.gone.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_values_are_those_of_479f9ef(table: Table, built_project: Project) -> None:
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        found = list(differences(table, earlier_rows(table), rows_now(connection, table)))
    excuses = [excuse for excuse in EXCUSES if excuse.table == table.name]
    faults = unexcused(found, excuses)
    assert not faults, "\n".join([f"{len(faults)} differences", *faults[:40]])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (372.90001, 372.90004, True),
        (372.9000, 372.9001, False),
        (-2.4e-06, -2.40001e-06, True),
        (-2.4e-06, -2.41e-06, False),
        (1434517.8228, 1434517.82281, True),
        (None, 0, False),
        (True, 1, False),
        ("assumed", "derived", False),
    ],
)
def test_values_are_compared_by_four_decimals(
    before: object, after: object, expected: bool
) -> None:
    assert same(before, after) is expected


def test_a_moved_missing_or_added_row_is_found() -> None:
    def row(quarter: str, gmv: float) -> Mapping[str, object]:
        return {"quarter": quarter, "gmv": gmv}

    before = [row("2020q4", 1771), row("2021q1", 1185)]
    after = [row("2020q4", 1772), row("2021q2", 1454)]
    moved = Difference("fct_gmv", ("2020q4",), "gmv", 1771, 1772)
    missing = Difference("fct_gmv", ("2021q1",), "", "a row", "none")
    added = Difference("fct_gmv", ("2021q2",), "", "none", "a row")
    assert list(differences(GMV, before, after)) == [moved, missing, added]
    within = replace(GMV, within=["quarter"])
    assert list(differences(within, before, after)) == [moved, missing]
    with pytest.raises(ValueError, match="2 rows, 1 keys"):
        list(differences(GMV, before, [after[0], after[0]]))
    with pytest.raises(ValueError, match="columns not in the map"):
        list(differences(replace(GMV, columns=[]), before, after))


def test_an_excuse_covers_its_difference_and_must_be_needed() -> None:
    moved = Difference("fct_gmv", ("kuaishou", "2020q4"), "gmv", 1771, 1772)
    excuse = Excuse("fct_gmv", "kuaishou / 2020q4", "gmv", "restated")
    assert unexcused([moved], [excuse]) == []
    assert unexcused([moved], [replace(excuse, row="*")]) == []
    other = replace(excuse, column="half_width")
    assert unexcused([moved], [other]) == [
        "fct_gmv kuaishou / 2020q4 gmv: 1771 before, 1772 now",
        "fct_gmv kuaishou / 2020q4 half_width: an excuse that is not needed",
    ]
