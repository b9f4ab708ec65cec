"""The cost of a merchant ledger in a build next to one plain step of DuckDB, in one run.

Parquet: `dbt build` with one thread over a ledger of typed merchants. The cost is the execution
time of all nodes that read merchants: those with the tag `merchants`, their tests, the fits and the
comparison of estimators. The unit is an exact search for repeated merchants in the same file, with
one thread.

CSV: checks and staging with two threads over the same ledger as text. The cost is the wall-clock
time of that less the time for a ledger of one merchant. The unit is `create table as` of the file
with all columns as text, with the same threads: staging stores every line too.

A unit is the faster of two, before and after the build. Every step is a separate process.

    python benchmarks/inputs.py [--rows N] [--csv-rows N] [--memory-limit MiB] [--folder DIR]

Exits with 1 when a ratio or the memory is above its aim.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from operator import itemgetter
from pathlib import Path

import duckdb
from build_floor import PROJECT_DIR, copy_project

# searches in a ledger of Parquet by its rows, readings of a CSV as text
MAX_SEARCHES = {10**7: 8, 10**8: 5}
MAX_READINGS = 2
# above the memory limit of DuckDB, for Python and dbt
ALLOWANCE_MIB = 300
ESTIMATES = ("est_merchant_fits", "est_estimator_comparison")
STAGING = ("+stg_survey__merchants", "+aud_rejected_rows", "+aud_merchant_files")

# Synthetic, log-normal turnovers with headcounts about the report's curve; hashes instead of
# random numbers give the same ledger with any number of threads.
LEDGER = """
    with uniforms as (
        select
            i,
            (hash(i) % 1000000007 + 1) / 1000000009.0 as first,
            (hash(i + 2000000000) % 1000000007 + 1) / 1000000009.0 as second
        from range({rows}) as ledger(i)
    ),
    turnovers as (
        select
            i,
            sqrt(-2 * ln(first)) * sin(2 * pi() * second) as scatter,
            greatest(0.01, exp(3.6 + 1.67 * sqrt(-2 * ln(first)) * cos(2 * pi() * second))) as x
        from uniforms
    )
    select
        shipped.platform_id,
        shipped.sample_id,
        'M' || lpad(cast(i as varchar), 12, '0') as merchant_id,
        (['apparel', 'beauty', 'food', 'home', 'other'])[1 + cast(hash(i * 7) % 5 as int)]
            as industry_code,
        cast(x as decimal(18, 2)) as turnover_wan_yuan,
        cast(
            greatest(1, round(x / (7.823 + 0.059 * least(x, 9000)) * exp(0.4 * scatter)))
            as bigint
        ) as headcount,
        cast(1 as decimal(18, 6)) as survey_weight,
        shipped.provenance,
        shipped.source_id
    from turnovers
    cross join (
        from read_csv('{shipped}', all_varchar = true)
        select platform_id, sample_id, provenance, source_id limit 1
    ) as shipped
"""
SEARCH = """
    select count(*) from (
        select platform_id, sample_id, merchant_id from read_parquet('{path}')
        group by all having count(*) > 1
    )
"""
READING = "create table text as from read_csv('{path}', header = true, all_varchar = true)"
# a database on disk, as the one of a build; the last line is the time
UNIT = """
import sys, time, duckdb
database, query, limit, threads = sys.argv[1:]
with duckdb.connect(database, config={"memory_limit": limit + "MiB", "threads": threads}) as c:
    c.execute("set enable_progress_bar = false")
    started = time.perf_counter()
    c.execute(query).fetchall()
    print(time.perf_counter() - started)
"""


def write_ledger(path: Path, rows: int) -> Path:
    """Write a ledger without a bad line as Parquet or CSV, by the end of its name."""
    shipped = PROJECT_DIR / "seeds" / "survey" / "merchant_sample.csv"
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        query = LEDGER.format(rows=rows, shipped=shipped)
        connection.execute(f"copy ({query}) to '{path}' (format {path.suffix[1:]})")
    return path


def unit_seconds(query: str, limit: int, threads: int) -> float:
    """Return the seconds that DuckDB takes for a query, in a process with a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", UNIT, f"{folder}/unit.duckdb", query]
        command += [str(limit), str(threads)]
        return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def build(project: Path, ledger: Path, limit: int, *arguments: str) -> tuple[float, float]:
    """Run `dbt build` over a ledger in a fresh database; return seconds and peak MiB."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    environment["PLATFORM_EMPLOYMENT_MERCHANTS"] = str(ledger)
    environment["PLATFORM_EMPLOYMENT_MEMORY_LIMIT"] = f"{limit}MiB"
    environment["PYTHONPATH"] = str(project / "python")
    (project / "dev.duckdb").unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    command += ["--exclude-resource-type", "unit_test", *arguments]
    started = time.perf_counter()
    with (project / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=project, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit((project / "output.txt").read_text(encoding="utf-8", errors="replace"))
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def step_seconds(project: Path) -> dict[str, float]:
    """Return the execution times of the nodes of the last build that read merchants, by name."""
    target = project / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    steps = {
        key
        for key, node in nodes.items()
        if node["resource_type"] == "model"
        and ("merchants" in node["tags"] or node["name"] in ESTIMATES)
    }
    seconds: dict[str, float] = {}
    for result in results:
        node = nodes.get(result["unique_id"], {})
        if result["unique_id"] in steps:
            seconds[node["name"]] = result["execution_time"]
        elif node.get("resource_type") == "test" and steps & set(node["depends_on"]["nodes"]):
            seconds["tests"] = seconds.get("tests", 0) + result["execution_time"]
    return seconds


def set_threads(project: Path, threads: int) -> None:
    """Return DuckDB as many threads as the unit has."""
    path = PROJECT_DIR / "profiles.yml"
    text = path.read_text(encoding="utf-8")
    options = "config_options:\n"
    (project / "profiles.yml").write_text(
        text.replace(options, f"{options}        threads: {threads}\n"), encoding="utf-8"
    )


def report(text: str, ratio: float, most: float | None, above_limit: float) -> bool:
    """Print a measurement and whether it keeps its aims; return that."""
    missed = [f"aim of {most}"] if most is not None and ratio > most else []
    missed += [f"{ALLOWANCE_MIB} MiB above the limit"] if above_limit > ALLOWANCE_MIB else []
    print(text + (f" MISSED: {', '.join(missed)}." if missed else ""), flush=True)
    return not missed


def measure_parquet(folder: Path, project: Path, rows: int, limit: int) -> bool:
    """Print the cost of all nodes that read merchants, in searches; return whether it holds."""
    set_threads(project, 1)
    ledger = write_ledger(folder / "ledger.parquet", rows)
    search = SEARCH.format(path=ledger)
    units = [unit_seconds(search, limit, 1)]
    _, peak = build(
        project, ledger, limit, "--threads", "1", "--select", "+tag:merchants", *ESTIMATES
    )
    units.append(unit_seconds(search, limit, 1))
    unit, seconds = min(units), step_seconds(project)
    for name, value in sorted(seconds.items(), key=itemgetter(1), reverse=True):
        print(f"  {name:40} {value:8.2f} s {value / unit:7.2f} searches")
    together = sum(seconds.values())
    return report(
        f"{rows:,} merchants, Parquet: {together:.1f} s are {together / unit:.1f} searches of"
        f" {unit:.2f} s ({max(units):.2f} at worst), {peak:.0f} MiB under a limit of {limit}.",
        together / unit,
        MAX_SEARCHES.get(rows),
        peak - limit,
    )


def measure_csv(folder: Path, project: Path, rows: int, limit: int) -> bool:
    """Print the cost of checks and staging, in readings as text; return whether it holds."""
    set_threads(project, 2)
    staging = ("--exclude-resource-type", "test", "--select", *STAGING)
    one = write_ledger(folder / "one.csv", 1)
    build(project, one, limit, *staging)
    overhead, _ = build(project, one, limit, *staging)
    ledger = write_ledger(folder / "ledger.csv", rows)
    reading = READING.format(path=ledger)
    units = [unit_seconds(reading, limit, 2)]
    seconds, peak = build(project, ledger, limit, *staging)
    units.append(unit_seconds(reading, limit, 2))
    unit, cost = min(units), seconds - overhead
    return report(
        f"{rows:,} merchants, CSV: {cost:.1f} s are {cost / unit:.2f} readings of {unit:.2f} s"
        f" ({max(units):.2f} at worst), {peak:.0f} MiB under a limit of {limit}.",
        cost / unit,
        MAX_READINGS,
        peak - limit,
    )


def main() -> int:
    """Measure and print; return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10**7, help="of Parquet; default: %(default)s")
    parser.add_argument("--csv-rows", type=int, default=0, help="of CSV; default: none")
    parser.add_argument("--memory-limit", type=int, default=2048, help="MiB; default: %(default)s")
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        folder = Path(temporary)
        project = folder / "project"
        project.mkdir()
        copy_project(project)
        holds = [measure_parquet(folder, project, arguments.rows, arguments.memory_limit)]
        if arguments.csv_rows:
            holds.append(measure_csv(folder, project, arguments.csv_rows, arguments.memory_limit))
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
