"""What docs/bi.md shows is run: snippets by their clients, sums and traps on the marts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import psycopg
import pytest
import yaml
from conftest import PROJECT_DIR
from postgres_server import DATABASE, USER
from traps import TRAP, value_of

from platform_employment.publish.publish_commands import SCHEMA, publish
from platform_employment.publish.shapes import Schemas
from platform_employment.release.dictionary import ADDITIVE, NEVER, Described
from platform_employment.release.formats.superset import FILE
from platform_employment.release.store import WORKBOOK_FILE

pytest_plugins = ["star_fixtures"]

TEXT = (PROJECT_DIR / "docs/bi.md").read_text(encoding="utf-8")
TRUTH = "3462.9275"
# built by `make test-clients`, an environment a client that does not go with the others
CLIENTS = PROJECT_DIR / ".venv-clients"
_SNIPPET = re.compile(r"<!-- runs in: ([^>]*?) -->\n```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Snippet:
    """A snippet and the environment to run it in."""

    environment: str
    code: str

    @property
    def python(self) -> Path:
        if self.environment == "dev":
            return Path(sys.executable)
        return CLIENTS / self.environment / "bin/python"

    @property
    def imports(self) -> str:
        return self.code.split()[1].rstrip(",")


SNIPPETS = [
    (Snippet(name, code), "on postgres" in places)
    for places, code in _SNIPPET.findall(TEXT)
    for name in places.removesuffix(", on postgres").split(", ")
]


def require(program: Path, environment: str) -> None:
    """Skip a test whose environment is not made; fail it where it is asked for."""
    if not program.is_file():
        missing = f"no {environment}: make test-clients"
        if os.environ.get("CLIENTS"):
            pytest.fail(missing)
        pytest.skip(missing)


def run(snippet: Snippet, folder: Path) -> str:
    require(snippet.python, snippet.environment)
    result = subprocess.run(
        [str(snippet.python), "-c", snippet.code],
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def has_driver() -> bool:
    """Return whether unixODBC knows the driver of PostgreSQL."""
    listed = Path("/etc/odbcinst.ini")
    return listed.is_file() and "PostgreSQL Unicode" in listed.read_text(encoding="utf-8")


def check(printed: str) -> None:
    assert TRUTH in printed
    assert re.search("[\u4e00-\u9fff]", printed), printed


@pytest.mark.parametrize(
    "snippet",
    [
        pytest.param(snippet, id=f"{snippet.environment} {snippet.imports}")
        for snippet, on_postgres in SNIPPETS
        if not on_postgres
    ],
)
def test_a_client_reads_the_number_and_a_chinese_label(
    snippet: Snippet, release_root: Path
) -> None:
    check(run(snippet, release_root))


def test_frictionless_finds_the_data_package_valid(star: Path) -> None:
    program = CLIENTS / "frictionless/bin/frictionless"
    require(program, "frictionless")
    command = [str(program), "validate", "--json", str(star.parent / "csv/datapackage.json")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(result.stdout)
    assert report["valid"], result.stdout[:2000]
    assert (report["stats"]["errors"], report["stats"]["warnings"]) == (0, 0)
    assert report["stats"]["tasks"] > 50


@pytest.fixture(scope="module")
def published(star: Path, postgres_address: str) -> str:
    publish(postgres_address, star, Schemas(SCHEMA, f"{SCHEMA}_audit"))
    return postgres_address


@pytest.mark.parametrize(
    "snippet",
    [
        pytest.param(snippet, id=f"{snippet.environment} {snippet.imports}")
        for snippet, on_postgres in SNIPPETS
        if on_postgres
    ],
)
def test_a_client_of_postgres_reads_the_same(
    snippet: Snippet, published: str, release_root: Path
) -> None:
    if snippet.imports == "pyodbc" and snippet.python.is_file() and not has_driver():
        pytest.skip("no ODBC driver: apt-get install odbc-postgresql")
    place = published.removeprefix("postgresql://")
    code = snippet.code.replace("user@host/database", place)
    host = published.partition("host=")[2]
    code = code.replace("=host;", f"={host};").replace("=database;", f"={DATABASE};")
    code = code.replace("Uid=user", f"Uid={USER}")
    check(run(Snippet(snippet.environment, code), release_root))


ONE_JOIN = """
    select sum(jobs.jobs_wan_of_scenario)
    from {schema}.fct_jobs as jobs
    inner join {schema}.dim_estimates as estimates using (estimate_key)
    where estimates.is_default
"""


def test_the_default_report_is_one_join_away(star: Path) -> None:
    """In the database, in the csv files and in the sheets of the workbook."""
    with duckdb.connect(str(star), read_only=True) as connection:
        ((total,),) = connection.execute(ONE_JOIN.format(schema="marts")).fetchall()
    assert str(total) == TRUTH
    with duckdb.connect() as connection:
        connection.execute("create schema csv; create schema sheets")
        book = openpyxl.load_workbook(star.parent / WORKBOOK_FILE, read_only=True)
        for name in ("fct_jobs", "dim_estimates"):
            connection.execute(
                f"create table csv.{name} as from read_csv(?)", [f"{star.parent}/csv/{name}.csv"]
            )
            header, *rows = book[name].iter_rows(values_only=True)
            sheet = pd.DataFrame(rows, columns=[str(title) for title in header])
            connection.execute(f"create table sheets.{name} as from sheet")
            assert len(sheet) > 100
        for schema in ("csv", "sheets"):
            ((total,),) = connection.execute(ONE_JOIN.format(schema=schema)).fetchall()
            assert float(total) == pytest.approx(float(TRUTH), abs=1e-9), schema


def test_the_default_report_is_one_join_away_in_postgres(published: str) -> None:
    with psycopg.connect(published) as connection:
        ((total,),) = connection.execute(ONE_JOIN.format(schema=SCHEMA)).fetchall()
    assert str(total) == TRUTH


def test_the_exported_metric_is_the_number_of_the_default_report(star: Path) -> None:
    """The SQL of Superset's metric over the default report, and empty over all estimates."""
    with zipfile.ZipFile(star.parent / "superset" / FILE) as bundle:
        name = next(n for n in bundle.namelist() if n.endswith("/fct_all_jobs.yaml"))
        dataset = yaml.safe_load(bundle.read(name))
    (metric,) = (m for m in dataset["metrics"] if m["metric_name"] == "scenario_jobs_by_component")
    query = (
        f"select {metric['expression']} from marts.fct_all_jobs where {{}} estimate_key in"
        " (select estimate_key from marts.dim_estimates where is_default)"
    )
    with duckdb.connect(str(star), read_only=True) as connection:
        ((total,),) = connection.execute(query.format("")).fetchall()
        ((mixed,),) = connection.execute(query.format("not")).fetchall()
    assert (str(total), mixed) == (TRUTH, None)


def test_the_table_of_sums_is_what_the_marts_say(tables: list[Described]) -> None:
    claims = []
    for table in tables:
        for column in table.columns:
            if column.is_number and column.additivity != NEVER:
                freely = column.additivity == ADDITIVE
                over = "freely" if freely else f"over `{column.additive_over[0]}` alone"
                to = f"`{column.adds_up_to}`" if "." in column.adds_up_to else column.adds_up_to
                claims.append(f"| `{table.name}.{column.name}` | {over} | {to} |")
    shown = TEXT.partition("<!-- sums")[2].partition("<!-- /sums")[0].splitlines()[3:]
    assert shown == claims


@pytest.mark.parametrize(("wrong", "gets", "right", "instead"), TRAP.findall(TEXT))
def test_a_trap_gives_the_wrong_number_and_its_remedy_the_right_one(
    star: Path, wrong: str, gets: str, right: str, instead: str
) -> None:
    with duckdb.connect(str(star), read_only=True) as connection:
        assert value_of(connection, wrong) == gets, "make reference"
        assert value_of(connection, instead) == right
    assert abs(float(gets) / float(right) - 1) > 0.1


def test_snippets_and_traps_are_found() -> None:
    assert len(SNIPPETS) == TEXT.count("```python") + 2
    assert len(TRAP.findall(TEXT)) == TEXT.partition("## Traps")[2].count("from marts.") // 2
