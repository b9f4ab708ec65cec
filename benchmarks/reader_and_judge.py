"""Reader and judge of an earlier commit and of this one, side by side in one run.

Small tables: `check_tables` over 40 generated tables of 125 rows. Microdata: `check_merchants` over
a CSV, and the SQL that judges its cells, with one thread. Each step runs in a separate process
with the package of one commit, in turn; the least processor time of each is compared, which other
work on the machine changes least.

    python benchmarks/reader_and_judge.py [--before 17a8adf] [--rounds 5] [--mebibytes 726]

Exits with 1 when this commit is slower by more than a tenth.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from build_floor import PROJECT_DIR

TABLES, ROWS = 40, 125
# what the package `validation` was called before
EARLIER = "gates"
ALLOWED = 1.1
SCHEMA = """\
seeds:
  - name: {name}
    config: {{meta: {{unique_key: [row_id]}}}}
    columns:
      - {{name: row_id}}
      - {{name: kind, config: {{meta: {{input: {{type: code, values: [first, second]}}}}}}}}
      - {{name: amount, config: {{meta: {{input: {{type: decimal, decimals: 4, minimum: 0}}}}}}}}
      - {{name: persons, config: {{meta: {{input: {{type: integer, minimum: 0}}}}}}}}
      - {{name: known_on}}
      - {{name: is_net}}
      - {{name: address, config: {{meta: {{input: {{type: url}}}}}}}}
      - {{name: title_zh}}
      - {{name: title_en}}
      - {{name: note}}
"""
ROW = "r{i},first,{i}.25,{i},2021-09-{day:02d},true,https://example.org/{i},标题{i},Title {i},\n"
LINE = "kuaishou,sample,M{i:012d},home,{turnover}.{cents:02d},{headcount},1.5,synthetic,source_a\n"
SMALL = """
import resource, sys
from pathlib import Path
try:
    from platform_employment.validation import check_tables, load_schemas
except ImportError:
    from platform_employment.EARLIER import check_tables, load_schemas
import duckdb  # both load it in a build
seeds = Path(sys.argv[1])
schemas = load_schemas(seeds)
check_tables(seeds, schemas)
before = resource.getrusage(resource.RUSAGE_SELF)
report = check_tables(seeds, schemas)
after = resource.getrusage(resource.RUSAGE_SELF)
assert not report.findings and len(report.tables) == int(sys.argv[2]), report.findings
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""
LARGE = """
import resource, sys
from pathlib import Path
try:
    from platform_employment.validation.merchants import check_merchants, find_merchants
    from platform_employment.validation.schemas import load_schemas
    from platform_employment.validation.sql import column_expressions
except ImportError:
    from platform_employment.EARLIER.merchants import check_merchants, find_merchants
    from platform_employment.EARLIER.schemas import load_schemas
    from platform_employment.EARLIER.sql import column_expressions
import duckdb
path, seeds = sys.argv[1:]
sample = next(s for s in load_schemas(Path(seeds)) if s.name == "merchant_sample")
before = resource.getrusage(resource.RUSAGE_SELF)
source = find_merchants(path, Path(path).with_name("spool"))
(report,) = check_merchants(source, sample.header)
columns = ", ".join(f"'{name}': 'varchar'" for name in sample.header)
accepted = " and ".join(column_expressions(rule).accepted for rule in sample.columns)
with duckdb.connect(config={"threads": 1}) as connection:
    connection.execute("set enable_progress_bar = false")
    ((judged,),) = connection.execute(
        f"select count(*) from read_csv('{path}', auto_detect = false, header = true, delim = ',',"
        f" quote = '\\"', escape = '\\"', nullstr = '', columns = {{{columns}}}) where {accepted}"
    ).fetchall()
after = resource.getrusage(resource.RUSAGE_SELF)
assert not report.findings and judged == report.records, (report, judged)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def write_small(folder: Path) -> Path:
    """Write the tables with their declarations; return their folder."""
    for number in range(TABLES):
        place = folder / "seeds" / f"folder_{number % 5}"
        place.mkdir(parents=True, exist_ok=True)
        name = f"table_{number}"
        rows = "".join(ROW.format(i=i, day=i % 30 + 1) for i in range(ROWS))
        header = "row_id,kind,amount,persons,known_on,is_net,address,title_zh,title_en,note\n"
        (place / f"{name}.csv").write_text(header + rows, encoding="utf-8")
        (place / f"{name}.yml").write_text(SCHEMA.format(name=name), encoding="utf-8")
    return folder / "seeds"


def write_large(path: Path, mebibytes: int) -> Path:
    """Write a ledger of so many MiB without a bad line."""
    header = "platform_id,sample_id,merchant_id,industry_code,turnover_wan_yuan,headcount,"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}survey_weight,provenance,source_id\n")
        i = 0
        while file.tell() < mebibytes << 20:
            file.writelines(
                LINE.format(i=j, turnover=j % 9000 + 1, cents=j % 100, headcount=j % 50 + 1)
                for j in range(i, i + 10_000)
            )
            i += 10_000
    return path


def seconds(package: Path, program: str, *arguments: object) -> float:
    """Return the processor time that a program prints, with the package of a folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    command = [sys.executable, "-c", program.replace("EARLIER", EARLIER), *map(str, arguments)]
    result = subprocess.run(
        command,
        env={**environment, "PYTHONPATH": str(package / "python")},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return float(result.stdout)


def main() -> int:
    """Measure and print; exit code 1 when this commit is slower."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--before", default="17a8adf")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=726, help="size of the CSV")
    options = parser.parse_args()
    is_slower = False
    with tempfile.TemporaryDirectory() as temporary:
        before = Path(temporary, "before")
        git = ["git", "-C", str(PROJECT_DIR), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", before, options.before], check=True)
        try:
            small = write_small(Path(temporary, "small"))
            large = write_large(Path(temporary, "merchants.csv"), options.mebibytes)
            megabytes = large.stat().st_size / 1e6
            for name, program, arguments in (
                (f"{TABLES} tables of {ROWS} rows", SMALL, (small, TABLES)),
                (f"CSV of {megabytes:.0f} MB", LARGE, (large, PROJECT_DIR / "seeds")),
            ):
                taken: dict[Path, list[float]] = {before: [], PROJECT_DIR: []}
                for _ in range(options.rounds):
                    for package, times in taken.items():
                        times.append(seconds(package, program, *arguments))
                old, new = map(min, taken.values())
                is_slower |= new > old * ALLOWED
                print(
                    f"{name}: {options.before} {old:.3f} s, this commit {new:.3f} s, "
                    f"ratio {new / old:.2f}",
                    flush=True,
                )
        finally:
            subprocess.run([*git, "remove", "--force", before], check=True)
    return 1 if is_slower else 0


if __name__ == "__main__":
    sys.exit(main())
