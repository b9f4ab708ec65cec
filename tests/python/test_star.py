"""What BI tools see: a small database in which naive sums are right and everything is described."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import Project

from platform_employment.database import connect
from platform_employment.release.dictionary import COLUMNS_FILE, TABLES_FILE, Described, read_words
from platform_employment.release.formats.marts_file import order_by, write_marts_file
from platform_employment.release.measures import sum_findings
from platform_employment.release.store import ReleaseError

TRUTH = "3462.9275"

pytest_plugins = ["star_fixtures"]


@pytest.fixture
def connection(star: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(star), read_only=True) as opened:
        yield opened


@pytest.fixture
def changed(star: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy that a test may change; without its foreign keys, which would be in the way."""
    with duckdb.connect() as opened:
        opened.execute(f"attach '{star}' as star (read_only)")
        opened.execute("create schema marts")
        names = opened.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'star' and schema_name = 'marts'"
        ).fetchall()
        for (name,) in names:
            opened.execute(f"create table marts.{name} as from star.marts.{name}")
        yield opened


@pytest.mark.parametrize(
    ("relation", "column"),
    [("headline", "jobs_wan"), ("jobs_zh", "就业人数（万）"), ("jobs_en", "Jobs (10 thousand)")],
)
def test_a_naive_sum_of_what_tools_are_pointed_to_is_the_number_of_the_report(
    connection: duckdb.DuckDBPyConnection, relation: str, column: str
) -> None:
    ((total,),) = connection.execute(f'select sum("{column}") from marts.{relation}').fetchall()
    assert str(total) == TRUTH


def test_naive_sums_are_right_and_every_number_is_classified(
    connection: duckdb.DuckDBPyConnection, tables: list[Described]
) -> None:
    numbers = [(t, c) for t in tables for c in t.columns if c.is_number]
    assert len(numbers) > 100
    assert all(column.unit and column.additivity for _, column in numbers)
    assert [t.name for t, c in numbers if c.name == "jobs_wan"] == ["headline"]
    claims = {(t.name, c.name) for t, c in numbers if c.additivity != "never"}
    assert ("headline", "jobs_wan") in claims
    assert ("fct_gmv", "gmv_yi_yuan") in claims
    assert list(sum_findings(connection, tables)) == []
    for table, column in numbers:
        assert ("Never sum" in column.comment) == (column.additivity == "never"), (table, column)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("insert into marts.headline from marts.headline limit 1", "headline: jobs_wan adds up to"),
        ("update marts.headline set total_jobs_share = 0.9", "headline: total_jobs_share adds up"),
        ("insert into marts.jobs_zh from marts.jobs_zh limit 1", "jobs_zh: 就业人数（万） adds up"),
        ("insert into marts.fct_gmv from marts.fct_gmv", "fct_gmv: gmv_yi_yuan adds up to"),
        (
            "insert into marts.fct_all_jobs from marts.fct_all_jobs limit 1",
            "fct_all_jobs: jobs_wan_of_scenario",
        ),
        (
            "delete from marts.fct_all_jobs where scenario_id = 'bottom_up'",
            "adds up to None for kuaishou",
        ),
        (
            "delete from marts.fct_estimates where scenario_id = 'bottom_up'",
            "bottom_up, not to None",
        ),
        ("delete from marts.fct_gmv_windows", "adds up to no row of marts.fct_gmv_windows"),
    ],
)
def test_a_sum_that_is_wrong_is_found(
    changed: duckdb.DuckDBPyConnection, tables: list[Described], change: str, finding: str
) -> None:
    marts = [table for table in tables if table.schema == "marts"]
    assert list(sum_findings(changed, marts)) == []
    changed.execute(change)
    assert any(finding in found for found in sum_findings(changed, marts))


def test_what_is_counted_stands_beside_each_amount(
    connection: duckdb.DuckDBPyConnection, tables: list[Described]
) -> None:
    amounts = [table for table in tables if any(c.unit == "counted" for c in table.columns)]
    assert len(amounts) > 10
    for table in amounts:
        names = {column.name for column in table.columns}
        assert names & {"unit_counted", "单位", "Unit"}, table.name
    words = connection.execute("select distinct 单位 from marts.jobs_zh").fetchall()
    assert words == [("万个岗位",)]
    assert connection.execute("select distinct Unit from marts.jobs_en").fetchall() == [
        ("10 thousand jobs",)
    ]


def test_a_number_that_nobody_classified_stops_it(built_project: Project, tmp_path: Path) -> None:
    with connect(built_project.database) as connection:
        words = read_words(connection)
    with pytest.raises(ReleaseError, match=r"column new_wan: say in release/columns\.csv its unit"):
        words.entry("new_wan", "DECIMAL(18,4)", "", {})
    with pytest.raises(ReleaseError, match="the unit parsec is not in"):
        words.entry("new_wan", "DOUBLE", "", {"unit": "parsec", "additivity": "never"})
    assert words.entry("new_name", "VARCHAR", "", {}).rule == ""


def test_everything_has_a_title_a_label_and_a_description(tables: list[Described]) -> None:
    with TABLES_FILE.open(encoding="utf-8", newline="") as file:
        titled = [(row["schema"], row["name"]) for row in csv.DictReader(file)]
    assert [(table.schema, table.name) for table in tables] == titled
    with COLUMNS_FILE.open(encoding="utf-8", newline="") as file:
        labelled = {row["name"] for row in csv.DictReader(file)}
    columns = {(t.name, c.name): c for t in tables for c in t.columns}
    used = {name for table, name in columns if not table.startswith("jobs_")}
    assert labelled == used, "columns.csv and the tables differ"
    assert [place for place, column in columns.items() if not column.description] == []
    chinese = re.compile("[\u4e00-\u9fff]")
    assert [place for place, column in columns.items() if not chinese.search(column.about_zh)] == []
    assert [t.name for t in tables if not chinese.search(t.about_zh)] == []


def test_what_dbt_builds_is_commented_too(built_project: Project) -> None:
    with connect(built_project.database) as connection:
        without = connection.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name in ('marts', 'audit') and coalesce(comment, '') = ''"
        ).fetchall()
        tables = connection.execute(
            "select count(*) from duckdb_tables() where comment like 'One row per%Key: %'"
        ).fetchall()
    assert without == []
    assert tables[0][0] > 40


def test_the_small_database_has_keys_comments_and_nothing_of_the_chain(
    connection: duckdb.DuckDBPyConnection, tables: list[Described]
) -> None:
    schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert sorted(schemas) == [("audit",), ("marts",)]
    comments = dict(
        connection.execute("select table_name, comment from duckdb_tables()").fetchall()
    )
    assert comments == {table.name: table.comment for table in tables}
    of_columns = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    assert {(t, c): text for t, c, text in of_columns} == {
        (table.name, column.name): column.comment for table in tables for column in table.columns
    }


def test_tables_have_their_keys_where_they_do_not_outgrow_the_rows(
    connection: duckdb.DuckDBPyConnection, star: Path, tables: list[Described]
) -> None:
    without = {table.name for table in tables if not table.key}
    assert without == {"jobs_zh", "jobs_en"}, "a mart without a primary key"
    rows = dict(
        connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
    )
    # a dimension has its key for any size, for foreign keys name it
    keyed = [t for t in tables if rows[t.name] <= 2_000 or t.name.startswith("dim_")]
    assert {"headline", "fct_all_jobs", "fct_estimates", "dim_scenarios"} <= {t.name for t in keyed}
    keys = connection.execute(
        "select table_name, constraint_type, constraint_column_names from duckdb_constraints()"
        " where constraint_type in ('PRIMARY KEY', 'FOREIGN KEY')"
    ).fetchall()
    assert {(t, tuple(c)) for t, kind, c in keys if kind == "PRIMARY KEY"} == {
        (table.name, table.key) for table in keyed if table.key
    }
    assert {(t, tuple(c)) for t, kind, c in keys if kind == "FOREIGN KEY"} == {
        (table.name, reference.columns)
        for table in keyed
        if table.schema == "marts"
        for reference in table.references
    }
    # with the keys of the six largest facts it would be three times that
    assert star.stat().st_size < 10_000_000


def test_every_dimension_is_named_by_one_column(tables: list[Described]) -> None:
    named = {reference.table for table in tables for reference in table.references}
    assert {"dim_windows", "dim_scenarios", "dim_components"} <= named
    for table in tables:
        assert all(len(reference.columns) == 1 for reference in table.references), table.name


def test_rows_are_in_the_order_in_which_people_read_them(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = connection.execute(
        "select scenario_id from marts.fct_jobs"
        " where platform_id = 'kuaishou' and window_end = '2021-09-30'"
    ).fetchall()
    scenarios = list(dict.fromkeys(rows))
    dimension = connection.execute(
        "select scenario_id from marts.dim_scenarios where platform_id = 'kuaishou'"
    ).fetchall()
    assert len(scenarios) > 3
    assert scenarios == [row for row in dimension if row in scenarios]
    assert scenarios[0] == ("report",)
    names = connection.execute("select name_zh from marts.headline").fetchall()
    assert names[0] == ("直接带动就业",)


def test_letters_put_nothing_in_order_but_what_only_authors_can_name(
    tables: list[Described],
) -> None:
    found = set()
    for table in tables:
        sql = order_by(table, tables)
        if sql.startswith(("order by t.rowid", "order by t.sort_order")) or "meta_" in table.name:
            continue  # in the order of their seeds, or built in order
        for by in table.shown_by or table.key:
            is_text = by in {c.name for c in table.columns if c.kind == "VARCHAR"}
            # a place in another table comes before the text itself
            places = [f'= t."{name}"' for name in (by, by.removesuffix("_id") + "_key")]
            if is_text and not any(place in sql for place in places):
                found.add(by)
    assert found == {"element_id", "sample_id", "table_id", "table_name"}


def test_facts_begin_with_what_stands_first(connection: duckdb.DuckDBPyConnection) -> None:
    firsts = {
        "marts.dim_windows": ("platform_id", "kuaishou"),
        "marts.dim_components": ("component_key", "ruc_2022/total"),
        "marts.fct_choice_effects": ("choice_set", "valid"),
        "marts.fct_multipliers": ("quantity", "output"),
        "marts.fct_productivity_coefficients": ("cov_type", "nonrobust"),
        "marts.fct_steps": ("step_id", "gmv"),
        "audit.aud_figure_reconciliation": ("figure_id", "abstract_total_jobs"),
        "audit.aud_published_criticism": ("criticism_id", "jobs_are_not_full_time"),
    }
    for table, (column, first) in firsts.items():
        assert connection.execute(f"select {column} from {table}").fetchone() == (first,), table
    layers = connection.execute(
        "select layer from marts.fct_uncertainty where scenario_key = 'kuaishou/report'"
        " and window_end = '2021-09-30' and component_key = 'ruc_2022/total'"
    ).fetchall()
    shown = ["rounding", "assumptions", "undisclosed", "choices", "coverage"]
    assert list(dict.fromkeys(layer for (layer,) in layers)) == shown


def test_an_orphan_stops_it(
    built_project: Project, tables: list[Described], tmp_path: Path
) -> None:
    described = [table for table in tables if table.name == "dim_reports"]
    sources = next(table for table in tables if table.name == "dim_sources")
    wrong = replace(described[0].references[0], columns=("title_zh",), to=("platform_id",))
    broken = replace(described[0], references=(replace(wrong, table="dim_platforms"),))
    with pytest.raises(ReleaseError, match=r"dim_reports: \d+ rows name in title_zh no row of"):
        write_marts_file(built_project.database, [sources, broken], [], tmp_path / "x.duckdb")


def test_the_data_package_describes_every_file(star: Path, tables: list[Described]) -> None:
    headline = (star.parent / "csv/headline.csv").read_bytes()
    assert headline.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(headline.decode("utf-8-sig").splitlines()))
    assert sum(float(row["jobs_wan"]) for row in rows) == pytest.approx(float(TRUTH), abs=1e-9)
    formulas = (star.parent / "csv/fct_gmv.csv").read_text(encoding="utf-8-sig")
    assert ",+kuaishou" not in formulas
    assert ",'+kuaishou" in formulas
    package = json.loads((star.parent / "csv/datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == [t.name for t in tables]
    for resource in package["resources"]:
        data = (star.parent / "csv" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
