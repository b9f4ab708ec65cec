"""Cost of the steps over merchants on Spark and on DuckDB, a million merchants at a time.

    python benchmarks/on_spark.py --rows 1000000 3000000

The same typed Parquet ledger goes through the two scans of docs/size.md on each engine, in a
session of Spark on this machine with as many threads. Of DuckDB the processor time is that of its
process; of Spark it is that of all tasks, from its log of events, so that neither the start of
the JVM nor other work on the machine counts. What a million more merchants take is the slope
between the two sizes; the rest is counted once.

    python benchmarks/on_spark.py --days 6 --rows 3000 6000000

On DuckDB, the last of so many days added to what is kept of the others, beside all counted as a
whole: processor time less that of the small ledger, which is what dbt and the fits take.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from inputs import write_typed_merchants

from platform_employment.dbt.hand_over import KEPT, RESIDUALS, SUMS

PROJECT_DIR = Path(__file__).parents[1]
SIZES = {"10 million": 10, "1 billion": 1_000, "10 billion": 10_000, "100 billion": 100_000}
CONF = """\
spark.master local[{threads}]
spark.driver.memory 4g
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.sql.shuffle.partitions 8
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.rolling.enabled false
spark.eventLog.dir file://{folder}/events
spark.sql.warehouse.dir {folder}/warehouse
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/metastore;create=true
spark.driver.extraJavaOptions -Dderby.system.home={folder}
"""


@dataclass(frozen=True)
class Cost:
    """What both scans take: seconds of processor, bytes."""

    cpu: float
    peak: int
    shuffled: int
    spilled: int
    written: int


def run(command: list[str], environment: Mapping[str, str]) -> tuple[float, int]:
    """Run a command; give its seconds of processor and its peak memory."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def on_duckdb(folder: Path, ledger: Path, threads: int) -> Cost:
    """Both scans on DuckDB, with the fits between them."""
    database = folder / "alone.duckdb"
    environment = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": str(ledger),
        "PLATFORM_EMPLOYMENT_DATABASE": str(database),
    }
    dbt = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    dbt += ["--threads", str(threads), "--target-path", str(folder / "alone")]
    run([*dbt, "--selector", "spark_inputs"], environment)
    measured = [run([*dbt, "--selector", SUMS], environment)]
    run([*dbt, "--select", "est_merchant_fits"], environment)
    measured.append(run([*dbt, "--selector", RESIDUALS], environment))
    written = database.stat().st_size
    return Cost(sum(cpu for cpu, _ in measured), max(peak for _, peak in measured), 0, 0, written)


def on_spark(folder: Path, ledger: Path, threads: int) -> Cost:
    """The command of docs/size.md up to the second scan."""
    hand_over, conf = folder / "hand_over", folder / "conf"
    for made in (hand_over, conf, folder / "events"):
        made.mkdir()
    (conf / "spark-defaults.conf").write_text(
        CONF.format(folder=folder, threads=threads), encoding="utf-8"
    )
    environment = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": str(ledger),
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(hand_over),
        "PLATFORM_EMPLOYMENT_DATABASE": str(folder / "handed.duckdb"),
        "SPARK_CONF_DIR": str(conf),
    }
    duckdb = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    duckdb += ["--target-path", str(folder / "handed")]
    spark = [str(PROJECT_DIR / ".venv-spark/bin/dbt"), "--no-version-check", "build"]
    spark += ["--target", "spark", "--target-path", str(folder / "spark")]
    run([*duckdb, "--selector", "spark_inputs"], environment)
    run([*spark, "--selector", SUMS], environment)
    run([*duckdb, "--selector", "fits"], environment)
    run([*spark, "--selector", RESIDUALS], environment)
    metrics = list(task_metrics(folder / "events"))
    warehouse = sum(file.stat().st_size for file in (folder / "warehouse").rglob("*.parquet"))
    return Cost(
        cpu=sum(task["Executor CPU Time"] for task in metrics) / 1e9,
        peak=max(task["Peak Execution Memory"] for task in metrics),
        shuffled=sum(task["Shuffle Write Metrics"]["Shuffle Bytes Written"] for task in metrics),
        spilled=sum(task["Disk Bytes Spilled"] for task in metrics),
        written=warehouse,
    )


def day_by_day(folder: Path, ledger: Path, days: int, threads: int) -> dict[str, float]:
    """Seconds of processor for the whole, and for the last day with and without second scan."""
    hand_over = folder / "kept_days"
    hand_over.mkdir()
    with duckdb.connect() as connection:
        for day in range(days):
            part = folder / "days" / f"day={day:02}"
            part.mkdir(parents=True)
            connection.execute(
                f"copy (select * from '{ledger}' where hash(merchant_id) % {days} = {day})"
                f" to '{part}/a.parquet' (compression zstd)"
            )
    named = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": f"{folder}/days/*/*.parquet",
        "PLATFORM_EMPLOYMENT_MERCHANTS_ON": "duckdb",
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(hand_over),
        "PLATFORM_EMPLOYMENT_DATABASE": str(folder / "days.duckdb"),
    }
    dbt = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    dbt += ["--threads", str(threads), "--target-path", str(folder / "by_day")]
    dbt += ["--exclude-resource-type", "unit_test", "--select", "+int_fit__leverage_sums"]
    dbt += ["+int_fit__compared_merchants"]
    costs = {"whole": run(dbt, named)[0]}
    last = folder / "days" / f"day={days - 1:02}"
    last.rename(folder / "last")
    run(dbt, named)
    (hand_over / SUMS).rename(hand_over / KEPT)
    (folder / "last").rename(last)
    since = named | {"PLATFORM_EMPLOYMENT_SINCE": last.name}
    costs["last day"] = run(dbt, since)[0]
    costs["last day, no second scan"] = run([*dbt, "--vars", "second_scan: false"], since)[0]
    return costs


def task_metrics(events: Path) -> Iterator[Mapping[str, Any]]:
    """Give what each task of all sessions has measured of itself."""
    for file in events.rglob("*"):
        if file.is_file() and not file.name.endswith(".crc"):
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    if '"SparkListenerTaskEnd"' in line and (
                        metrics := json.loads(line).get("Task Metrics")
                    ):
                        yield metrics


def report(costs: Mapping[str, tuple[Cost, Cost]], rows: tuple[int, int]) -> str:
    """Give the slopes, and what sizes cost by them, as Markdown."""
    step = (rows[1] - rows[0]) / 1e6
    lines = [
        "| engine | seconds of processor a million | peak | shuffled a million | spilled |"
        " kept a million |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    slopes = {}
    for engine, (small, large) in costs.items():
        slopes[engine] = (large.cpu - small.cpu) / step
        lines.append(
            f"| {engine} | {slopes[engine]:.2f} | {large.peak / 1e6:.0f} MB"
            f" | {(large.shuffled - small.shuffled) / step / 1e6:.1f} MB"
            f" | {large.spilled / 1e6:.0f} MB"
            f" | {(large.written - small.written) / step / 1e6:.1f} MB |"
        )
    lines += ["", f"| merchants | {' | '.join(slopes)} |", "|---|" + "---:|" * len(slopes)]
    for name, millions in SIZES.items():
        hours = " | ".join(f"{slope * millions / 3600:,.2f} h" for slope in slopes.values())
        lines.append(f"| {name} | {hours} |")
    return "\n".join(lines)


def main() -> int:
    """Measure both engines at two sizes and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs=2, default=(1_000_000, 3_000_000))
    parser.add_argument("--days", type=int, help="count the last of so many days, on DuckDB")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.days:
        found = []
        for rows in arguments.rows:
            with tempfile.TemporaryDirectory(dir=PROJECT_DIR / "target") as name:
                folder = Path(name)
                ledger = write_typed_merchants(folder / "merchants.parquet", rows)
                found.append(day_by_day(folder, ledger, arguments.days, arguments.threads))
        for what, seconds in found[1].items():
            print(f"{what}: {seconds - found[0][what]:.1f} s of processor ({found})")
        return 0
    costs: dict[str, list[Cost]] = {"DuckDB": [], "Apache Spark": []}
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory(dir=PROJECT_DIR / "target") as name:
            folder = Path(name)
            ledger = write_typed_merchants(folder / "merchants.parquet", rows)
            for engine, measure in (("DuckDB", on_duckdb), ("Apache Spark", on_spark)):
                cost = measure(folder, ledger, arguments.threads)
                print(f"{rows:,} merchants, {engine}: {cost}", flush=True)
                costs[engine].append(cost)
    first, second = arguments.rows
    pairs = {engine: (small, large) for engine, (small, large) in costs.items()}
    print(report(pairs, (first, second)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
