"""The methods in JavaScript, with the selected inputs: every estimate against the warehouse."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import Project

from platform_employment.method.render import javascript
from platform_employment.method.tables import SEEDS, seed_methods

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node runs the JavaScript")
def test_javascript_calculates_every_estimate_as_the_warehouse(
    built_project: Project, tmp_path: Path
) -> None:
    assert NODE
    given: dict[tuple[str, ...], dict[str, Any]] = defaultdict(dict)
    steps: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        methods = seed_methods({name: connection.table(f"raw.{name}") for name in SEEDS})
        for *key, name, element, central in connection.sql(
            "select platform_id, window_end::varchar, scenario_id, method_id, input_name,"
            " element_id, central from intermediate.int_chain__all_inputs"
            " where central is not null"
        ).fetchall():
            if element == "-":
                given[tuple(key)][name] = central
            else:
                given[tuple(key)].setdefault(name, {})[element] = central
        for *key, step, element, value in connection.sql(
            "select platform_id, window_end::varchar, scenario_id, method_id, step_id, element_id,"
            " value from marts.fct_steps"
        ).fetchall():
            steps[tuple(key)][f"{step} {element}"] = float(value)
    data = tmp_path / "data.json"
    estimates = [[key[-1], given[key]] for key in steps]
    data.write_text(json.dumps(estimates), encoding="utf-8")
    functions = ",".join(f"{json.dumps(n)}: {javascript(m)}" for n, m in methods.items())
    program = f"""
const METHODS = {{{functions}}};
const estimates = JSON.parse(require("fs").readFileSync({json.dumps(str(data))}));
console.log(JSON.stringify(estimates.map(([method, given]) => METHODS[method](given))));
"""
    run = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    results: list[dict[str, Any]] = json.loads(run.stdout)
    compared = 0
    for estimate, result in zip(steps, results, strict=True):
        for name, value in steps[estimate].items():
            step, element = name.split()
            there = result[step] if element == "-" else result[step][element]
            assert there == pytest.approx(value, rel=1e-9, abs=1e-9), (estimate, name)
            compared += 1
    assert compared > 30_000
