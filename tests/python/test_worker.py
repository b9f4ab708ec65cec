"""Workers make Python models beside dbt: the same rows, mistakes in one line, no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from platform_employment.dbt import worker
from platform_employment.errors import UserError

FORMULAS = "int_chain__formulas"
SEEDS = ("method/inputs", "method/steps", "method/components", "reference/units")


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[worker._Pool]:
    """Workers of this test alone."""
    pool = worker._Pool(1)
    monkeypatch.setattr(worker, "_ESTIMATORS", pool)
    yield pool
    pool.end()


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, duckdb.DuckDBPyRelation]:
    """The seeds that say what the shipped methods are."""
    files = {Path(seed).name: f"seeds/{seed}.csv" for seed in SEEDS}
    return {name: connection.read_csv(file, all_varchar=True) for name, file in files.items()}


def made(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, duckdb.DuckDBPyRelation]
) -> list[Any]:
    rows = worker.made(FORMULAS, connection, **relations)
    connection.register("rows", rows)
    return connection.table("rows").fetchall()


def test_a_worker_makes_the_rows_that_this_process_makes(pool: worker._Pool) -> None:
    with duckdb.connect() as connection:
        relations = tables(connection)
        here = made(connection, relations)
        assert not pool.is_started
        worker.start_workers([FORMULAS, "a_model_of_sql"])
        assert pool.is_started
        assert made(connection, relations) == here


def test_a_mistake_in_the_rows_comes_back_as_one(pool: worker._Pool) -> None:
    worker.start_workers([FORMULAS])
    with duckdb.connect() as connection:
        relations = tables(connection)
        wrong = relations["steps"].project("* replace (formula || ' * nothing' as formula)")
        with pytest.raises(UserError, match="no name 'nothing'"):
            made(connection, relations | {"steps": wrong})
        assert made(connection, relations)  # the worker goes on


def test_a_fault_of_ours_comes_back_with_its_traceback(pool: worker._Pool) -> None:
    worker.start_workers([FORMULAS])
    with duckdb.connect() as connection, pytest.raises(RuntimeError, match="KeyError: 'units'"):
        made(connection, {k: v for k, v in tables(connection).items() if k != "units"})


def test_a_killed_worker_is_named_and_replaced(pool: worker._Pool) -> None:
    worker.start_workers([FORMULAS])
    [first] = pool._all
    os.kill(first._process.pid, signal.SIGKILL)
    with duckdb.connect() as connection:
        relations = tables(connection)
        with pytest.raises(RuntimeError, match="its process ended with -9"):
            made(connection, relations)
        assert made(connection, relations)
    assert pool._all != [first]


def test_every_python_model_has_its_function() -> None:
    models = {path.stem for path in Path("python/models").glob("*.py")}
    assert models == worker._MODULES.keys()
    assert all(callable(worker._function(model)) for model in models)


@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_no_worker_outlives_what_started_it(end: str) -> None:
    """Not even one that was killed: the worker reads the end of its questions."""
    program = (
        "import os, signal\n"
        "from platform_employment.dbt import worker\n"
        f"worker.start_workers(['{FORMULAS}'])\n"
        "print(*(one._process.pid for one in worker._ESTIMATORS._all), flush=True)\n"
        f"{end}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    started = [int(pid) for pid in done.stdout.split()]
    assert len(started) == worker._MOST
    for pid in started:
        # a process that this one may not wait for: it is gone, or ends within the time of a test
        subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], timeout=30, check=True)
