"""Cost of the steps over merchants on Spark and on DuckDB, a million merchants at a time.

    python benchmarks/on_spark.py --rows 1000000 3000000

The same typed Parquet ledger goes through the two scans of docs/size.md on each engine, in a
session of Spark on this machine with as many threads. Of DuckDB the processor time is that of its
process; of Spark it is that of all tasks, from its log of events, so that neither the start of
the JVM nor other work on the machine counts. What a million more merchants take is the slope
between the two sizes; the rest is counted once.

    python benchmarks/on_spark.py --days 6 --rows 3000 3000000 [--engine spark]

The last of so many days added to what is kept of the others, beside all counted as a whole:
processor time, measured as above, less that of the small ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_DIR,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            output.seek(0)
            last = output.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"{last}\n{' '.join(command)}: ended with {status}")
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


def spark_tasks(
    folder: Path, environment: Mapping[str, str], threads: int, *options: str
) -> list[Mapping[str, Any]]:
    """Run the steps of docs/size.md up to the second scan; give what each task of Spark measured.

    folder: of the metastore, which stays from day to day.
    """
    conf, events = folder / "conf", folder / "events"
    shutil.rmtree(events, ignore_errors=True)
    for made in (conf, events):
        made.mkdir(exist_ok=True)
    (conf / "spark-defaults.conf").write_text(
        CONF.format(folder=folder, threads=threads), encoding="utf-8"
    )
    environment = {**environment, "SPARK_CONF_DIR": str(conf)}
    duckdb = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    duckdb += ["--target-path", str(folder / "handed"), *options]
    spark = [str(PROJECT_DIR / ".venv-spark/bin/dbt"), "--no-version-check", "build"]
    spark += ["--target", "spark", "--target-path", str(folder / "spark"), *options]
    run([*duckdb, "--selector", "spark_inputs"], environment)
    run([*spark, "--selector", SUMS], environment)
    run([*duckdb, "--selector", "fits"], environment)
    run([*spark, "--selector", RESIDUALS], environment)
    return list(task_metrics(events))


def processor_seconds(tasks: list[Mapping[str, Any]]) -> float:
    """What the tasks of Spark took together."""
    return float(sum(task["Executor CPU Time"] for task in tasks) / 1e9)


def on_spark(folder: Path, ledger: Path, threads: int) -> Cost:
    """The command of docs/size.md up to the second scan."""
    hand_over = folder / "hand_over"
    hand_over.mkdir()
    environment = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": str(ledger),
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(hand_over),
        "PLATFORM_EMPLOYMENT_DATABASE": str(folder / "handed.duckdb"),
    }
    tasks = spark_tasks(folder, environment, threads)
    warehouse = sum(file.stat().st_size for file in (folder / "warehouse").rglob("*.parquet"))
    return Cost(
        cpu=processor_seconds(tasks),
        peak=max(task["Peak Execution Memory"] for task in tasks),
        shuffled=sum(task["Shuffle Write Metrics"]["Shuffle Bytes Written"] for task in tasks),
        spilled=sum(task["Disk Bytes Spilled"] for task in tasks),
        written=warehouse,
    )


def write_days(folder: Path, ledger: Path, days: int) -> list[Path]:
    """Deal a ledger to folders of days."""
    parts = [folder / "days" / f"day={day:02}" for day in range(days)]
    with duckdb.connect() as connection:
        for day, part in enumerate(parts):
            part.mkdir(parents=True)
            connection.execute(
                f"copy (select * from '{ledger}' where hash(merchant_id) % {days} = {day})"
                f" to '{part}/a.parquet' (compression zstd)"
            )
    return parts


def day_by_day(
    folder: Path, ledger: Path, days: int, threads: int, engine: str
) -> dict[str, float]:
    """Seconds of processor for the whole, and for the last day with and without second scan."""
    *_, last = write_days(folder, ledger, days)
    hand_over = folder / "kept_days"
    hand_over.mkdir()
    named = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": f"{folder}/days/*/*.parquet",
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(hand_over),
        "PLATFORM_EMPLOYMENT_DATABASE": str(folder / "days.duckdb"),
    }
    dbt = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", "build"]
    dbt += ["--threads", str(threads), "--target-path", str(folder / "by_day")]
    dbt += ["--exclude-resource-type", "unit_test", "--select", "+int_fit__leverage_sums"]
    dbt += ["+int_fit__compared_merchants"]

    def counted(environment: Mapping[str, str], *options: str) -> float:
        if engine == "spark":
            return processor_seconds(spark_tasks(folder, environment, threads, *options))
        environment = {**environment, "PLATFORM_EMPLOYMENT_MERCHANTS_ON": "duckdb"}
        return run([*dbt, *options], environment)[0]

    costs = {"whole": counted(named)}
    last.rename(folder / "last")
    shutil.rmtree(hand_over)
    hand_over.mkdir()
    counted(named)
    (hand_over / SUMS).rename(hand_over / KEPT)
    (folder / "last").rename(last)
    since = {**named, "PLATFORM_EMPLOYMENT_SINCE": last.name}
    costs["last day"] = counted(since)
    costs["last day, no second scan"] = counted(since, "--vars", "second_scan: false")
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
    parser.add_argument("--days", type=int, help="count the last of so many days")
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="of --days")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.days:
        found = []
        for rows in arguments.rows:
            with tempfile.TemporaryDirectory(dir=PROJECT_DIR / "target") as name:
                folder = Path(name)
                ledger = write_typed_merchants(folder / "merchants.parquet", rows)
                found.append(
                    day_by_day(folder, ledger, arguments.days, arguments.threads, arguments.engine)
                )
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
