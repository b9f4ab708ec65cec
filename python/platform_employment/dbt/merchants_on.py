"""The command `build --merchants-on ENGINE`: what docs/size.md does by hand, step by step.

DuckDB and Spark take turns. Each leaves what the other reads in one folder, so that a step that is
done there is not done again: the command that failed goes on where it stopped. Of a ledger in
partitions that folder keeps what the next partition is added to.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from platform_employment.dbt.build_inputs import named_inputs, read_variables
from platform_employment.dbt.hand_over import (
    ENGINE_VARIABLE,
    ENGINES,
    HAND_OVER_VARIABLE,
    KEPT,
    RESIDUALS,
    ROWS,
    SUMS,
    HandOver,
    named_hand_over,
    read_step,
)
from platform_employment.dbt.increment import SINCE_VARIABLE, increment_since
from platform_employment.dbt.run import DbtRun
from platform_employment.errors import UserError
from platform_employment.project import (
    DATABASE_VARIABLE,
    DEFAULT_DATABASE,
    add_project_dir,
    find_project,
)
from platform_employment.validation.merchants import LAKE_PREFIX, MERCHANTS_VARIABLE, find_merchants

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SPARK_COMMAND = (".venv-spark/bin/dbt",)
CONF_VARIABLE = "SPARK_CONF_DIR"
_DONE = "built"
_FAILED = 1
# of a session on this machine: its tables stay beside the hand-over, and it says little
_CONF = """\
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.sql.shuffle.partitions 16
spark.sql.warehouse.dir {folder}/warehouse
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/metastore;create=true
spark.driver.extraJavaOptions -Dderby.system.home={folder}
"""
_LOG_CONF = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""


@dataclass(frozen=True)
class Step:
    """One dbt build; selector: of selectors.yml, all where it is empty."""

    title: str
    selector: str
    is_on_spark: bool = False


STEPS = (
    Step("gates and small tables", "spark_inputs"),
    Step("sums over the merchants", SUMS, is_on_spark=True),
    Step("fits from the sums", "fits"),
    Step("second scan of the merchants", RESIDUALS, is_on_spark=True),
    Step("everything else", ""),
)
STEPS_ON_DUCKDB = (Step("everything", ""),)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    build = subparsers.add_parser(
        "build",
        help="dbt build with the merchants counted on Apache Spark, or day by day",
        description=(
            "Runs the dbt builds of docs/size.md in their order: small tables on DuckDB, sums on "
            "Spark, fits on DuckDB, the second scan on Spark, all the rest on DuckDB; or one build "
            "on DuckDB. After a failure the same command goes on where it stopped."
        ),
    )
    build.add_argument("--merchants-on", choices=ENGINES, required=True)
    source = build.add_mutually_exclusive_group(required=True)
    source.add_argument("--table", metavar="NAME", help="a table that Spark knows")
    source.add_argument("--path", metavar="FILES", help="CSV or Parquet that both engines see")
    build.add_argument(
        "--since",
        metavar="PARTITION",
        help="first partition that was not counted, such as day=2026-11-26; the rest is kept",
    )
    build.add_argument(
        "--hand-over",
        metavar="DIR",
        type=Path,
        help="folder that both engines see (default: build/hand_over in the project)",
    )
    build.add_argument("--anew", action="store_true", help="do not go on: begin with the gates")
    build.add_argument("--vars", metavar="YAML", help="variables for dbt, as YAML or JSON")
    add_project_dir(build)
    build.set_defaults(run=_build)


def _build(arguments: argparse.Namespace) -> int:
    project = find_project(arguments.project_dir)
    folder = (arguments.hand_over or project / "build" / "hand_over").absolute()
    ledger = f"{LAKE_PREFIX}{arguments.table}" if arguments.table else arguments.path
    on_spark = arguments.merchants_on == "spark"
    if arguments.table and (arguments.since or not on_spark):
        raise UserError("--table: of Apache Spark alone, and whole; name its files by --path")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        MERCHANTS_VARIABLE: ledger,
        HAND_OVER_VARIABLE: str(folder),
        ENGINE_VARIABLE: arguments.merchants_on,
    }
    os.environ.pop(SINCE_VARIABLE, None)
    target = project / "target"
    is_done_before = (folder / _DONE).exists()
    if arguments.since and is_done_before and not arguments.anew:
        _keep(project, folder, ledger, arguments.since)
    elif arguments.anew or is_done_before:
        _empty(folder, *(() if arguments.since else (KEPT, ROWS)))
    _refuse_another(folder / "ledger", " ".join([ledger, arguments.since or ""]).strip())
    if arguments.since:
        os.environ[SINCE_VARIABLE] = arguments.since
    if on_spark:
        _session_conf(folder / "spark")
    duckdb = DbtRun(
        project,
        Path(os.environ.get(DATABASE_VARIABLE) or project / DEFAULT_DATABASE),
        target,
        project / "logs",
        variables=arguments.vars,
    )
    spark = duckdb
    if on_spark:
        spark = replace(duckdb, target=target / "spark", command=_spark_command(project))
    # a wrong name is told before anything runs
    named_inputs(project, target / "merchants.csv", variables=read_variables(arguments.vars))
    steps = STEPS if on_spark else STEPS_ON_DUCKDB
    for number, step in enumerate(steps, start=1):
        hand_over = named_hand_over(project)
        assert hand_over is not None  # the environment names it
        engine = "Apache Spark" if step.is_on_spark else "DuckDB"
        title = f"step {number} of {len(steps)}: {step.title}, on {engine}"
        if is_done(hand_over, step):
            print(f"{title}: done before", flush=True)
            continue
        print(title, flush=True)
        began = time.monotonic()
        options = ["--selector", step.selector] if step.selector else []
        options += ["--target", "spark"] if step.is_on_spark else []
        if (spark if step.is_on_spark else duckdb).run("build", *options):
            print(f"{title}: failed; the same command goes on from here", flush=True)
            return _FAILED
        print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)
    (folder / _DONE).touch()
    return 0


def is_done(hand_over: HandOver, step: Step) -> bool:
    """Say whether what a step leaves is in the folder."""
    sums = hand_over.steps.get(SUMS)
    match step.selector:
        case "spark_inputs":
            return (hand_over.folder / "inputs" / "answers.parquet").is_file()
        case "fits":
            return sums is not None and (hand_over.fits / "est_merchant_fits.parquet").is_file()
        case "":
            return False
    return step.selector in hand_over.steps


def _keep(project: Path, folder: Path, ledger: str, since: str) -> None:
    """Let the sums of the build before be what is kept; killed anywhere, it can be done again.

    Raises UserError where the partition cannot follow those of that build, and moves nothing.
    """
    if done := read_step(folder, SUMS):
        merchants = find_merchants(ledger, folder, project)
        increment_since(since, done, merchants, named_inputs(project, folder).rules)
        shutil.rmtree(folder / KEPT, ignore_errors=True)
        (folder / SUMS).rename(folder / KEPT)
    kept = read_step(folder, KEPT)
    runs = {rows.run for rows in kept.kept_rows} if kept else set()
    for left in (folder / ROWS).glob("*"):
        if left.name not in runs:
            shutil.rmtree(left)
    _empty(folder)


def _empty(folder: Path, *besides: str) -> None:
    """Take away what an earlier build has handed over, and nothing else."""
    for name in ("inputs", SUMS, "fits", RESIDUALS, "spark", *besides):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("ledger", _DONE):
        (folder / name).unlink(missing_ok=True)


def _refuse_another(file: Path, ledger: str) -> None:
    if file.is_file() and file.read_text(encoding="utf-8") != ledger:
        raise UserError(
            f"{file.parent}: begun with {file.read_text(encoding='utf-8')}; add --anew, or name "
            "another folder by --hand-over"
        )
    file.write_text(ledger, encoding="utf-8")


def _session_conf(folder: Path) -> None:
    """Let a session of Spark keep its tables in a folder, unless settings are named."""
    if os.environ.get(CONF_VARIABLE):
        return
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (conf / "spark-defaults.conf").write_text(_CONF.format(folder=folder), encoding="utf-8")
    (conf / "log4j2.properties").write_text(_LOG_CONF, encoding="utf-8")
    os.environ[CONF_VARIABLE] = str(conf)


def _spark_command(project: Path) -> Sequence[str]:
    dbt = project / SPARK_COMMAND[0]
    if not dbt.is_file():
        raise UserError(f"{dbt}: not there; make setup-spark makes it")
    return (str(dbt),)
