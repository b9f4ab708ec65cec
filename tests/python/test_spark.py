"""The merchants on a real Apache Spark with two workers: the same rows as DuckDB, bit for bit."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_DIR, Project
from ledger_days import BUILD, DAYS, VARIABLES, environment, write_days

from platform_employment.dbt.hand_over import KEPT, RESIDUALS, SPARK_STEPS, SUMS, read_step
from platform_employment.validation.cells import RowCode
from platform_employment.validation.schemas import load_schemas
from platform_employment.validation.sql import SPARK as SPARK_DIALECT
from platform_employment.validation.sql import column_expressions

pytestmark = pytest.mark.spark

SPARK = PROJECT_DIR / ".venv-spark"
# workers that exchange rows; small blocks, so that a file is read in many
CONF = """\
spark.master local-cluster[2,1,2048]
spark.driver.memory 2g
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.sql.shuffle.partitions 4
spark.sql.files.maxPartitionBytes 1m
spark.sql.files.openCostInBytes 1k
spark.sql.warehouse.dir {folder}/warehouse
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/metastore;create=true
spark.driver.extraJavaOptions -Dderby.system.home={folder}
"""
# 200,000 merchants of two samples, six industries and four weights, in no order; turnovers are
# log-normal, so that the sums of a cell are far above 2^63
LEDGER = """
select
    'kuaishou' as platform_id,
    case when hash(i * 3) % 5 = 0 then 'second' else 'synthetic_2021' end as sample_id,
    'M' || lpad(cast(i - cast(i % 9973 = 1 as int) as varchar), 9, '0') as merchant_id,
    (['apparel', 'food', 'beauty', 'home', 'jewellery', 'other'])[1 + cast(hash(i * 7) % 6 as int)]
        as industry_code,
    turnover as turnover_wan_yuan,
    cast(1 + floor(turnover / (20 + cast(hash(i * 17) % 40 as int))) as bigint) as headcount,
    cast([1, 1.5, 2.25, 0.333333][1 + cast(hash(i * 19) % 4 as int)] as decimal(18, 6))
        as survey_weight,
    'synthetic' as provenance,
    'synthetic_generator' as source_id
from (
    select
        i,
        cast(
            round(exp(3.5 + 1.2 * sqrt(-2 * ln((hash(i * 11) % 1000003 + 1) / 1000005.0))
            * cos(6.283185307179586 * (hash(i * 13) % 1000003) / 1000003.0)), 2) + 0.01
            as decimal(18, 2)
        ) as turnover
    from range(200000) as numbers (i)
) as drawn
order by hash(i * 23)
"""
NUMBERS = ("turnover_wan_yuan", "headcount", "survey_weight")
# in each of five columns
BAD_TEXTS = (
    *("", " ", " 12", "12 ", "1,200", "1 200", "1'200", "１２", "NaN", "inf", "N/A", "#N/A"),
    *("无", "1e3", "+5", "−5", "-5", "007", "12万", "¥12", "12.5.1", ".5", "0", "9999999999999"),
)
COLUMNS = ("merchant_id", "industry_code", *NUMBERS)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The merchants in one Parquet file, typed, some on two lines."""
    path = tmp_path_factory.mktemp("ledger") / "merchants.parquet"
    with (PROJECT_DIR / "seeds/survey/merchant_sample.csv").open(encoding="utf-8") as file:
        source = next(csv.DictReader(file))["source_id"]
    query = LEDGER.replace("synthetic_generator", source)
    duckdb.sql(f"copy ({query}) to '{path}' (format parquet, row_group_size 20000)")
    return path


@pytest.fixture
def spark(project: Project) -> Iterator[Project]:
    """A copy of the project with the environment of Spark."""
    (project.folder / ".venv-spark").symlink_to(SPARK)
    conf = project.folder / "conf"
    conf.mkdir()
    folder = project.folder / "spark"
    (conf / "spark-defaults.conf").write_text(CONF.format(folder=folder), encoding="utf-8")
    yield project
    shutil.rmtree(folder, ignore_errors=True)


def environment_of(project: Project) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    return inherited | {"SPARK_CONF_DIR": str(project.folder / "conf"), "NO_COLOR": "1"}


def command(*arguments: str) -> list[str]:
    program = str(Path(sys.executable).with_name("platform-employment"))
    return [program, "build", "--merchants-on", "spark", *arguments]


def build_on_spark(project: Project, *arguments: str) -> str:
    """Run the command to its end and give what it printed."""
    result = subprocess.run(
        command(*arguments),
        cwd=project.folder,
        env=environment_of(project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, (result.stdout + result.stderr)[-6000:]
    return result.stdout


def sums_on_spark(
    project: Project, hand_over: Path, merchants: str, variables: str, since: str = ""
) -> None:
    """Run the first two of the commands of docs/size.md."""
    hand_over.mkdir(exist_ok=True)
    named = {
        "PLATFORM_EMPLOYMENT_MERCHANTS": merchants,
        "PLATFORM_EMPLOYMENT_SINCE": since,
        "PLATFORM_EMPLOYMENT_HAND_OVER": str(hand_over),
        "SPARK_CONF_DIR": str(project.folder / "conf"),
    }
    result = project.dbt("build", "--selector", "spark_inputs", "--vars", variables, **named)
    assert result.returncode == 0, result.stdout[-4000:]
    done = subprocess.run(
        [
            *(".venv-spark/bin/dbt", "build", "--target", "spark", "--target-path", "target/spark"),
            *("--selector", "sums", "--vars", variables),
        ],
        cwd=project.folder,
        env=environment_of(project) | named,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def on_duckdb(project: Project, merchants: str, variables: str = "{}") -> Path:
    """Make the same tables on DuckDB alone."""
    database = project.folder / "alone.duckdb"
    result = project.dbt(
        *("build", "--exclude-resource-type", "unit_test", "--vars", variables),
        *("--select", "+int_fit__leverage_sums", "+int_fit__compared_merchants"),
        *("+stg_survey__rejected_lines", "+int_survey__samples", "--target-path", "target/alone"),
        PLATFORM_EMPLOYMENT_MERCHANTS=merchants,
        PLATFORM_EMPLOYMENT_DATABASE=str(database),
    )
    assert result.returncode == 0, result.stdout[-4000:]
    return database


def differences(database: Path, hand_over: Path, step: str, *left_out: str) -> dict[str, int]:
    """Give the rows of each table of a step that one of the two engines alone has."""
    handed = read_step(hand_over, step)
    assert handed is not None
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        schemas = connection.sql(
            "select table_name, table_schema from information_schema.tables"
        ).fetchall()
        for name, table in handed.tables.items():
            relation = f"{dict(schemas)[name]}.{name}"
            columns = [c for c in connection.table(relation).columns if c not in left_out]
            mine = f"select {', '.join(columns)} from {relation}"
            files = [str(file) for file in table.files]
            theirs = f"select {', '.join(columns)} from read_parquet({files})"
            ((count,),) = connection.sql(
                f"select count(*) from (({mine} except all {theirs})"
                f" union all ({theirs} except all {mine}))"
            ).fetchall()
            ((rows,),) = connection.sql(f"select count(*) from {relation}").fetchall()
            assert rows == table.rows, name
            found[name] = count
    return found


def test_every_table_that_is_handed_over_is_that_of_duckdb(spark: Project, ledger: Path) -> None:
    hand_over = spark.folder / "hand_over"
    variables = "{max_rejected_rows: 100, max_compared_merchants: 5000}"
    printed = build_on_spark(
        spark, "--path", str(ledger), "--hand-over", str(hand_over), "--vars", variables
    )
    assert "step 5 of 5: everything else, on DuckDB: " in printed
    database = on_duckdb(spark, str(ledger), variables)
    for step in SPARK_STEPS:
        found = differences(database, hand_over, step)
        assert set(found.values()) == {0}, found
    with duckdb.connect(str(database), read_only=True) as connection:
        ((largest, weights, repeated),) = connection.sql(
            """
            select
                max(power_1),
                count(distinct survey_weight),
                (select count(*) from staging.stg_survey__rejected_lines)
            from intermediate.int_fit__moments
            """
        ).fetchall()
    assert largest > 2**63
    assert weights == 4
    # two lines each, of the same sample
    assert repeated == 26
    # and what DuckDB makes of them is what it makes of merchants
    with duckdb.connect() as connection:
        connection.execute(f"attach '{spark.database}' as handed (read_only)")
        connection.execute(f"attach '{database}' as alone (read_only)")
        for name in ("int_fit__moments", "int_fit__leverage_sums", "est_merchant_fits"):
            table = f"intermediate.{name}"
            assert (
                connection.sql(f"from handed.{table} except all from alone.{table}").fetchall()
                == []
            )
            types = [
                connection.sql(f"describe {side}.{table}").fetchall()
                for side in ("handed", "alone")
            ]
            assert types[0] == types[1]


# besides BAD_TEXTS, what only Parquet and tables can hold
ODD_TEXTS = (
    *("a\nb", "12\n", "12\r", "a\x85b", "\u200b12", "x\u2028", "12.505", "12.50", "1000001"),
    *("0.0000001", "-0", "12\t", "家", "a b", "ok-1", "a'b", "-", "12e", "1,2,3", ".", "--5"),
    *("(5)", "5-", "000", "0.5", f"{'9' * 13}.1", "https://x"),
)
DOUBLES = (
    *(12.5, 0.0, -0.0, 1e-7, 1e20, 12345678.9, 1e16, 9999999999999998.0, 0.00012, 3.0, 3.7),
    *(float("nan"), float("inf"), float("-inf"), 1e7, 10000000.01, 0.1 + 0.2, 123456789012.25),
    *(-5.0, 1e-4, 9.9e-5, 1.5e-7, 1.5e22),
)
JUDGE = """
import json, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").getOrCreate()
asked = json.load(open(sys.argv[1]))
tables = {
    kind: spark.createDataFrame(
        [(n, float(v) if kind == "double" else v) for n, v in enumerate(values)],
        f"n int, v {kind}",
    ).coalesce(1).cache()
    for kind, values in asked["values"].items()
}
said = [
    [row[0] for row in tables[kind].withColumnRenamed("v", name).selectExpr("n", f"{sql} as x")
     .orderBy("n").select("x").collect()]
    for kind, name, sql in asked["questions"]
]
json.dump(said, open(sys.argv[2], "w"))
"""


def test_the_rules_of_cells_are_those_of_duckdb(spark: Project) -> None:
    """Reason code, verdict and text of each column: of texts, and of numbers stored as doubles."""
    schemas = load_schemas(PROJECT_DIR / "seeds")
    columns = next(schema.columns for schema in schemas if schema.name == "merchant_sample")
    texts = [text for text in (*BAD_TEXTS, *ODD_TEXTS) if text]
    values = {"string": texts, "double": [repr(value) for value in DOUBLES]}
    questions, expected = [], []
    with duckdb.connect() as connection:
        connection.execute("create table string as select unnest(?::varchar[]) as v", [texts])
        connection.execute("create table double as select unnest(?::double[]) as v", [DOUBLES])
        for rule in columns:
            for kind, data_type in (("string", "VARCHAR"), ("double", "DOUBLE")):
                ours = asdict(column_expressions(rule, data_type))
                theirs = asdict(column_expressions(rule, data_type, SPARK_DIALECT))
                # of a number that is judged as one the text, else the text that is judged
                is_number = kind == "double" and theirs["source"].startswith("`")
                parts = ["accepted", "text"] if is_number else ["source"]
                parts = ["rejection", "accepted"] if kind == "string" else parts
                for part in parts:
                    questions.append((kind, rule.name, theirs[part]))
                    result = connection.execute(
                        f'select {ours[part]} from (select v as "{rule.name}" from {kind})'
                    )
                    expected.append([row[0] for row in result.fetchall()])
    asked, said = spark.folder / "asked.json", spark.folder / "said.json"
    asked.write_text(json.dumps({"values": values, "questions": questions}), encoding="utf-8")
    subprocess.run(
        [str(SPARK / "bin/python"), "-c", JUDGE, str(asked), str(said)],
        env=environment_of(spark),
        check=True,
    )
    answers = json.loads(said.read_text(encoding="utf-8"))
    for (kind, name, _), told, wanted in zip(questions, answers, expected, strict=True):
        for value, one, other in zip(values[kind], told, wanted, strict=True):
            # what is null is not accepted either
            assert (one or None) == (other or None), (name, value)
    assert len({*map(str, RowCode)}.intersection(chain(*answers))) >= 15


def with_bad_cells(rows: list[dict[str, str]]) -> int:
    """Put each bad text into each of five columns of rows of their own."""
    cells = [(column, text) for column in COLUMNS for text in BAD_TEXTS]
    for number, (column, text) in enumerate(cells):
        rows[number * 37][column] = text
    return len(cells)


def text_rows(ledger: Path, number: int) -> list[dict[str, str]]:
    with duckdb.connect() as connection:
        result = connection.execute(f"select columns(*)::varchar from '{ledger}' limit {number}")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_bad_cells_of_csv_files_have_the_same_codes_and_lines(spark: Project, ledger: Path) -> None:
    """Two files, one of them packed, in blocks of a megabyte."""
    rows = text_rows(ledger, 60_000)
    bad = with_bad_cells(rows)
    assert bad == 120
    for name, part in (("a.csv", rows[:40_000]), ("b.csv.gz", rows[40_000:])):
        path = spark.folder / name
        opened = gzip.open if name.endswith("gz") else open
        with opened(path, "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(part[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(part)
    merchants = str(spark.folder / "[ab].csv*")
    variables = "max_rejected_rows: 200"
    sums_on_spark(spark, spark.folder / "hand_over", merchants, variables)
    database = on_duckdb(spark, merchants, variables)
    found = differences(database, spark.folder / "hand_over", SUMS)
    assert set(found.values()) == {0}, found
    with duckdb.connect(str(database), read_only=True) as connection:
        codes = connection.sql(
            "select reason_code, count(*) from staging.stg_survey__rejected_lines group by all"
        ).fetchall()
    # a code of merchant or industry may be `0`, `007` and the like
    assert sum(number for _, number in codes) >= 100
    assert len(codes) >= 12


def test_days_add_up_to_the_whole(spark: Project) -> None:
    """The first counted by DuckDB, the others added by Spark, step by step and by the command."""
    hand_over, ledger = spark.folder / "hand_over", "ledger/*/*.parquet"
    hand_over.mkdir()
    write_days(spark.folder / "ledger", DAYS[0])
    first = spark.dbt(*BUILD, **environment(spark))
    assert first.returncode == 0, first.stdout[-4000:]
    (hand_over / SUMS).rename(hand_over / KEPT)
    write_days(spark.folder / "ledger", DAYS[1])
    sums_on_spark(spark, hand_over, ledger, VARIABLES, DAYS[1])
    # as the command leaves it
    (hand_over / "built").touch()
    write_days(spark.folder / "ledger", DAYS[2])
    arguments = ["--path", ledger, "--hand-over", str(hand_over), "--since", DAYS[2]]
    build_on_spark(spark, *arguments, "--vars", VARIABLES)
    database = on_duckdb(spark, ledger, VARIABLES)
    for step in SPARK_STEPS:
        found = differences(database, hand_over, step)
        assert set(found.values()) == {0}, found
    sums = read_step(hand_over, SUMS)
    assert sums is not None
    assert len(sums.kept_rows) == 3
    twice = subprocess.run(
        command(*arguments),
        cwd=spark.folder,
        env=environment_of(spark),
        capture_output=True,
        text=True,
        check=False,
    )
    assert twice.returncode == 2
    assert "counted before, the last one was day=2026-11-26" in twice.stderr
    assert read_step(hand_over, SUMS) == sums


def test_a_killed_spark_leaves_nothing_half(spark: Project, ledger: Path) -> None:
    """A table of Spark, killed while it hands over; the same command goes on to the end."""
    rows = text_rows(ledger, 20_000)
    with_bad_cells(rows)
    path = spark.folder / "text.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    parquet = spark.folder / "text.parquet"
    duckdb.sql(f"copy (from read_csv('{path}', all_varchar = true, nullstr = '')) to '{parquet}'")
    script = (
        "from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.enableHiveSupport().getOrCreate()\n"
        "spark.sql('create schema lake')\n"
        "spark.sql('create table lake.merchants using parquet as'\n"
        f"' select * from parquet.`{parquet}`')\n"
    )
    subprocess.run([str(SPARK / "bin/python"), "-c", script], env=environment_of(spark), check=True)
    hand_over = spark.folder / "hand_over"
    arguments = ["--table", "lake.merchants", "--hand-over", str(hand_over)]
    arguments += ["--vars", "max_rejected_rows: 200"]
    process = subprocess.Popen(
        command(*arguments),
        cwd=spark.folder,
        env=environment_of(spark),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 1200
    while not list(hand_over.glob("sums/*-*/*/_SUCCESS")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert read_step(hand_over, SUMS) is None
    refused = spark.dbt(
        *("build", "--select", "stg_survey__merchant_files"),
        PLATFORM_EMPLOYMENT_MERCHANTS="spark:lake.merchants",
        PLATFORM_EMPLOYMENT_HAND_OVER=str(hand_over),
    )
    assert refused.returncode == 1
    assert "Spark has not handed over stg_survey__merchant_files" in refused.stdout

    printed = build_on_spark(spark, *arguments)
    assert "step 1 of 5: gates and small tables, on DuckDB: done before" in printed
    database = on_duckdb(spark, str(parquet), "max_rejected_rows: 200")
    # rows of a table have no line, and its snapshot stands for the hash of a file
    unlike = ("file", "file_sha256", "file_bytes", "line")
    for step in (SUMS, RESIDUALS):
        found = differences(database, hand_over, step, *unlike)
        assert set(found.values()) == {0}, found
    manifest = json.loads(
        next((hand_over / SUMS / "manifest").glob("part-*.json")).open().readline()
    )
    assert manifest["ledger"] == "lake.merchants"
    assert manifest["engine"] == "Apache Spark"
