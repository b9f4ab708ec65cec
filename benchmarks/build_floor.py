"""The cost of `dbt build` next to the floor of dbt, measured side by side in one run.

The floor is a generated project with as many seeds, models and data tests as this one, the same
materializations, contracts and comments and the same edges between them, every body trivial, plus
one import of Great Expectations and one of statsmodels in its Python models. Both run with warm
caches, in turn. The medians of their processor time are compared, which other work on the machine
changes least.

    python benchmarks/build_floor.py [--rounds 5]

Exits with 1 when the ratio is above its target.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).parents[1]
COPIED = ["dbt_project.yml", "profiles.yml", "selectors.yml", "analyses", "docs", "macros"]
COPIED += ["models", "python", "seeds", "tests/generic", "tests/singular"]
DBT = Path(sys.executable).with_name("dbt")
# processor time of the project in times of the floor
TARGET = 1.5
IMPORTS = ["import great_expectations", "import statsmodels.api"]

Node = dict[str, Any]


def run_dbt(folder: Path, *arguments: str) -> float:
    """Run dbt in a folder and return its processor time in seconds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLATFORM_EMPLOYMENT")}
    # each project with the package as of that commit
    environment["PYTHONPATH"] = str(folder / "python")
    started = processor_seconds()
    result = subprocess.run(
        [str(DBT), "--no-version-check", "--quiet", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    elapsed = processor_seconds() - started
    if result.returncode:
        sys.exit(f"dbt {' '.join(arguments)} failed in {folder}:\n{result.stdout}{result.stderr}")
    return elapsed


def processor_seconds() -> float:
    """Return the processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def copy_project(folder: Path) -> None:
    """Copy what dbt reads of this project."""
    for name in COPIED:
        source = PROJECT_DIR / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)


def write_floor(folder: Path, manifest: Node) -> dict[str, int]:
    """Write the project with the same nodes and trivial bodies; return how many of each kind."""
    nodes: list[Node] = list(manifest["nodes"].values())
    seeds = [node for node in nodes if node["resource_type"] == "seed"]
    models = [node for node in nodes if node["resource_type"] == "model"]
    tests = [node for node in nodes if node["resource_type"] == "test"]
    for name in ("seeds", "models", "tests"):
        (folder / name).mkdir(parents=True)
    shutil.copy2(PROJECT_DIR / "profiles.yml", folder)
    (folder / "dbt_project.yml").write_text(
        "name: floor\nprofile: platform_employment\nflags: {send_anonymous_usage_stats: false}\n"
        "seeds: {floor: {+full_refresh: true}}\n",
        encoding="utf-8",
    )
    for seed in seeds:
        (folder / "seeds" / f"{seed['name']}.csv").write_text("id\n1\n", encoding="utf-8")
    imports = iter(IMPORTS)
    contracts: list[Node] = []
    for model in models:
        refs = [name.split(".")[-1] for name in model["depends_on"]["nodes"]]
        if model["language"] == "python":
            body = "\n".join(
                ["def model(dbt, session):", "    dbt.config(materialized='table')"]
                + [f"    dbt.ref('{name}')" for name in refs]
                + [f"    {next(imports, 'pass')}", "    import pandas"]
                + ["    return pandas.DataFrame({'id': [1]})", ""]
            )
            (folder / "models" / f"{model['name']}.py").write_text(body, encoding="utf-8")
            continue
        config = f"materialized='{model['config']['materialized']}'"
        lines = [f"{{{{ config({config}) }}}}", *(f"-- {{{{ ref('{name}') }}}}" for name in refs)]
        cells = ["1 as id"]
        if model["config"]["contract"]["enforced"]:
            contracts.append(contract_of(model))
            cells = [
                f"cast(null as {c['data_type']}) as {c['name']}" for c in contracts[-1]["columns"]
            ]
        lines.append(f"select {', '.join(cells)}")
        (folder / "models" / f"{model['name']}.sql").write_text("\n".join(lines), encoding="utf-8")
    (folder / "models" / "contracts.yml").write_text(
        json.dumps({"models": contracts}), encoding="utf-8"
    )
    for number, test in enumerate(tests):
        refs = [name.split(".")[-1] for name in test["depends_on"]["nodes"] if "macro" not in name]
        lines = [f"-- {{{{ ref('{name}') }}}}" for name in refs]
        (folder / "tests" / f"test_{number}.sql").write_text(
            "\n".join([*lines, "select 1 as id where false"]), encoding="utf-8"
        )
    return {
        "seeds": len(seeds),
        "models": len(models),
        "data tests": len(tests),
    }


def contract_of(model: Node) -> Node:
    """Return the contract and the comments of a model, as an entry of a file of properties."""
    names = ("name", "description", "data_type")
    return {
        "name": model["name"],
        "description": model["description"],
        "config": {name: model["config"][name] for name in ("contract", "persist_docs")},
        "columns": [{name: c[name] for name in names} for c in model["columns"].values()],
    }


def main() -> int:
    """Measure and print; exit code 1 when the build costs more than the target allows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary, name) for name in ("project", "floor")}
        for folder in folders.values():
            folder.mkdir()
        copy_project(folders["project"])
        run_dbt(folders["project"], "build")
        text = (folders["project"] / "target/manifest.json").read_text(encoding="utf-8")
        counts = write_floor(folders["floor"], json.loads(text))
        run_dbt(folders["floor"], "build")
        seconds: dict[str, list[float]] = {name: [] for name in folders}
        for number in range(rounds):
            for name, folder in folders.items():
                seconds[name].append(run_dbt(folder, "build"))
            times = ", ".join(f"{name} {taken[-1]:.1f} s" for name, taken in seconds.items())
            print(f"round {number + 1}: {times}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    project, floor = (statistics.median(taken) for taken in seconds.values())
    ratio = project / floor
    print(
        f"median of {rounds}: project {project:.1f} s, floor {floor:.1f} s of processor, "
        f"ratio {ratio:.2f} (target {TARGET})"
    )
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
