"""The rule of inputs and the methods, in JavaScript: every estimate against the warehouse."""

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

from platform_employment.duckdb_rows import rows_of
from platform_employment.method.render import javascript, selection_script
from platform_employment.method.tables import SEEDS, seed_methods

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node runs the JavaScript")
def test_a_page_selects_and_calculates_as_the_warehouse(
    built_project: Project, tmp_path: Path
) -> None:
    assert NODE
    with duckdb.connect(str(built_project.database), read_only=True) as connection:
        methods = seed_methods({name: connection.table(f"raw.{name}") for name in SEEDS})
        estimates = rows_of(
            connection.sql(
                "select distinct platform_id, window_end::varchar as window_end, scenario_id,"
                " steps.method_id, scenarios.choices, scenarios.sample_id"
                " from marts.fct_steps as steps"
                " inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)"
            )
        )
        input_rows = rows_of(
            connection.sql(
                "select method_id, platform_id, window_end::varchar as window_end, options,"
                " priority, input_name, element_id, low, central, high"
                " from intermediate.int_inputs__all_rows"
            )
        )
        steps: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for *key, step, element, value in connection.sql(
            "select platform_id, window_end::varchar, scenario_id, step_id, element_id, value"
            " from marts.fct_steps"
        ).fetchall():
            steps[tuple(key)][f"{step} {element}"] = float(value)
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"estimates": estimates, "rows": input_rows}), encoding="utf-8")
    functions = ",".join(f"{json.dumps(n)}: {javascript(m)}" for n, m in methods.items())
    program = f"""{selection_script()}
const METHODS = {{{functions}}};
const {{ estimates, rows }} = JSON.parse(require("fs").readFileSync({json.dumps(str(data))}));
const found = estimates.map((estimate) => {{
  const its = rows.filter((row) => ["method_id", "platform_id", "window_end"]
    .every((name) => row[name] === null || row[name] === estimate[name]));
  const options = new Set([...(estimate.choices ?? "").split(" "),
    `scenario=${{estimate.scenario_id}}`, `sample=${{estimate.sample_id}}`]);
  return METHODS[estimate.method_id](valuesOfRows(select(its, options)));
}});
console.log(JSON.stringify(found));
"""
    run = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    results: list[dict[str, Any]] = json.loads(run.stdout)
    compared = 0
    for estimate, result in zip(estimates, results, strict=True):
        estimate_key = tuple(
            estimate[name] for name in ("platform_id", "window_end", "scenario_id")
        )
        for name, value in steps[estimate_key].items():
            step, element = name.split()
            there = result[step] if element == "-" else result[step][element]
            assert there == pytest.approx(value, rel=1e-9, abs=1e-9), (estimate_key, name)
            compared += 1
    assert compared > 30_000
