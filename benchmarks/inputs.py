"""The cost of the gates and of staging beside DuckDB reading the same file, in one run.

A file of invented merchants, 0.1 % of its lines bad, goes through `dbt build` without its tests,
up to the accepted and the rejected lines. What dbt itself takes is measured with a file of one
merchant and taken off.

The yardstick is DuckDB reading all columns of the file as text into a table of the same kind of
database, with the same threads and memory limit. It stores the rows, as staging does, which
keeps every line so that a rejected one can be shown. A scan that keeps nothing measures the
parser alone, which nothing that stores rows can stay near; it is printed as well.

Then a ledger without a bad line, typed, in Parquet goes through all that is tagged `merchants`,
tests included: its cost is the sum of their execution times with one thread. The yardstick is
DuckDB looking for repeated merchants in the same file, exactly and with one thread, before and
after.

    python benchmarks/inputs.py [--rows N ...] [--csv-rows N ...] [--memory-limit MB]
        [--folder DIR] [--parquet-only] [--earlier] [--write docs]

`--earlier` measures commit 479f9ef beside it, up to 10,000,000 rows. `--write` puts tables and a
plot into performance.md of that folder, for which it needs altair and vl-convert-python of
requirements.in. 100,000,000 rows are measured where `--rows` asks for them.

Every step is a process of its own, and its peak memory is printed: it may pass the limit of
DuckDB by what Python and dbt need, `ALLOWANCE_MB`, however large the file. Exits with 1 when it
passes that, when a ratio is above `TARGET_RATIO` or `MOST_SEARCHES`, or when a line is lost.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import duckdb
import yaml
from build_floor import PROJECT_DIR, copy_project

# before the method became data
EARLIER = "479f9ef"
TARGET_RATIO = 2
# what the steps over merchants may cost, in exact searches for repeated merchants
MOST_SEARCHES = {10**7: 8, 10**8: 5}
ALLOWANCE_MB = 300
# the most rows for the earlier commit
EARLIER_ROWS = 10**7
# of the steps that have one of their own in the plot
COLOURS = ["#4c78a8", "#f58518", "#54a24b", "#e45756", "#b279a2", "#72b7b2", "#eeca3b", "#9d755d"]
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
# Turnovers are log-normal with a mean near 148.66 万元; headcounts scatter about the report's
# curve. Hashes in place of random numbers: the same ledger whatever the number of threads.
LEDGER = """
    with uniforms as (
        select
            i as merchant_id,
            (hash(i) % 1000000007 + 1) / 1000000009.0 as first,
            (hash(i + 2000000000) % 1000000007 + 1) / 1000000009.0 as second
        from range({rows}) as ledger(i)
    ),
    turnovers as (
        select
            merchant_id,
            sqrt(-2 * ln(first)) * sin(2 * pi() * second) as scatter,
            greatest(0.01, exp(3.6 + 1.67 * sqrt(-2 * ln(first)) * cos(2 * pi() * second))) as x
        from uniforms
    )
    select
        merchant_id,
        cast(x as decimal(18, 2)) as turnover_wan_yuan,
        cast(
            greatest(1, round(x / (7.823 + 0.059 * least(x, 9000)) * exp(0.4 * scatter)))
            as integer
        ) as headcount
    from turnovers
"""
READER = """
import sys, duckdb
path, database, query, limit, threads = sys.argv[1:]
with duckdb.connect(config={"memory_limit": f"{limit}MiB", "threads": threads}) as connection:
    connection.execute(f"attach '{database}' as d (storage_version 'v1.4.0')")
    connection.execute("use d")
    connection.execute(query, {"path": path})
"""
# merchants of the shipped sample in all but their numbers
TYPED_MERCHANTS = """
    with shipped as (
        select platform_id, sample_id, provenance, source_id
        from read_csv('{shipped}', all_varchar = true)
        limit 1
    )
    select
        platform_id,
        sample_id,
        'M' || lpad(cast(merchants.merchant_id as varchar), 12, '0') as merchant_id,
        (['apparel', 'beauty', 'food', 'home', 'other'])[
            1 + cast(hash(merchants.merchant_id * 7) % 5 as int)
        ] as industry_code,
        turnover_wan_yuan,
        cast(headcount as bigint) as headcount,
        cast(1 as decimal(18, 6)) as survey_weight,
        provenance,
        source_id
    from ({ledger}) as merchants
    cross join shipped
"""
SEARCH = """
import sys, time, duckdb
path, limit = sys.argv[1:]
with duckdb.connect(config={"memory_limit": f"{limit}MiB", "threads": "1"}) as connection:
    connection.execute("set enable_progress_bar = false")
    started = time.perf_counter()
    connection.execute(
        '''
        select count(*) from (
            select platform_id, sample_id, merchant_id from read_parquet($path)
            group by all having count(*) > 1
        )
        ''', {"path": path}
    ).fetchall()
    print(time.perf_counter() - started)
"""
# of performance.md, from which on `--write` replaces it
STEPS_TITLE = "## The steps over merchants of a build"
PLOT = "performance-steps.svg"
INTRODUCTION = f"""
Made by `python benchmarks/inputs.py {{arguments}}` with duckdb {duckdb.__version__}, times of one
run. Where the aim is missed, it says so.

![searches or readings by step and size]({PLOT})

Diamonds are the aims.

**Parquet.** The cost is the sum of the execution times of all models and tests with the tag
`merchants` in one `dbt build` with one thread, fits and estimators of at most 100,000 merchants
included, which cost the same at any size. The unit is an exact search of DuckDB, with one thread,
for repeated merchants in the same typed file: the faster of two, before and after the build. The
aim is {MOST_SEARCHES[10**7]} searches at 10,000,000 merchants and {MOST_SEARCHES[10**8]} at
100,000,000. Of {EARLIER}, which has no such tag, the models on merchants and their tests count; it
has no placebo.

**CSV.** Gates and staging, up to accepted and rejected lines, with two threads on a file whose
every thousandth line is bad. The cost is the time of the build less that of one with a single
merchant. The unit is `create table as` of the same file as text, with the same threads and limit.
The aim is {TARGET_RATIO}.
"""


def unpack_earlier(folder: Path) -> None:
    """Unpack the earlier commit from the history of this repository."""
    packed = subprocess.run(
        ["git", "-C", str(PROJECT_DIR), "archive", EARLIER], capture_output=True, check=False
    )
    if packed.returncode:
        sys.exit(f"{EARLIER} is not in this repository: {packed.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")


@dataclass(frozen=True)
class Steps:
    """Seconds of each step over merchants of one build, and of the unit that they are seen in."""

    storage: str
    rows: int
    unit: float
    seconds: dict[str, float]
    tests: frozenset[str]

    def ranked(self, least: float) -> list[tuple[str, float]]:
        """Steps with their seconds, the longest first; those below `least` are added up."""
        models = {k: v for k, v in self.seconds.items() if k not in self.tests}
        large = {k: v for k, v in models.items() if v >= least}
        ranked = sorted(large.items(), key=itemgetter(1), reverse=True)
        tests = sum(v for k, v in self.seconds.items() if k in self.tests)
        rest = [("others", sum(models.values()) - sum(large.values())), ("tests", tests)]
        return ranked + [(name, value) for name, value in rest if value]

    def table(self, unit: str) -> list[str]:
        """In Markdown; steps below a fiftieth of all are added up."""
        together = sum(self.seconds.values())
        rows = [*self.ranked(together / 50), ("**together**", together)]
        return [
            f"| step | seconds | {unit} |",
            "|---|---:|---:|",
            *(f"| {name} | {value:.2f} | {value / self.unit:.2f} |" for name, value in rows),
        ]


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


def build(project: Path, path: Path, memory_limit: int, *arguments: str) -> Cost:
    """Run `dbt build` over a file of merchants in a fresh database."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    environment["PLATFORM_EMPLOYMENT_MERCHANTS"] = str(path)
    environment["PLATFORM_EMPLOYMENT_MEMORY_LIMIT"] = f"{memory_limit}MiB"
    # each project with the package of its own commit
    environment["PYTHONPATH"] = str(project / "python")
    (project / "dev.duckdb").unlink(missing_ok=True)
    dbt = str(Path(sys.executable).with_name("dbt"))
    leave_out = ["--exclude-resource-type", "unit_test"]
    return run([dbt, "--no-version-check", "build", *leave_out, *arguments], project, environment)


def stage(project: Path, path: Path, memory_limit: int) -> Cost:
    """Run dbt over a file, from the gates to the accepted and the rejected lines."""
    return build(
        project, path, memory_limit, "--exclude-resource-type", "test", "--select", *MODELS
    )


def write_merchants(path: Path, rows: int) -> Path:
    """Write the invented merchants."""
    query = MERCHANTS.format(rows=rows)
    duckdb.execute(f"copy ({query}) to '{path}' (format csv, header, delimiter ',')")
    return path


def write_typed_merchants(path: Path, rows: int) -> Path:
    """Write a ledger without a bad line, its numbers typed."""
    shipped = PROJECT_DIR / "seeds" / "survey" / "merchant_sample.csv"
    query = TYPED_MERCHANTS.format(shipped=shipped, ledger=LEDGER.format(rows=rows))
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"copy ({query}) to '{path}' (format parquet, compression zstd)")
    return path


def search_seconds(path: Path, memory_limit: int) -> float:
    """Seconds that DuckDB takes to look for repeated merchants, with one thread."""
    command = [sys.executable, "-c", SEARCH, str(path), str(memory_limit)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def step_seconds(project: Path, names: set[str]) -> dict[str, float]:
    """Execution times of the last build by node: of the models and their tests over merchants.

    names: models that count where a project has no tag for them.
    """
    target = project / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    tagged = {key for key, node in nodes.items() if "merchants" in node["tags"]}
    if not any(nodes[key]["resource_type"] == "model" for key in tagged):
        tagged = {
            key
            for key, node in nodes.items()
            if node["resource_type"] == "model"
            and (node["name"] in names or {"survey", "merchants", "estimators"} & set(node["fqn"]))
        }
    return {
        nodes[result["unique_id"]]["name"]: result["execution_time"]
        for result in results
        if result["unique_id"] in tagged
        or (
            nodes.get(result["unique_id"], {}).get("resource_type") == "test"
            and tagged & set(nodes[result["unique_id"]]["depends_on"]["nodes"])
        )
    }


def missed(ratio: float, most: float | None, mebibytes: float) -> str:
    """Which aims a build misses; nothing where it keeps them. mebibytes: above the limit."""
    aims = [f"{most}"] if most is not None and ratio > most else []
    aims += [f"{ALLOWANCE_MB} MB above the limit"] if mebibytes > ALLOWANCE_MB else []
    return f" **Missed: {', '.join(aims)}.**" if aims else ""


def measured_steps(project: Path, storage: str, rows: int, unit: float, names: set[str]) -> Steps:
    """The steps of the last build of a project; names: see step_seconds."""
    manifest = json.loads((project / "target/manifest.json").read_text(encoding="utf-8"))
    tests = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "test"}
    return Steps(storage, rows, unit, step_seconds(project, names), frozenset(tests))


def measure_steps(
    folder: Path, projects: dict[str, Path], rows: int, limit: int
) -> tuple[str, Steps, bool]:
    """The costs of the steps over merchants in each project as Markdown; of ours the steps, and
    whether they hold."""
    path = write_typed_merchants(folder / f"{rows}.parquet", rows)
    lines: list[str] = []
    ours: Steps | None = None
    is_within = True
    for name, project in projects.items():
        is_ours = ours is None
        searches = [search_seconds(path, limit)]
        # the earlier one takes these merchants for those of the report, and a test says so
        selected = ["--select", "+tag:merchants"] if is_ours else ["--exclude", "expectations_hold"]
        cost = build(project, path, limit, "--threads", "1", *selected)
        searches.append(search_seconds(path, limit))
        steps = measured_steps(
            project, "Parquet", rows, min(searches), set(ours.seconds if ours else ())
        )
        ours = ours or steps
        ratio = sum(steps.seconds.values()) / steps.unit
        failed = missed(ratio, MOST_SEARCHES.get(rows) if is_ours else None, cost.mebibytes - limit)
        kept = (project / "dev.duckdb").stat().st_size / 1e6
        lines += [
            "",
            f"{rows:,} merchants, Parquet of {path.stat().st_size / 1e6:.0f} MB, {name}:"
            f" {sum(steps.seconds.values()):.1f} s are **{ratio:.1f} searches** of"
            f" {steps.unit:.2f} s ({max(searches):.2f} at worst); peak memory is"
            f" {cost.mebibytes:.0f} MiB under a limit of {limit} MiB, the database {kept:,.0f} MB."
            f"{failed}",
            "",
            *(steps.table("searches") if is_ours else []),
        ]
        is_within &= not (is_ours and failed)
        (project / "dev.duckdb").unlink()
    path.unlink()
    assert ours
    return "\n".join(lines), ours, is_within


def plot(measured: list[Steps], path: Path) -> None:
    """Units against rows, both in powers of ten: a line a step, beside their sum and the aims."""
    alt = importlib.import_module("altair")
    weights: defaultdict[str, float] = defaultdict(float)
    for steps in measured:
        for name, value in steps.seconds.items():
            weights[name] += value / steps.unit
    named = sorted(weights, key=weights.__getitem__, reverse=True)[: len(COLOURS)]
    units: defaultdict[tuple[str, int, str], float] = defaultdict(float)
    for steps in measured:
        for name, value in steps.seconds.items():
            for line in (name if name in named else "others", "together"):
                units[steps.storage, steps.rows, line] += value / steps.unit
    aims = {("Parquet", rows): most for rows, most in MOST_SEARCHES.items()}
    aims |= {("CSV", steps.rows): TARGET_RATIO for steps in measured if steps.storage == "CSV"}
    data = [
        {"storage": storage, "rows": rows, "step": step, "units": value, "aim": aim}
        for (storage, rows, step), value in units.items()
        for aim in [aims.get((storage, rows)) if step == "together" else None]
    ]
    base = alt.Chart().encode(
        x=alt.X(
            "rows:Q",
            scale=alt.Scale(type="log"),
            axis=alt.Axis(values=sorted({steps.rows for steps in measured}), format="~s"),
            title="merchants",
        )
    )
    lines = base.mark_line(point=True).encode(
        y=alt.Y("units:Q", scale=alt.Scale(type="log"), title="searches, or readings as text"),
        color=alt.Color("step:N", sort=["together", *named, "others"], title=None),
    )
    marks = base.mark_point(shape="diamond", size=120, color="black").encode(y="aim:Q")
    panels = alt.layer(lines, marks, data=alt.Data(values=data)).properties(width=260, height=380)
    chart = panels.facet(column=alt.Column("storage:N", title=None, sort=["Parquet", "CSV"]))
    chart.configure(background="white").configure_legend(labelLimit=400).configure_range(
        category=["black", *COLOURS, "silver"]
    ).save(path)


def write_steps(text: str, measured: list[Steps], folder: Path) -> None:
    """Replace the section of performance.md and its plot."""
    plot(measured, folder / PLOT)
    page = folder / "performance.md"
    before = page.read_text(encoding="utf-8").partition(STEPS_TITLE)[0].rstrip()
    # a folder of this machine says nothing
    arguments = re.sub(r" --folder \S+", "", " ".join(sys.argv[1:]))
    introduction = INTRODUCTION.format(arguments=arguments)
    page.write_text(f"{before}\n\n{STEPS_TITLE}\n{introduction}{text.rstrip()}\n", encoding="utf-8")


def set_threads(project: Path, threads: int = THREADS) -> None:
    """Give the database of a copy of the project as many threads as the yardstick has."""
    profiles = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))
    output = profiles["platform_employment"]["outputs"]["dev"]
    output["config_options"]["threads"] = threads
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


def measure_csv(folder: Path, project: Path, rows: int, limit: int) -> tuple[str, Steps, bool]:
    """The cost of gates and staging on CSV as Markdown, its steps, and whether it holds."""
    one = write_merchants(folder / "one.csv", 1)
    stage(project, one, limit)
    path = write_merchants(folder / f"{rows}.csv", rows)
    overhead = stage(project, one, limit)
    staged = stage(project, path, limit)
    lines = check_lines(project, rows)
    scan = read_as_text(path, "select count(columns(*)) from {}", limit)
    table = read_as_text(path, "create table text as select * from {}", limit)
    steps = measured_steps(project, "CSV", rows, table.seconds, set())
    net = staged.seconds - overhead.seconds
    ratio = net / table.seconds
    failed = missed(ratio, TARGET_RATIO, staged.mebibytes - limit)
    text = [
        "",
        f"{rows:,} merchants, CSV of {path.stat().st_size / 1e6:.0f} MB: {net:.1f} s are"
        f" **{ratio:.2f} readings as text** of {table.seconds:.2f} s, and {net / scan.seconds:.1f}"
        f" scans that keep nothing; dbt with one merchant takes {overhead.seconds:.1f} s. Peak"
        f" memory is {staged.mebibytes:.0f} MiB under a limit of {limit} MiB. {lines}."
        f"{failed}",
        "",
        *steps.table("readings"),
    ]
    path.unlink()
    return "\n".join(text), steps, not failed


def main() -> int:
    """Measure and print; exit code 1 when it costs more than the target allows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--csv-rows", type=int, nargs="*", help="of the CSV; default: --rows")
    parser.add_argument(
        "--memory-limit", type=int, default=1024, help="of DuckDB, in MiB; default: %(default)s"
    )
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    parser.add_argument("--parquet-only", action="store_true", help="leave out the CSV")
    parser.add_argument(
        "--earlier", action="store_true", help=f"measure {EARLIER}, up to {EARLIER_ROWS:,} rows"
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    limit: int = arguments.memory_limit
    csv_rows = [] if arguments.parquet_only else arguments.csv_rows or arguments.rows
    is_within = True
    texts: list[str] = []
    measured: list[Steps] = []

    def keep(text: str, steps: Steps, is_so: bool) -> None:
        nonlocal is_within
        print(text, flush=True)
        texts.append(text)
        measured.append(steps)
        is_within &= is_so

    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        folder = Path(temporary)
        project = folder / "project"
        project.mkdir()
        copy_project(project)
        projects = {"this project": project}
        if arguments.earlier:
            projects[EARLIER] = folder / EARLIER
            projects[EARLIER].mkdir()
            unpack_earlier(projects[EARLIER])
        for each in projects.values():
            set_threads(each, 1)
        for rows in arguments.rows:
            chosen = {k: v for k, v in projects.items() if k != EARLIER or rows <= EARLIER_ROWS}
            keep(*measure_steps(folder, chosen, rows, limit))
        set_threads(project)
        for rows in csv_rows:
            keep(*measure_csv(folder, project, rows, limit))
        if arguments.write:
            write_steps("\n".join(texts), measured, arguments.write)
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
