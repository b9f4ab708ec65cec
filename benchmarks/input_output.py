"""The cost of multipliers of large tables and of all choices, from files to the marts, in one run.

Invented tables that balance (domestic and imported flows, households, jobs by sector) go through
`dbt build` next to the shipped one. What counts is the time of the models that they pass through:
staging, the estimate under three import conventions with both types and all checks, and the
marts, one after the other and less the import of pandas, which the first Python model of a build
pays. Validation and the loading of the seeds are printed next to it. Then every valid combination
of choices of the shipped data is calculated. Targets are for a quiet machine of two cores.

    python benchmarks/input_output.py [--folder DIR]

Exits with 1 when something takes longer than its target, or when multipliers are missing.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
from build_floor import copy_project

# sectors and seconds of model time
TARGETS = {153: 1.0, 500: 3.0}
MODELS = ["+fct_multipliers", "+aud_input_output_checks"]
# from the inputs of the chain on
CHOICES = ["est_combinations", "fct_choice_combinations", "fct_choice_effects"]
CHOICES_TARGET = 2.0
# of a sector: three conventions, type I with three quantities and type II with four
PER_SECTOR = 3 * (3 + 4)


def write_table(folder: Path, n: int) -> None:
    """Write a table of n sectors as rows of own data, in amounts of four decimals."""
    random = np.random.default_rng(n)
    sectors = [f"{number:03d}" for number in range(1, n + 1)]
    weights = random.exponential(1, (n, n)) * np.outer(random.exponential(1, n), np.ones(n))
    output = random.uniform(1000, 100_000, n)
    inputs = weights / weights.sum(axis=0) * output * random.uniform(0.4, 0.7, n)
    home = inputs * 0.9
    # no sector sells more than nine tenths of its output to others
    home *= np.minimum(1, 0.9 * output / home.sum(axis=1))[:, None]
    home, foreign = home.round(4), (inputs * 0.1).round(4)
    final = ((output - home.sum(axis=1))[:, None] * [0.4, 0.2, 0.25, 0.15]).round(4)
    output = home.sum(axis=1) + final.sum(axis=1)
    added = output - home.sum(axis=0) - foreign.sum(axis=0)
    use = {"HH": "household_consumption", "GOV": "government_consumption"}
    use |= {"CAP": "capital_formation", "EX": "exports"}
    roles = dict.fromkeys(sectors, "sector") | use
    roles |= {"COMP": "compensation", "REST": "value_added", "GO": "output"}

    def cells() -> Iterable[tuple[str, ...]]:
        for origin, block in (("domestic", home), ("imported", foreign)):
            for row, values in zip(sectors, block, strict=True):
                for column, value in zip(sectors, values, strict=True):
                    yield "t", origin, row, column, f"{value:.4f}"
        for row, values, whole in zip(sectors, final, output, strict=True):
            for column, value in zip(use, values, strict=True):
                yield "t", "domestic", row, column, f"{value:.4f}"
            yield "t", "domestic", row, "GO", f"{whole:.4f}"
        for kind, part in (("COMP", 0.5), ("REST", 0.5)):
            for column, value in zip(sectors, added, strict=True):
                yield "t", "value_added", kind, column, f"{value * part:.8f}"

    source = ("published", "nbs_input_output_tables")
    jobs = random.uniform(1, 5, n)
    _write(
        folder / "input_output_tables.csv",
        "table_id,table_year,balance_tolerance,unit,name_zh,name_en,provenance,source_id",
        [("t", "2030", "0.0000001", "yi_yuan", "t", "t", *source)],
    )
    _write(
        folder / "sectors.csv",
        "table_id,sector_code,sector_role,name_zh,name_en",
        (("t", code, role, code, code) for code, role in roles.items()),
    )
    _write(
        folder / "input_output_flows.csv",
        "table_id,origin,row_code,column_code,value",
        cells(),
    )
    _write(
        folder / "sector_employment_reconstruction.csv",
        "table_id,sector_code,year,employed_persons_wan,employment_classes,provenance,source_id",
        (
            ("t", code, "2030", f"{count:.4f}", "", *source)
            for code, count in zip(sectors, jobs, strict=True)
        ),
    )


def _write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def build(project: Path, models: list[str], inputs: Path | None) -> tuple[float, dict[str, float]]:
    """Run dbt; give its seconds as a whole and the ones of each node."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    if inputs:
        environment["PLATFORM_EMPLOYMENT_INPUTS"] = str(inputs)
    (project / "dev.duckdb").unlink(missing_ok=True)
    dbt = str(Path(sys.executable).with_name("dbt"))
    arguments = [
        "--no-version-check",
        "build",
        "--threads",
        "1",
        "--exclude-resource-type",
        "unit_test",
        "test",
    ]
    started = time.perf_counter()
    done = subprocess.run(
        [dbt, *arguments, "--select", *models],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    seconds = time.perf_counter() - started
    results = json.loads((project / "target" / "run_results.json").read_text(encoding="utf-8"))
    return seconds, {one["unique_id"]: one["execution_time"] for one in results["results"]}


def import_seconds() -> float:
    """How long a process takes to import what the model does."""
    code = (
        "import time, duckdb; started = time.perf_counter()\n"
        "import pandas, platform_employment.multipliers.table_frames\n"
        "print(time.perf_counter() - started)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def check_rows(project: Path, n: int) -> bool:
    """Return whether every sector has its multipliers and no check failed."""
    with duckdb.connect(str(project / "dev.duckdb"), read_only=True) as connection:
        found, bad = connection.execute(
            "select (select count(*) from marts.fct_multipliers"
            " where table_id = 't' and demand = 'sector'),"
            " (select count(*) from audit.aud_input_output_checks where outcome = 'failed')"
        ).fetchall()[0]
    return (found, bad) == (n * PER_SECTOR, 0)


def main() -> int:
    """Measure and print; exit code 1 when it takes longer than the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    arguments = parser.parse_args()
    is_within = True
    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        project = Path(temporary, "project")
        project.mkdir()
        copy_project(project)
        for n, target in TARGETS.items():
            inputs = Path(temporary, str(n))
            write_table(inputs / "economy", n)
            size = (inputs / "economy" / "input_output_flows.csv").stat().st_size / 1e6
            whole, nodes = build(project, MODELS, inputs)
            models = {name: took for name, took in nodes.items() if name.startswith("model.")}
            seeds = sum(took for name, took in nodes.items() if name.startswith("seed."))
            gates = sum(took for name, took in nodes.items() if name.startswith("operation."))
            estimate = next(took for name, took in models.items() if "est_multipliers" in name)
            imports = import_seconds()
            seconds = sum(models.values()) - imports
            is_whole = check_rows(project, n)
            print(
                f"{n} sectors, {size:.1f} MB: models {seconds:.2f} s (target {target:g}), of which "
                f"the estimate {estimate - imports:.2f}; imports {imports:.2f}, seeds {seeds:.2f}, "
                f"checks {gates:.2f}, dbt as a whole {whole:.1f} s"
                + ("" if is_whole else "; multipliers are missing"),
                flush=True,
            )
            is_within &= seconds <= target and is_whole
        _, nodes = build(project, [f"+{CHOICES[1]}", f"+{CHOICES[2]}"], None)
        parts = {name: nodes[f"model.platform_employment.{name}"] for name in CHOICES}
        with duckdb.connect(str(project / "dev.duckdb"), read_only=True) as connection:
            rows = connection.table(f"marts.{CHOICES[1]}").count("*").fetchall()[0][0]
        text = ", ".join(f"{name} {took:.2f}" for name, took in parts.items())
        seconds = sum(parts.values())
        print(
            f"choices, {rows:,} rows: {seconds:.2f} s (target {CHOICES_TARGET:g}), of which {text}"
        )
        is_within &= seconds <= CHOICES_TARGET
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
