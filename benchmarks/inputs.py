"""The cost of the gates and of staging beside DuckDB reading the same file, in one run.

A file of invented merchants, 0.1 % of its lines bad, goes through `dbt build` without its tests,
up to the accepted and the rejected lines. What dbt itself takes is measured with a file of one
merchant and taken off.

The yardstick is DuckDB reading all columns of the file as text into a table of the same kind of
database, with the same threads and memory limit. It stores the rows, as staging does, which
keeps every line so that a rejected one can be shown. A scan that keeps nothing measures the
parser alone, which nothing that stores rows can stay near; it is printed as well.

    python benchmarks/inputs.py [--rows N ...] [--memory-limit MB] [--folder DIR]

Every step is a process of its own, and its peak memory is printed: it may pass the limit of
DuckDB by what Python and dbt need, `ALLOWANCE_MB`, however large the file. Exits with 1 when it
passes that, when the ratio is above `TARGET_RATIO`, or when a line is lost.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml
from build_floor import copy_project

TARGET_RATIO = 3
ALLOWANCE_MB = 300
MODELS = ["+stg_survey__merchants", "+aud_rejected_rows", "+aud_merchant_files"]
THREADS = 2

COLUMNS = [
    *("platform_id", "sample_id", "merchant_id", "industry_code", "turnover_wan_yuan"),
    *("headcount", "survey_weight", "provenance", "source_id"),
]
# every thousandth merchant, in no regular order, has a unit in its turnover
MERCHANTS = """
    select
        'lantern' as platform_id,
        'benchmark' as sample_id,
        'M' || lpad(cast(number as varchar), 9, '0') as merchant_id,
        (['apparel', 'food', 'home', 'other'])[1 + cast(hash(number) % 4 as int)] as industry_code,
        printf('%.2f', exp(4 + 1.5 * sin(hash(number * 3) % 100000)))
        || case when hash(number * 7) % 1000 = 0 then '万元' else '' end as turnover_wan_yuan,
        cast(1 + hash(number * 5) % 40 as varchar) as headcount,
        '1' as survey_weight,
        'synthetic' as provenance,
        'synthetic_generator' as source_id
    from range({rows}) as numbers (number)
"""
READER = """
import sys, duckdb
path, database, query, limit, threads = sys.argv[1:]
with duckdb.connect(config={"memory_limit": f"{limit}MiB", "threads": threads}) as connection:
    connection.execute(f"attach '{database}' as d (storage_version 'v1.4.0')")
    connection.execute("use d")
    connection.execute(query, {"path": path})
"""


@dataclass(frozen=True)
class Cost:
    """Wall-clock and processor seconds and peak memory of a process."""

    seconds: float
    cpu_seconds: float
    mebibytes: float

    def __str__(self) -> str:
        """For a line of the report."""
        return (
            f"{self.seconds:7.2f} s, cpu {self.cpu_seconds:6.2f} s, peak {self.mebibytes:5.0f} MiB"
        )


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a process to its end and measure it."""
    started = time.perf_counter()
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit((folder / "output.txt").read_text(encoding="utf-8", errors="replace"))
    seconds = time.perf_counter() - started
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def read_as_text(path: Path, query: str, memory_limit: int) -> Cost:
    """Let DuckDB read all columns of a file as text, into a fresh database."""
    source = (
        "read_csv($path, auto_detect = false, header = true, delim = ',', quote = '\"', columns = {"
        + ", ".join(f"'{column}': 'varchar'" for column in COLUMNS)
        + "})"
    )
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        database = str(Path(folder, "text.duckdb"))
        command = [sys.executable, "-c", READER, str(path), database, query.format(source)]
        return run([*command, str(memory_limit), str(THREADS)], Path(folder), dict(os.environ))


def stage(project: Path, path: Path, memory_limit: int) -> Cost:
    """Run dbt over a file, from the gates to the accepted and the rejected lines."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    environment["PLATFORM_EMPLOYMENT_MERCHANTS"] = str(path)
    environment["PLATFORM_EMPLOYMENT_MEMORY_LIMIT"] = f"{memory_limit}MiB"
    (project / "dev.duckdb").unlink(missing_ok=True)
    dbt = str(Path(sys.executable).with_name("dbt"))
    arguments = ["--no-version-check", "build", "--exclude-resource-type", "unit_test", "test"]
    return run([dbt, *arguments, "--select", *MODELS], project, environment)


def write_merchants(path: Path, rows: int) -> Path:
    """Write the invented merchants."""
    query = MERCHANTS.format(rows=rows)
    duckdb.execute(f"copy ({query}) to '{path}' (format csv, header, delimiter ',')")
    return path


def set_threads(project: Path) -> None:
    """Give the database of a copy of the project as many threads as the yardstick has."""
    profiles = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))
    output = profiles["platform_employment"]["outputs"]["dev"]
    output["config_options"]["threads"] = THREADS
    (project / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")


def check_lines(project: Path, rows: int) -> str:
    """Compare what came out with what was generated, line by line."""
    with duckdb.connect(str(project / "dev.duckdb"), read_only=True) as connection:
        lines, accepted, rejected = connection.execute(
            "select lines, accepted_lines, rejected_lines from audit.aud_merchant_files"
        ).fetchall()[0]
        wrong = connection.execute(
            """
            select count(*)
            from audit.aud_rejected_rows
            where
                reason_code != 'unit_word'
                or line != cast(substr(split_part(raw_text, ',', 3), 2) as bigint) + 2
            """
        ).fetchall()[0][0]
    bad = duckdb.execute(
        f"select count(*) from range({rows}) as t (n) where hash(n * 7) % 1000 = 0"
    ).fetchall()[0][0]
    if (lines, accepted, rejected, wrong) != (rows, rows - bad, bad, 0):
        sys.exit(f"lines are lost or wrong: {(lines, accepted, rejected, wrong)}, {bad} are bad")
    return f"{lines} lines = {accepted} accepted + {rejected} rejected, each on its own line"


def main() -> int:
    """Measure and print; exit code 1 when it costs more than the target allows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--memory-limit", type=int, default=1024, help="of DuckDB, in MiB; default: %(default)s"
    )
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    arguments = parser.parse_args()
    limit: int = arguments.memory_limit
    is_within = True
    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        project = Path(temporary, "project")
        project.mkdir()
        copy_project(project)
        set_threads(project)
        one = write_merchants(Path(temporary, "one.csv"), 1)
        stage(project, one, limit)
        for rows in arguments.rows:
            path = write_merchants(Path(temporary, f"{rows}.csv"), rows)
            print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB", flush=True)
            overhead = stage(project, one, limit)
            staged = stage(project, path, limit)
            print(f"  {check_lines(project, rows)}")
            scan = read_as_text(path, "select count(columns(*)) from {}", limit)
            table = read_as_text(path, "create table text as select * from {}", limit)
            path.unlink()
            net = staged.seconds - overhead.seconds
            ratio = net / table.seconds
            above = staged.mebibytes - limit
            print(f"  dbt with one merchant         {overhead}")
            print(f"  gates and staging in dbt      {staged}; without dbt {net:.2f} s")
            print(f"  DuckDB reads it as text       {table}")
            print(f"  DuckDB scans it as text       {scan}")
            print(
                f"  ratio {ratio:.2f} to reading (target {TARGET_RATIO}),"
                f" {net / scan.seconds:.2f} to scanning; peak is the limit of {limit} MiB"
                f" {above:+.0f} MiB (target +{ALLOWANCE_MB})",
                flush=True,
            )
            is_within &= ratio <= TARGET_RATIO and above <= ALLOWANCE_MB
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
