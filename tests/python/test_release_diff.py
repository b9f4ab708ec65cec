"""`diff` leads with what own data brings, and says which restatement moved what."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_helpers import JOBS, Tiny

from platform_employment.dbt.artifacts import Node
from platform_employment.release.diff import (
    FIGURE_TABLES,
    ChangedFigure,
    Difference,
    _code_causes,
    _is_own,
    _moves,
    _own_keys,
    _restatement,
    _row_changes,
    _value_causes,
    difference_lines,
)
from platform_employment.release.store import ReleaseError

pytest_plugins = ["release_fixtures"]

JOBS_TABLE = next(table for table in FIGURE_TABLES if table.name == "fct_jobs")


def move(
    platform: str, component: str, after: str | None = "2", *, is_own: bool = False
) -> ChangedFigure:
    key = (platform, "2021-09-30", "report", component)
    value = None if after is None else Decimal(after)
    return ChangedFigure("fct_jobs", key, component, "jobs_wan", Decimal(1), value, is_own)


def test_own_figures_come_first_and_what_is_left_out_takes_a_line() -> None:
    gone = [move("vast", f"part_{number}", None) for number in range(12)]
    moves = (*gone, move("kept", "total"), move("mine", "total", is_own=True))
    lines = list(difference_lines("a", "b", Difference(100, moves, ())))
    own, shipped = (
        lines.index("of your own platforms, scenarios and reports: 1"),
        lines.index("of what the project ships: 13"),
    )
    (mine,) = [number for number, line in enumerate(lines) if line.startswith("mine 2021")]
    (kept,) = [number for number, line in enumerate(lines) if line.startswith("kept 2021")]
    assert own < mine < shipped < kept
    assert "vast is not there any more: 12 numbers gone" in lines
    assert not any(line.startswith("vast 2021") for line in lines)
    # all means all
    everything = list(difference_lines("a", "b", Difference(100, moves, ()), show_all=True))
    assert sum(line.startswith("vast 2021") for line in everything) == 12


def test_without_own_data_nothing_is_said_of_it() -> None:
    lines = list(difference_lines("a", "b", Difference(100, (move("kept", "total"),), ())))
    assert not any("own" in line or "ships" in line for line in lines)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Two releases, the second with rows of an own folder."""
    connection = duckdb.connect()
    for side in ("before", "after"):
        connection.execute(f"attach ':memory:' as {side}")
        connection.execute(f"create schema {side}.raw; create schema {side}.marts")
        connection.execute(
            f"create table {side}.raw.platforms as"
            " select 'vast' as platform_id, 'seeds/reference/platforms.csv' as seed_file"
        )
        connection.execute(
            f"create table {side}.raw.scenarios as select 'vast' as platform_id,"
            " 'report' as scenario_id, 'seeds/reference/scenarios.csv' as seed_file"
        )
        connection.execute(
            f"create table {side}.raw.gmv as select 'vast' as platform_id, 'q' as id,"
            " '10' as gmv_yi_yuan, null as supersedes, 'seeds/platform/gmv.csv' as seed_file"
        )
        connection.execute(
            f"create table {side}.marts.fct_gmv_windows as select 'vast' as platform_id,"
            " date '2021-09-30' as window_end, '+q +(-r +q_new)' as formula"
            " union all select 'vast', date '2022-09-30', '+q_new_too'"
        )
    connection.execute("insert into after.raw.platforms values ('mine', 'mine/platforms.csv')")
    connection.execute("insert into after.raw.scenarios values ('vast', 'what_if', 'mine/s.csv')")
    return connection


def test_what_is_own_is_read_off_the_files_of_the_rows(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    own = _own_keys(connection)
    assert own == {("mine",), ("vast", "what_if")}
    assert _is_own(move("mine", "total"), JOBS_TABLE, own)
    assert not _is_own(move("vast", "total"), JOBS_TABLE, own)
    what_if = ChangedFigure(
        "fct_jobs", ("vast", "2021-09-30", "what_if", "x"), "x", "jobs_wan", 1, 2
    )
    assert _is_own(what_if, JOBS_TABLE, own)


def test_a_restatement_says_what_it_restates_and_moves(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    seed = Node(
        "seed.x.gmv", "seed", "gmv", "raw", "gmv", "seed", "seeds/platform/gmv.csv", "", (), {},
        (), (), "",
    )  # fmt: skip
    row = {"platform_id": "vast", "id": "q_new", "gmv_yi_yuan": "12", "supersedes": "q"}
    assert _restatement(connection, seed, ["id"], row) == (
        ", restates q: gmv_yi_yuan 10 -> 12; moves the windows to 2021-09-30"
    )
    assert _restatement(connection, seed, ["id"], row | {"supersedes": None}) == ""


def test_code_that_only_reads_a_warehouse_moves_no_figure() -> None:
    def entry(sha256: str) -> dict[str, Any]:
        return {"digest": {"sha256": sha256}}

    package = Path("python/platform_employment")
    readers = [f"{package}/{name}/x.py" for name in ("explain", "publish", "release", "site")]
    names = [*readers, f"{package}/method/x.py", "models/x.sql", "models/y.sql"]
    assert all((Path(__file__).parents[2] / name).parent.is_dir() for name in names)
    before, after = (
        {"code": dict.fromkeys(names, entry(sha256)), "lock file": {}, "source": {}}
        for sha256 in ("before", "after")
    )
    causes = {c.name: c.is_upstream for c in _code_causes(before, after, {"models/x.sql"})}
    assert causes == dict.fromkeys([*readers, "models/y.sql"], False) | {
        f"{package}/method/x.py": True,
        "models/x.sql": True,
    }


def test_releases_of_different_shapes_are_not_compared(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    key = "'vast' as platform_id, date '2021-09-30' as window_end, 'report' as scenario_id"
    connection.execute(f"""
        create table after.marts.fct_jobs as select {key}, 'direct' as component_id,
            5.0 as jobs_wan_of_scenario;
        create table before.marts.fct_jobs as select {key}, 'direct' as component_id,
            5.0 as jobs_wan;
    """)
    with pytest.raises(ReleaseError, match="another shape"):
        _moves(connection, JOBS_TABLE)


def test_rows_are_compared_by_the_columns_that_both_releases_have(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("alter table after.raw.gmv add column unit varchar")
    connection.execute("update after.raw.gmv set gmv_yi_yuan = '11'")
    seed = Node(
        "seed.x.gmv", "seed", "gmv", "raw", "gmv", "seed", "seeds/platform/gmv.csv", "", (),
        {"unique_key": ["id", "unit"]}, (), (), "",
    )  # fmt: skip
    assert _row_changes(connection, seed) == (
        "1 rows changed, 0 added, 0 removed; columns on one side alone: unit",
        ("q: gmv_yi_yuan 10 -> 11",),
    )


def test_the_release_that_distributions_are_compared_with_moves_no_figure() -> None:
    new = {"environment": {"PLATFORM_EMPLOYMENT_BASELINE_RELEASE": "a", "OTHER": "b"}}
    causes = {cause.name: cause.is_upstream for cause in _value_causes("parameter", {}, new)}
    assert causes == {
        "environment.OTHER": True,
        "environment.PLATFORM_EMPLOYMENT_BASELINE_RELEASE": False,
    }


def test_an_author_is_never_asked_to_edit_the_changelog(tiny: Tiny) -> None:
    own = tiny.folder / "mine" / "platform" / "jobs.csv"
    own.parent.mkdir(parents=True)
    shipped = (tiny.folder / JOBS).read_text(encoding="utf-8")
    own.write_text(shipped.replace("total,3462.9", "total,3500"), encoding="utf-8")
    result = tiny.run("release", "--inputs", str(Path(own.parents[1])))
    assert result.code == 0, result
    assert "CHANGELOG" not in result.err
    # without own data the project itself is asked
    tiny.replace(JOBS, "total,3462.9", "total,3600")
    tiny.release("--inputs", str(own.parents[1]))
    assert "CHANGELOG" not in tiny.run("release").err
    tiny.replace(JOBS, "total,3600", "total,3700")
    assert "CHANGELOG" in tiny.run("release").err
