"""Time and memory of the fit of equation 2.1 against the size of the sample.

    python benchmarks/estimation.py [--rows 1000 1000000 ...] [--duckreg PYTHON] [--write docs]

Makes synthetic ledgers in a temporary folder and measures each way to fit them in a process of its
own: five rounds in which they take turns, the median counts, the files in the page cache. The
yardstick is DuckDB reading and summing the two columns, which no fit can undercut. Ways that need
packages from requirements.in are left out where these are missing, and duckreg without a Python
that has requirements-duckreg.in. `--write` puts the table and a plot into that folder.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import jinja2
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "python"))

from platform_employment.fit.moments import fit_from_moments, moments_from_rows  # noqa: E402

ROWS = [10**3, 10**4, 10**5, 10**6, 10**7, 10**8]
ROUNDS = 5
IN_MEMORY = 10**7  # the most rows for what holds them all, and several times over
TURNOVER = "turnover_wan_yuan"
COLUMNS = f"{TURNOVER}, headcount"

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


class Source(NamedTuple):
    """A ledger as a Parquet file and as a table of a database."""

    parquet: str
    database: str


def macro(name: str, **called: Any) -> Any:
    """A macro of the project, with those that it calls."""
    template = jinja2.Environment().from_string((ROOT / f"macros/{name}.sql").read_text(), called)
    return getattr(template.module, name)


def merchant_moments(relation: str, wide_sum: Callable[[str], str] | None = None) -> str:
    """The query that the macro renders; wide_sum: in place of the project's."""
    wide_sum = wide_sum or macro("duckdb__wide_sum")
    return str(macro("merchant_moments", wide_sum=wide_sum)(relation))


def fetch(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query, with their whole numbers whole."""
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# --- what is measured: each takes a source and gives back coefficients, or None ----------------


def sum_parquet(source: Source) -> None:
    """The yardstick for files."""
    with duckdb.connect() as connection:
        connection.sql(f"select sum({TURNOVER}), sum(headcount) from '{source.parquet}'").fetchall()


def sum_table(source: Source) -> None:
    """The yardstick for tables."""
    with duckdb.connect(source.database, read_only=True) as connection:
        connection.sql(f"select sum({TURNOVER}), sum(headcount) from merchants").fetchall()


def moments_parquet(source: Source) -> Any:
    """What the project does, on a file."""
    with duckdb.connect() as connection:
        rows = fetch(connection, merchant_moments(f"'{source.parquet}'"))
    return fit_from_moments(moments_from_rows(rows)).params


def moments_table(source: Source) -> Any:
    """What the project does, on a table."""
    with duckdb.connect(source.database, read_only=True) as connection:
        rows = fetch(connection, merchant_moments("merchants"))
    return fit_from_moments(moments_from_rows(rows)).params


def doubles_parquet(source: Source) -> None:
    """The same sums of doubles: what exactness and reproducibility cost."""
    with duckdb.connect() as connection:
        connection.execute(merchant_moments(f"'{source.parquet}'", "sum({})".format)).fetchall()


def raw_sums_parquet(source: Source) -> Any:
    """Normal equations from sums of x^k, as dbt_linreg has them; without robust errors."""
    terms = ["1e0", "x", "x * x"]
    products = [f"sum({a} * {b})" for a in terms for b in [*terms, "x / headcount"]]
    with duckdb.connect() as connection:
        sums = connection.execute(
            f"""
            select {", ".join(products)}, sum((x / headcount) * (x / headcount))
            from (select cast({TURNOVER} as double) as x, headcount from '{source.parquet}')
            """
        ).fetchall()[0]
    table = np.array(sums[:-1]).reshape(3, 4)
    return np.linalg.solve(table[:, :3], table[:, 3])


def pandas_statsmodels(source: Source) -> Any:
    """The fit that everybody writes first."""
    import pandas as pd  # noqa: PLC0415
    import statsmodels.api as sm  # noqa: PLC0415

    frame = pd.read_parquet(source.parquet, columns=COLUMNS.split(", "))
    x = frame[TURNOVER].astype("float64")
    design = pd.DataFrame({"const": 1.0, "x": x, "x2": x**2})
    model = sm.OLS(x / frame["headcount"], design)
    model.fit().bse  # noqa: B018
    fit = model.fit(cov_type="HC1")
    fit.bse  # noqa: B018
    return fit.params.to_numpy()


def pyfixest_feols(source: Source) -> Any:
    """The fast regression package of Python."""
    pyfixest = importlib.import_module("pyfixest")
    import pandas as pd  # noqa: PLC0415

    frame = pd.read_parquet(source.parquet, columns=COLUMNS.split(", "))
    x = frame[TURNOVER].astype("float64")
    data = pd.DataFrame({"z": x / frame["headcount"], "x": x, "x2": x**2})
    return pyfixest.feols("z ~ x + x2", data=data, vcov="HC1").coef().to_numpy()


def duckreg(source: Source, errors: bool = False) -> Any:
    """Least squares on distinct values of the regressors, with their counts as weights."""
    estimators = importlib.import_module("duckreg.estimators")
    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/duckreg.duckdb"
        with duckdb.connect(database) as connection:
            connection.execute(
                f"""
                create view merchants as
                select x, x * x as x2, x / headcount as z
                from (select cast({TURNOVER} as double) as x, headcount from '{source.parquet}')
                """
            )
        model = estimators.DuckRegression(
            db_name=database,
            table_name="merchants",
            formula="z ~ x + x2",
            cluster_col="",
            n_bootstraps=0,
            seed=1,
        )
        model.fit()
        if errors:
            model.fit_vcov()
        model.conn.close()
    return model.point_estimate.ravel()


class Way(NamedTuple):
    """A way to fit, what it is called, what it is compared with and what it takes."""

    title: str
    run: Callable[[Source], Any]
    yardstick: str
    most_rows: int = 10**9
    package: str = "duckdb"
    python: str = "this"


WAYS = {
    "sum_parquet": Way("(a) sums of both columns, Parquet", sum_parquet, "sum_parquet"),
    "moments_parquet": Way("**this project, SQL, Parquet**", moments_parquet, "sum_parquet"),
    "doubles_parquet": Way("SQL, sums of doubles, Parquet", doubles_parquet, "sum_parquet"),
    "raw_sums_parquet": Way(
        "raw sums as in dbt_linreg, no HC1, Parquet", raw_sums_parquet, "sum_parquet"
    ),
    "sum_table": Way("(a) sums of both columns, table", sum_table, "sum_table"),
    "moments_table": Way("**this project, SQL, table**", moments_table, "sum_table"),
    "pandas_statsmodels": Way(
        "(b) pandas and statsmodels, Parquet", pandas_statsmodels, "sum_parquet", IN_MEMORY
    ),
    "pyfixest": Way("pyfixest, Parquet", pyfixest_feols, "sum_parquet", IN_MEMORY, "pyfixest"),
    "duckreg": Way(
        "duckreg, no errors, Parquet", duckreg, "sum_parquet", IN_MEMORY, python="duckreg"
    ),
    # its errors take a square matrix of the distinct turnovers
    "duckreg_errors": Way(
        "duckreg, Parquet", partial(duckreg, errors=True), "sum_parquet", 10**4, python="duckreg"
    ),
}


# --- the measuring -----------------------------------------------------------------------------


class Measurement(NamedTuple):
    """Of one way on one ledger: median seconds, peak memory in MB, coefficients."""

    way: str
    rows: int
    seconds: float
    megabytes: float
    params: list[float] | None


def run_in_turn(way: str, source: Source) -> None:
    """In a process of its own: one run that nobody counts, for imports and compilation, then one
    for each line that comes in, answered by seconds, peak memory in MB and coefficients."""
    params = WAYS[way].run(source)
    print(flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        WAYS[way].run(source)
        seconds = time.perf_counter() - start
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer = (seconds, megabytes, None if params is None else [float(p) for p in params])
        print(json.dumps(answer), flush=True)


class Runner:
    """A way on a ledger, in a process that runs it when told."""

    def __init__(self, way: str, source: Source, python: str) -> None:
        """Start it and wait until it is warm."""
        self.way = way
        self.seconds: list[float] = []
        self.megabytes = 0.0
        self.params: list[float] | None = None
        self.process = subprocess.Popen(
            [python, __file__, "--run", way, *source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def run(self) -> None:
        """One run."""
        assert self.process.stdin
        print(file=self.process.stdin, flush=True)
        seconds, self.megabytes, self.params = json.loads(self.answer())
        self.seconds.append(seconds)

    def answer(self) -> str:
        """What the process says next."""
        assert self.process.stdout
        if not (line := self.process.stdout.readline()):
            sys.exit(f"{self.way} failed, see above")
        return line


def ledger_in(folder: Path) -> Source:
    """The names of a ledger's files."""
    return Source(str(folder / "merchants.parquet"), str(folder / "merchants.duckdb"))


def make_ledger(rows: int, source: Source) -> None:
    """A synthetic ledger, as a file and as a table."""
    with duckdb.connect(source.database) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"create table merchants as {LEDGER.format(rows=rows)}")
        connection.execute(f"copy merchants to '{source.parquet}' (format parquet)")


def benchmark(rows: int, ways: list[str], pythons: dict[str, str]) -> list[Measurement]:
    """All the ways on one ledger, which is then removed."""
    with tempfile.TemporaryDirectory() as folder:
        # in a process of its own: a child's peak memory starts from that of its parent
        subprocess.run([sys.executable, __file__, "--make", str(rows), folder], check=True)
        source = ledger_in(Path(folder))
        runners = [
            Runner(name, source, pythons[WAYS[name].python])
            for name in ways
            if rows <= WAYS[name].most_rows
            and WAYS[name].python in pythons
            and importlib.util.find_spec(WAYS[name].package)
        ]
        for _ in range(ROUNDS):
            for runner in runners:
                runner.run()
        for runner in runners:
            runner.process.communicate()
    return [
        Measurement(
            runner.way, rows, statistics.median(runner.seconds), runner.megabytes, runner.params
        )
        for runner in runners
    ]


# --- the report --------------------------------------------------------------------------------


def report(measurements: list[Measurement]) -> str:
    """A table in Markdown."""
    seconds = {(m.way, m.rows): m.seconds for m in measurements}
    exact = {m.rows: m.params for m in measurements if m.way == "moments_parquet"}
    lines = [
        "| rows | way | seconds | times (a) | peak MB | digits in common with ours |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for m in sorted(measurements, key=lambda m: (m.rows, list(WAYS).index(m.way))):
        yardstick = seconds.get((WAYS[m.way].yardstick, m.rows))
        ratio = f"{m.seconds / yardstick:.1f}" if yardstick else ""
        lines.append(
            f"| {m.rows:,} | {WAYS[m.way].title} | {m.seconds:.3f} | {ratio} |"
            f" {m.megabytes:,.0f} | {digits_in_common(m.params, exact.get(m.rows))} |"
        )
    return "\n".join(lines)


def digits_in_common(params: list[float] | None, ours: list[float] | None) -> str:
    """Digits that the coefficients share with ours, the worst of the three."""
    if params is None or ours is None:
        return ""
    error = np.abs(np.array(params) / np.array(ours) - 1).max()
    return "all" if error == 0 else f"{max(0.0, -np.log10(error)):.0f}"


def plot(measurements: list[Measurement], path: Path) -> None:
    """Seconds against rows, both in powers of ten: a colour a way, dashes on a table."""
    alt = importlib.import_module("altair")
    data, methods = [], []
    for m in measurements:
        method, storage = WAYS[m.way].title.strip("*").rsplit(", ", 1)
        data.append({"rows": m.rows, "seconds": m.seconds, "method": method, "on": storage})
        if method not in methods:
            methods.append(method)
    points = (
        alt.Chart(alt.Data(values=data))
        .mark_circle()
        .encode(
            x=alt.X(
                "rows:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(values=sorted({m.rows for m in measurements}), format=","),
                title="merchants 商家数",
            ),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds 秒"),
            color=alt.Color("method:N", sort=methods, title=None),
        )
        .properties(width=560, height=380)
    )
    dashes = alt.StrokeDash("on:N", sort=["Parquet", "table"], title=None)
    chart = points + points.mark_line().encode(strokeDash=dashes)
    chart.configure(background="white").configure_legend(labelLimit=400).save(path)


def write(measurements: list[Measurement], folder: Path) -> None:
    """The page and its plot."""
    plot(measurements, folder / "performance.svg")
    versions = ", ".join(
        f"{name} {importlib.import_module(name).__version__}" for name in ("duckdb", "numpy")
    )
    page = folder / "performance.md"
    # what inputs.py has written stays
    _, title, steps = page.read_text(encoding="utf-8").partition("\n## The steps over merchants")
    page.write_text(
        f"""# Cost of the fit against the size of the sample

Made by `benchmarks/estimation.py` in one run: medians of {ROUNDS} rounds on {os.cpu_count()} cores,
each way in a process of its own, synthetic ledgers in the page cache, {versions}. All but the sums
of (a), the raw sums and duckreg without errors give coefficients with classic and robust errors.
Fits that need every row in memory stop at {IN_MEMORY:,} rows, the errors of duckreg, which take a
square matrix of the distinct turnovers, at 10,000.

{findings(measurements)}

![seconds against merchants](performance.svg)

## Where the time goes

- **SQL** is what `dbt build` runs: one aggregation that any engine can do. Its cost is arithmetic,
  not reading: eight powers for each merchant, added up by headcount. Sums of doubles cost less than
  those of whole numbers, but their last digits change with the number of threads and the order of
  the rows; the difference between the two lines is the price of exactness in SQL.
- **Below a million merchants** the fit itself, 60 digits of decimal arithmetic with its bound on
  rounding, takes longer than reading the sample.
- On a **table** of DuckDB the yardstick takes a fraction of what it takes on Parquet, since nothing
  is unpacked; the arithmetic stays.

## All measurements

{report(measurements)}
{title}{steps}""",
        encoding="utf-8",
    )


def findings(measurements: list[Measurement]) -> str:
    """The main ratios, a line each."""
    by_way = {(m.way, m.rows): m for m in measurements}
    lines = []
    for rows in sorted({m.rows for m in measurements if m.rows >= IN_MEMORY}):
        for way in ("doubles_parquet", "moments_parquet"):
            if (way, rows) in by_way:
                ratio = by_way[way, rows].seconds / by_way["sum_parquet", rows].seconds
                lines.append(f"- {rows:,} merchants, {WAYS[way].title}: {ratio:.1f} times (a)")
        for way in ("moments_parquet",):
            if (way, rows) in by_way and ("pandas_statsmodels", rows) in by_way:
                ours, plain = by_way[way, rows], by_way["pandas_statsmodels", rows]
                faster, leaner = plain.seconds / ours.seconds, plain.megabytes / ours.megabytes
                lines.append(
                    f"- {rows:,} merchants, {WAYS[way].title}: {faster:.0f} times faster and"
                    f" {leaner:.0f} times leaner than (b)"
                )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", nargs="+", type=int, default=ROWS)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--duckreg", metavar="PYTHON")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        rows, folder = arguments.make
        make_ledger(int(rows), ledger_in(Path(folder)))
        return
    if arguments.run:
        way, *source = arguments.run
        run_in_turn(way, Source(*source))
        return
    pythons = {"this": sys.executable}
    if arguments.duckreg:
        pythons["duckreg"] = arguments.duckreg
    measurements = []
    for rows in arguments.rows:
        measurements += benchmark(rows, arguments.ways, pythons)
        print(f"{rows:,} rows done", file=sys.stderr)
    print(report(measurements))
    if arguments.write:
        write(measurements, arguments.write)


if __name__ == "__main__":
    main()
