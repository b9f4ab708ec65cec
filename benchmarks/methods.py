"""How long the method engine takes: combinations, limits and swings, and a what-if.

It reads a finished database and calculates in one process, each part several times; the medians are
compared with their targets. With `--earlier FOLDER`, a work tree of an earlier version with its own
database, the command `what-if` of both runs in turn.

    python benchmarks/methods.py [--database dev.duckdb] [--rounds 5] [--earlier FOLDER]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from build_floor import processor_seconds

from platform_employment.duckdb_rows import rows_of
from platform_employment.method.choice_tables import decisions_of, estimate_choices
from platform_employment.method.tables import SEEDS, estimate_limits, estimate_steps, seed_methods

TARGETS = {
    "grid of combinations": 2.0,
    "all limits and swings": 4.0,
    "one estimate": 0.3,
}
QUESTION = ["what-if", "--set", "gmv=7000"]


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of several runs after a first one."""
    work()
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)


def parts(connection: duckdb.DuckDBPyConnection) -> dict[str, Callable[[], object]]:
    """Return the parts of the engine over the tables of a build."""
    methods = seed_methods({name: connection.table(f"raw.{name}") for name in SEEDS})
    ends = "select window_end from marts.dim_reports"
    possible = rows_of(
        connection.sql(
            "from intermediate.int_inputs__all_rows"
            f" where window_end is null or window_end in ({ends})"
        )
    )
    reports, scenarios, kinds, definitions = (
        rows_of(connection.table(f"marts.dim_{name}"))
        for name in ("reports", "scenarios", "provenance_kinds", "definitions")
    )
    choices, overlays = (
        rows_of(connection.table(f"raw.{name}")) for name in ("choices", "overlays")
    )
    decisions = decisions_of(choices, overlays, methods)
    inputs: list[Any] = rows_of(connection.table("intermediate.int_chain__all_inputs"))
    of_default = [
        row
        for row in inputs
        if (row["platform_id"], str(row["window_end"]), row["scenario_id"])
        == ("kuaishou", "2021-09-30", "report")
    ]
    return {
        "grid of combinations": lambda: estimate_choices(
            possible, reports, scenarios, methods, decisions, kinds
        ),
        "all limits and swings": lambda: estimate_limits(inputs, definitions, methods),
        "all steps": lambda: estimate_steps(inputs, methods, kinds),
        "one estimate": lambda: (
            estimate_steps(of_default, methods, kinds),
            estimate_limits(of_default, definitions, methods),
        ),
    }


def side_by_side(earlier: Path, rounds: int) -> None:
    """Print the times of the command of both versions, which run in turn.

    Processor time is compared, because elapsed time depends on other programs.
    """
    folders = {"now": Path.cwd(), "earlier": earlier}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in folders}
    for number in range(rounds + 1):
        for name, folder in folders.items():
            program = Path(sys.executable).with_name("platform-employment")
            own = folder / ".venv/bin/platform-employment"
            command = [str(own if own.exists() else program), *QUESTION]
            started, used = time.perf_counter(), processor_seconds()
            subprocess.run(
                [*command, "--database", "dev.duckdb"], cwd=folder, check=True, capture_output=True
            )
            if number:
                elapsed = time.perf_counter() - started
                times[name].append((processor_seconds() - used, elapsed))
    for name, measured in times.items():
        used, elapsed = (statistics.median(column) for column in zip(*measured, strict=True))
        print(f"what-if, {name}: {used:.2f} s of processor time, {elapsed:.2f} s elapsed")


def main() -> int:
    """Print the medians; exit with 1 if one is above its target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", metavar="FILE", type=Path, default=Path("dev.duckdb"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--earlier", metavar="FOLDER", type=Path)
    arguments = parser.parse_args()
    is_slow = False
    with duckdb.connect(str(arguments.database), read_only=True) as connection:
        for name, work in parts(connection).items():
            measured, target = seconds(work, arguments.rounds), TARGETS.get(name)
            is_slow |= target is not None and measured > target
            aim = f", target {target:.1f} s" if target else ""
            print(f"{name}: {measured:.2f} s{aim}")
    if arguments.earlier:
        side_by_side(arguments.earlier, arguments.rounds)
    return int(is_slow)


if __name__ == "__main__":
    sys.exit(main())
