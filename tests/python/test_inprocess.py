"""What `check` made before is taken as it is, and never where its rows or its code are others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from platform_employment.dbt.inprocess import Compiled, run_compiled
from platform_employment.validation.cells import Row
from platform_employment.validation.overrides import Layer, Table
from platform_employment.validation.schemas import ColumnRule, SeedSchema

SCHEMA = SeedSchema("platform", "amounts", (ColumnRule("amount"),), ("amount",))
DOUBLED = "select cast(amount as int) * 2 as doubled, seed_line from raw.amounts"
SMALL = """
    select seed_line, 'too large' as problem from marts.doubled where doubled > 10
"""


def node(name: str, kind: str, code: str, *parents: str, **more: str) -> Compiled:
    schema = "raw" if kind == "seed" else "marts"
    relation = "" if kind == "test" else f"{schema}.{name}"
    texts = {"materialized": "table", "language": "sql"} | more
    path = "platform/amounts.csv" if kind == "seed" else ""
    return Compiled(
        unique_id=name,
        kind=kind,
        name=name,
        relation=relation,
        schema=schema,
        path=path,
        code=code,
        parents=parents,
        severity="error",
        **texts,
    )


NODES = (
    node("amounts", "seed", ""),
    node("doubled", "model", DOUBLED, "amounts"),
    node("parity", "model", "select doubled % 2 as parity from marts.doubled", "doubled"),
    node("seen", "model", "select parity, seen() as run from marts.parity", "parity"),
    node("small", "test", SMALL, "doubled"),
)


class Runs:
    """Runs of these nodes in one database; `seen` counts how often that model is made."""

    def __init__(self, connection: DuckDBPyConnection, scratch: Path) -> None:
        self.connection, self.scratch = connection, scratch
        self.made = 0
        connection.create_function("seen", self._seen, [], "bigint", side_effects=True)

    def _seen(self) -> int:
        self.made += 1
        return self.made

    def run(
        self, *amounts: str, nodes: tuple[Compiled, ...] = NODES, outside: str = ""
    ) -> list[str]:
        """What does not pass."""
        rows = tuple(
            Row(line, (amount,), {"amount": amount}) for line, amount in enumerate(amounts, start=2)
        )
        layer = Layer("seeds/platform/amounts.csv", Path("amounts.csv"), "amounts.csv", rows)
        tables = {SCHEMA.file: Table(SCHEMA, (layer,))}
        found = run_compiled(self.connection, nodes, tables, self.scratch, outside)
        return [f"{outcome.name}: {outcome.message}" for outcome in found]

    def doubled(self) -> list[int]:
        rows = self.connection.execute("select doubled from marts.doubled order by 1").fetchall()
        return [number for (number,) in rows]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with duckdb.connect(str(tmp_path / "judged.duckdb")) as connection:
        yield Runs(connection, tmp_path)


def test_the_same_rows_are_not_made_again(runs: Runs) -> None:
    assert runs.run("1") == runs.run("1") == []
    assert runs.made == 1
    assert runs.doubled() == [2]


def test_a_changed_cell_is_judged_and_one_that_is_put_back_too(runs: Runs) -> None:
    assert runs.run("1") == []
    assert runs.run("6")[0].startswith("small: ")
    assert runs.doubled() == [12]
    # told again although nothing is made
    assert runs.run("6")[0].startswith("small: ")
    assert runs.run("1") == []
    assert runs.doubled() == [2]


def test_what_reads_the_same_rows_as_before_stays(runs: Runs) -> None:
    """The parity of 2 and 4 is one: what is behind it is not made again."""
    runs.run("1")
    runs.run("2")
    assert runs.doubled() == [4]
    assert runs.made == 1


def test_what_cannot_be_made_leaves_nothing_behind(runs: Runs) -> None:
    """Neither its own rows of before nor those of what rests on it."""
    runs.run("1")
    for _ in range(2):
        (said,) = runs.run("one")
        assert said.startswith("doubled: Conversion Error")
        for name in ("doubled", "parity", "seen"):
            with pytest.raises(duckdb.CatalogException):
                runs.connection.table(f"marts.{name}")
    assert runs.run("1") == []
    assert runs.doubled() == [2]


def test_other_code_and_other_files_outside_are_other_rows(runs: Runs) -> None:
    runs.run("1")
    other = node("doubled", "model", DOUBLED.replace("* 2", "* 3"), "amounts")
    assert runs.run("1", nodes=(NODES[0], other)) == []
    assert runs.doubled() == [3]
    reading = node("seen", "model", "select seen() as run /* merchant_files() */", "amounts")
    nodes = (NODES[0], reading)
    runs.made = 0
    for outside in ("a", "a", "b"):
        runs.run("1", nodes=nodes, outside=outside)
    assert runs.made == 2
